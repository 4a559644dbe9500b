"""What a pupil of the bench sends: well-formed answers to whatever is asked, drawn from a seed.

It reads a question as the page does, from the public JSON, and knows no key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence


class Picked(msgspec.Struct):
    """Something to pick."""

    id: str


class Part(msgspec.Struct):
    """A piece of a text with blanks."""

    blank: str = ""
    options: list[Picked] = []


class Fields(msgspec.Struct):
    """The parts of a question an answer is made from."""

    choices: list[Picked] = []
    parts: list[Part] = []
    entries: list[Picked] = []
    left: list[Picked] = []
    right: list[Picked] = []


class Question(msgspec.Struct):
    """A question as the page receives it."""

    kind: str
    fields: Fields


class State(msgspec.Struct):
    """Where the sitting stands."""

    state: str
    number: int | None = None
    question: Question | None = None


class Reply(msgspec.Struct):
    """The reply to an answer."""

    state: State


Answer = str | list[str] | dict[str, str] | None


def answer_to(question: Question, chance: random.Random) -> Answer:
    """Return a well-formed answer; None (the pupil passes) for a file to hand back."""
    answers = ANSWERS.get(question.kind)
    return None if answers is None else answers(question.fields, chance)


def _several(fields: Fields, chance: random.Random) -> Answer:
    return _ids(chance.sample(fields.choices, min(2, len(fields.choices))))


def _lists(fields: Fields, chance: random.Random) -> Answer:
    return {part.blank: chance.choice(part.options).id for part in fields.parts if part.blank}


ANSWERS: dict[str, Callable[[Fields, random.Random], Answer]] = {
    "single_choice": lambda fields, chance: chance.choice(fields.choices).id,
    "multiple_choice": _several,
    "number": lambda _, chance: str(chance.randrange(100)),
    "short_text": lambda *_: "une réponse",
    "fill_blanks": lambda fields, _: {part.blank: "mot" for part in fields.parts if part.blank},
    "dropdowns": _lists,
    "ordering": lambda fields, chance: _ids(chance.sample(fields.entries, len(fields.entries))),
    "matching": lambda fields, chance: {left.id: chance.choice(fields.right).id for left in fields.left},
}


def _ids(picked: Sequence[Picked]) -> list[str]:
    return [one.id for one in picked]
