"""What every kind of question can do, and the shapes it gives to a page.

A kind reads its fields from an author's file, presents them without the key, checks the shape of an answer, grades it, and
says in words what was expected and what was answered. `key` prepares whatever grading needs, so that it is prepared once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec

from exam.errors import BadAnswer

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.items import Choice
    from exam.reading import Reader
    from exam.scene import Scene

S = TypeVar("S")
K = TypeVar("K")

MAX_TYPED = 500
"""Characters a pupil may type in one field."""


class ShownChoice(msgspec.Struct, frozen=True):
    """One thing to pick: its id in the answer and its words."""

    id: str
    text: str


class Part(msgspec.Struct, frozen=True):
    """A piece of a text with blanks: words when `blank` is empty, otherwise a blank (a list when it has `options`)."""

    text: str = ""
    blank: str = ""
    label: str = ""
    options: list[ShownChoice] = []


class Fields(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a page needs to show a question of any kind; a kind fills its own fields and leaves the others out."""

    choices: list[ShownChoice] = []
    label: str = ""
    unit: str = ""
    parts: list[Part] = []
    entries: list[ShownChoice] = []
    left: list[ShownChoice] = []
    right: list[ShownChoice] = []
    accept: list[str] = []
    simulator: str = ""
    scene: dict[str, Any] = {}
    start: dict[str, str] = {}


class Kind(ABC, Generic[S, K]):
    """One kind of question: `S` is its record in the bank, `K` what grading needs for one scene."""

    name: str
    key_needs: Literal["nothing", "order", "values"] = "values"
    """What a key is made from: nothing of the scene, only the orders it draws, or the values drawn for the item too."""

    @abstractmethod
    def read(self, reader: Reader) -> S | None:
        """Return the record written in an item's file, None after noting why there is none."""

    @abstractmethod
    def key(self, spec: S, scene: Scene) -> K:
        """Return what grading needs, prepared once for one scene."""

    @abstractmethod
    def fields(self, spec: S, scene: Scene) -> Fields:
        """Return what the page shows: nothing of the solution."""

    @abstractmethod
    def check(self, spec: S, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has the shape this question asks for."""

    @abstractmethod
    def right(self, key: K, answer: Answer) -> bool:
        """Return whether the answer is right; an answer of another shape is not."""

    @abstractmethod
    def expected(self, spec: S, scene: Scene) -> str:
        """Return the expected answer in words."""

    @abstractmethod
    def shown(self, spec: S, scene: Scene, answer: Answer) -> str:
        """Return a well-formed answer in words."""

    @abstractmethod
    def solve(self, spec: S, scene: Scene) -> Answer:
        """Return a right answer."""

    @abstractmethod
    def wrong(self, spec: S, scene: Scene) -> Answer:
        """Return a well-formed wrong answer."""


def say_choices(choices: tuple[Choice, ...], scene: Scene) -> list[ShownChoice]:
    """Return choices in words, in the order written."""
    return [ShownChoice(choice.id, scene.say(choice.text)) for choice in choices]


def words_of(choices: tuple[Choice, ...], scene: Scene, wanted: str) -> str:
    """Return the words of the choice of that id, or the id itself when there is none."""
    return next((scene.say(choice.text) for choice in choices if choice.id == wanted), wanted)


def typed_text(answer: object) -> str:
    """Return a typed text; raises `BadAnswer` unless it is a text of 1 to 500 characters."""
    if not isinstance(answer, str):
        raise BadAnswer("answer.wrong_type", "a text is expected")
    if not answer.strip():
        raise BadAnswer("answer.empty", "nothing was typed")
    if len(answer) > MAX_TYPED:
        raise BadAnswer("answer.too_long", f"more than {MAX_TYPED} characters")
    if any(0xD800 <= ord(sign) <= 0xDFFF or sign == "\0" for sign in answer):
        # Half a character cannot be written as UTF-8, so it could not be logged.
        raise BadAnswer("answer.bad_character", "a character is not one")
    return answer


def list_of_ids(answer: object, known: frozenset[str]) -> list[str]:
    """Return a list of distinct known ids; raises `BadAnswer` otherwise."""
    if not isinstance(answer, list):
        raise BadAnswer("answer.wrong_type", "a list is expected")
    if len(answer) > len(known):
        raise BadAnswer("answer.too_many", "more entries than the question has")
    for entry in answer:
        if not isinstance(entry, str) or entry not in known:
            raise BadAnswer("answer.unknown_choice", "an entry is not one of the question's")
    if len(set(answer)) != len(answer):
        raise BadAnswer("answer.twice", "an entry is given twice")
    return answer


def map_of_keys(answer: object, wanted: frozenset[str]) -> dict[str, str]:
    """Return a mapping with exactly the wanted keys; raises `BadAnswer` otherwise."""
    if not isinstance(answer, dict):
        raise BadAnswer("answer.wrong_type", "one value for each blank is expected")
    if answer.keys() - wanted:
        raise BadAnswer("answer.unknown_choice", "a value is given for no blank of the question")
    if wanted - answer.keys():
        raise BadAnswer("answer.incomplete", "a value is missing")
    return answer
