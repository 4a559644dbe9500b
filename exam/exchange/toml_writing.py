"""Writing an item's file as an author would, from what was understood of it."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING

import msgspec

from exam.items import (
    DropDowns,
    FillBlanks,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    ShortText,
    SingleChoice,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from exam.content import Text
    from exam.exchange.draft import Draft
    from exam.items import Blank, Choice

MARKS = {"fr": "(à traduire)", "en": "(to translate)"}
"""What begins a text copied from the other language, until its author mends it."""

_BRACES = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def quoted(words: str) -> str:
    """Return words as a TOML string."""
    return msgspec.json.encode(words).decode().replace("\x7f", "\\u007f")


def table(values: Text) -> str:
    """Return words in each language as a TOML table."""
    return "{" + ", ".join(f"{lang} = {quoted(words)}" for lang, words in values.items()) + "}"


class Lines:
    """The lines of one item's file; texts of one language are copied to the other under a mark."""

    def __init__(self, lang: str, languages: tuple[str, ...]) -> None:
        self._lang = lang
        self._languages = languages
        self._lines: list[str] = []

    def __str__(self) -> str:
        """Return the file."""
        return "\n".join(self._lines) + "\n"

    def add(self, line: str) -> None:
        """Add one line as it is."""
        self._lines.append(line)

    def text(self, key: str, words: str, *, marked: bool = True, apart: bool = False) -> None:
        """Add a text; `apart` sets the mark on a paragraph of its own, without `marked` there is none."""
        words = _BRACES.sub(r"{{\1}}", words)
        between = "\n\n" if apart else " "
        told = marked and any(sign.isalpha() for sign in words)
        self.add(
            f"{key} = "
            + table(
                {
                    lang: words if lang == self._lang or not told else f"{MARKS[lang]}{between}{words}"
                    for lang in self._languages
                }
            )
        )

    def choices(self, name: str, choices: Iterable[Choice], correct: Collection[str] = ()) -> None:
        """Add a list of choices, the right ones marked."""
        for choice in choices:
            self.add(f"\n[[{name}]]\nid = {quoted(choice.id)}")
            self.text("text", choice.text[self._lang])
            if choice.id in correct:
                self.add("correct = true")

    def blank(self, blank: Blank) -> None:
        """Add a text to type."""
        self.text("label", blank.label[self._lang])
        words = (quoted(_BRACES.sub(r"{{\1}}", one)) for one in blank.accepted[self._lang])
        self.add(f"accepted = [{', '.join(words)}]")
        self.add(f"treatments = [{', '.join(map(quoted, blank.treatments))}]")


def item_toml(draft: Draft, skill: str, languages: tuple[str, ...]) -> bytes:
    """Return the file of a draft; the author is told in its note where it comes from."""
    lines = Lines(draft.lang, languages)
    lines.add(f"skill = {quoted(skill)}\nkind = {quoted(str(draft.spec.__struct_config__.tag))}")
    lines.text("title", " ".join(draft.title.split()))
    lines.text("instruction", draft.instruction)
    if draft.detail:
        lines.text("detail", draft.detail, apart=True)
    name = draft.path.rpartition("/")[2]
    lines.add(
        f"note = {quoted(f'Importé de {name}, ligne {draft.line}. À compléter : ce qu’une erreur révèle.')}"
    )
    if draft.picture:
        lines.text("picture.alt", draft.picture.alt)
        lines.add(f"picture.document = {quoted(draft.picture.name)}")
    _add_spec(lines, draft)
    if draft.picture:
        lines.add(f"\n[[documents]]\nname = {quoted(draft.picture.name)}")
        lines.add(f"bytes = {quoted(b64encode(draft.picture.data).decode())}")
    return str(lines).encode()


def _add_spec(lines: Lines, draft: Draft) -> None:
    spec, lang = draft.spec, draft.lang
    if isinstance(spec, SingleChoice | MultipleChoice):
        lines.add(f"shuffle = {str(spec.shuffle).lower()}")
        lines.choices(
            "choices", spec.choices, {spec.correct} if isinstance(spec, SingleChoice) else spec.correct
        )
    elif isinstance(spec, ShortText):
        lines.blank(spec.blank)
    elif isinstance(spec, Number):
        lines.text("label", spec.label[lang])
        lines.add(f"value = {quoted(spec.value)}\ntolerance = {quoted(spec.tolerance)}")
        if spec.unit:
            lines.text("unit", spec.unit[lang], marked=False)
    elif isinstance(spec, Ordering):
        lines.choices("entries", spec.entries)
    elif isinstance(spec, Matching):
        lines.choices("left", spec.left)
        lines.choices("right", spec.right)
        lines.add("\n[pairs]")
        for left, right in spec.pairs.items():
            lines.add(f"{quoted(left)} = {quoted(right)}")
    elif isinstance(spec, FillBlanks | DropDowns):
        _add_blanks(lines, spec, lang)


def _add_blanks(lines: Lines, spec: FillBlanks | DropDowns, lang: str) -> None:
    lines.text("text", spec.text[lang])
    if isinstance(spec, FillBlanks):
        lines.add(f"mode = {quoted(spec.mode)}")
        for name, blank in spec.blanks.items():
            lines.add(f"\n[blanks.{quoted(name)}]")
            lines.blank(blank)
        return
    for name, one in spec.blanks.items():
        lines.add(f"\n[blanks.{quoted(name)}]\nshuffle = {str(one.shuffle).lower()}")
        lines.text("label", one.label[lang])
        lines.add(f"correct = {quoted(one.correct)}")
        lines.choices(f"blanks.{quoted(name)}.options", one.options)
