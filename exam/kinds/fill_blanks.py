"""A text with blanks to type in.

Independent blanks have each their own accepted answers. Dependent blanks share them: each answer must match a different
blank, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.items import FillBlanks
from exam.kinds.base import Fields, Kind, Part, map_of_keys, typed_text
from exam.kinds.blanks import check_blanks, parts_of, with_words
from exam.kinds.short_text import NEVER_ACCEPTED, first_accepted, key_of, read_blank

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.kinds.short_text import TextKey
    from exam.reading import Reader
    from exam.scene import Scene


@dataclass(frozen=True, slots=True)
class BlanksKey:
    """The key of each blank, and whether answers may change places."""

    blanks: dict[str, TextKey]
    dependent: bool


class FillBlanksKind(Kind[FillBlanks, BlanksKey]):
    """Fill in the blanks."""

    name = "fill_blanks"

    def read(self, reader: Reader) -> FillBlanks | None:
        """Return the record of the file; text and blanks must agree in every language."""
        text = reader.text("text")
        mode = reader.choice("mode", ("independent", "dependent"), "independent")
        inner = reader.table("blanks")
        if inner is None:
            return None
        blanks = {}
        for name in sorted(inner.names()):
            row = inner.table(name)
            if row is not None:
                blanks[name] = read_blank(row)
                row.close()
        check_blanks(reader, text, blanks)
        return FillBlanks(text, "dependent" if mode == "dependent" else "independent", blanks)

    def key(self, spec: FillBlanks, scene: Scene) -> BlanksKey:
        """Return the accepted texts of each blank, treated."""
        keys = {name: key_of(blank, scene) for name, blank in spec.blanks.items()}
        return BlanksKey(keys, spec.mode == "dependent")

    def fields(self, spec: FillBlanks, scene: Scene) -> Fields:
        """Return the text cut at its blanks."""
        return Fields(
            parts=parts_of(
                scene.say(spec.text), lambda name: Part(blank=name, label=scene.say(spec.blanks[name].label))
            )
        )

    def check(self, spec: FillBlanks, answer: Answer) -> None:
        """Raise `BadAnswer` unless every blank has a text of at most 500 characters, at least one of them typed."""
        values = map_of_keys(answer, frozenset(spec.blanks))
        for value in values.values():
            if value != "":
                typed_text(value)
        if not any(values.values()):
            typed_text("")

    def right(self, key: BlanksKey, answer: Answer) -> bool:
        """Return whether every blank is right."""
        if not isinstance(answer, dict) or answer.keys() != key.blanks.keys():
            return False
        if not key.dependent:
            return all(blank.right(answer[name]) for name, blank in key.blanks.items())
        return _one_each(list(key.blanks.values()), list(answer.values()))

    def expected(self, spec: FillBlanks, scene: Scene) -> str:
        """Return the text with the first accepted answers in place."""
        words = {name: first_accepted(blank, scene) for name, blank in spec.blanks.items()}
        return with_words(scene.say(spec.text), words)

    def shown(self, spec: FillBlanks, scene: Scene, answer: Answer) -> str:
        """Return the text with the typed answers in place."""
        return with_words(scene.say(spec.text), answer if isinstance(answer, dict) else {})

    def solve(self, spec: FillBlanks, scene: Scene) -> Answer:
        """Return the first accepted answers."""
        return {name: first_accepted(blank, scene) for name, blank in spec.blanks.items()}

    def wrong(self, spec: FillBlanks, scene: Scene) -> Answer:
        """Return the right answers but one."""
        answer = {name: first_accepted(blank, scene) for name, blank in spec.blanks.items()}
        answer[min(answer)] = NEVER_ACCEPTED
        return answer


def _one_each(keys: list[TextKey], answers: list[str]) -> bool:
    """Return whether every answer can be given a key of its own that accepts it."""
    fits = [[index for index, key in enumerate(keys) if key.right(answer)] for answer in answers]
    owner: dict[int, int] = {}
    return all(_place(answer, fits, owner, set()) for answer in range(len(answers)))


def _place(answer: int, fits: list[list[int]], owner: dict[int, int], tried: set[int]) -> bool:
    """Give an answer a key, moving others to another of theirs when it must: an augmenting path."""
    for index in fits[answer]:
        if index in tried:
            continue
        tried.add(index)
        if index not in owner or _place(owner[index], fits, owner, tried):
            owner[index] = answer
            return True
    return False
