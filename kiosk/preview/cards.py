"""What a contact sheet says of an item: as its authors know it, and as one pupil of one language would meet it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from string import ascii_lowercase
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from exam.framework import COMPETENCES
from exam.grading import expected, solve
from exam.items import MultipleChoice, SingleChoice
from exam.kinds import KINDS
from exam.needs import needs_of
from exam.present import present
from exam.start_parameters import MARK, start_parameters
from web.markdown import markdown, markdown_line
from web.question import dress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from exam.bank import Bank
    from exam.items import Item

SEEDS = ("1", "2")
PER_PAGE = 12


@dataclass(frozen=True, slots=True)
class Card:
    """An item as its authors know it; `a` and `b` are in logits, as words."""

    item: Item
    competence: str
    topic: Mapping[str, str]
    level: int
    hint: Mapping[str, str]
    tutorials: tuple[str, ...]
    needs: tuple[str, ...]
    choices: tuple[tuple[str, Mapping[str, str], bool], ...]
    """Each choice by the letter of its place in the author's file, which the note speaks of; its words; if it is right."""
    a: str
    b: str
    mark: str


@dataclass(frozen=True, slots=True)
class Specimen:
    """An item as one pupil meets it; `question` is what the page of a pupil is given, `solution` a right answer."""

    lang: str
    seed: str
    question: Mapping[str, object]
    instruction: Markup
    detail: Markup
    note: str
    """The author's, in French, its variables filled as this pupil has them."""
    solution: object
    expected: str
    documents: tuple[tuple[str, str], ...]
    """Name and address of each file."""
    picture: tuple[str, str] | None
    """Address and the words that replace it."""


class Wish(msgspec.Struct, frozen=True):
    """What the reader asked to see; an empty text keeps everything."""

    competence: str = ""
    kind: str = ""
    level: str = ""
    part: str = ""
    words: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Wish:
        """Return the wish of an address; what means nothing is left out."""
        known = {
            "competence": COMPETENCES.keys(),
            "kind": KINDS.keys(),
            "level": [str(level) for level in range(1, 9)],
            "part": ("open", "certification"),
        }
        found = {name: query.get(name, "") for name, values in known.items() if query.get(name, "") in values}
        return cls(**found, words=query.get("words", "")[:80])


def chosen(bank: Bank, wish: Wish) -> list[Item]:
    """Return the items wished for, by id."""
    return [item for _, item in sorted(bank.items.items()) if _fits(bank, item, wish)]


def _fits(bank: Bank, item: Item, wish: Wish) -> bool:
    skill = bank.skills[item.skill]
    part = "certification" if item.certification else "open"
    said = f"{item.id} {item.title} {item.instruction}".casefold()
    return (
        wish.competence in {"", skill.competence}
        and wish.kind in {"", item.kind}
        and wish.level in {"", str(skill.level)}
        and wish.part in {"", part}
        and wish.words.casefold() in said
    )


def card_of(bank: Bank, item: Item) -> Card:
    """Return what the authors know of an item."""
    skill = bank.skills[item.skill]
    start = start_parameters(skill.level, item.kind)
    return Card(
        item,
        skill.competence,
        bank.topics[skill.topic].name,
        skill.level,
        skill.hint,
        skill.tutorials,
        needs_of(item),
        _choices(item),
        f"{start.a / 1000:.2f}",
        f"{start.b / 1000:+.2f}",
        MARK,
    )


def _choices(item: Item) -> tuple[tuple[str, Mapping[str, str], bool], ...]:
    if not isinstance(item.spec, SingleChoice | MultipleChoice):
        return ()
    right = {item.spec.correct} if isinstance(item.spec.correct, str) else set(item.spec.correct)
    return tuple(
        (letter, choice.text, choice.id in right)
        for letter, choice in zip(ascii_lowercase, item.spec.choices, strict=False)
    )


def preview_seed(number: str) -> bytes:
    """Return the seed of a number the reader chose."""
    return blake2b(f"preview {number}".encode(), digest_size=32).digest()


def specimen(bank: Bank, item_id: str, lang: str, number: str) -> Specimen:
    """Return an item as this language and seed show it; raises `KeyError` when the bank has no such item."""
    seed = preview_seed(number)
    shown = present(bank, item_id, seed, lang)
    question = dress(msgspec.to_builtins(shown), lang)
    picture = shown.picture
    return Specimen(
        lang,
        number,
        question,
        markdown_line(shown.instruction, lang),
        markdown(shown.detail, lang),
        bank.questions[item_id].scene(seed, bank.languages[0]).fill(bank.items[item_id].note),
        solve(bank, item_id, seed, lang),
        expected(bank, item_id, seed, lang),
        tuple((one.name, document_address(item_id, one.name, lang, number)) for one in shown.documents),
        (document_address(item_id, picture.name, lang, number), picture.alt) if picture else None,
    )


def document_address(item_id: str, name: str, lang: str, number: str) -> str:
    """Return where a document of a specimen is."""
    return f"/items/{quote(item_id)}/documents/{quote(name, safe='')}?lang={lang}&seed={number}"
