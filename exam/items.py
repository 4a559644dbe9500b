"""An item as its author wrote it, checked and frozen: what is asked, what is right, what is drawn for each pupil.

Every kind has its own record (`SingleChoice`, `Number`, …); together they are `Spec`. Nothing here depends on a pupil:
drawing, presenting and grading start from these records and a seed.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from exam.content import Text
from exam.documents.specs import DocumentSpec
from exam.variables_specs import TableSpec, Variable

Treatment = Literal["t1", "t2", "t3"]
Need = Literal["file_tool", "picture", "simulator", "timed"]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to pick, order or match, known by an id that says nothing of its being right."""

    id: str
    text: Text


class Blank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text to type: the accepted answers of each language and the treatments that forgive small differences."""

    label: Text
    accepted: dict[str, tuple[str, ...]]
    treatments: tuple[Treatment, ...]


class DropDown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list to choose one option from; `correct` is the id of the right one."""

    label: Text
    options: tuple[Choice, ...]
    correct: str
    shuffle: bool


class SingleChoice(msgspec.Struct, frozen=True, tag="single_choice", tag_field="kind"):
    """One right choice among several."""

    choices: tuple[Choice, ...]
    correct: str
    shuffle: bool


class MultipleChoice(msgspec.Struct, frozen=True, tag="multiple_choice", tag_field="kind"):
    """Several choices, of which exactly `correct` must be ticked."""

    choices: tuple[Choice, ...]
    correct: tuple[str, ...]
    shuffle: bool


class ShortText(msgspec.Struct, frozen=True, tag="short_text", tag_field="kind"):
    """A word or a short phrase to type."""

    blank: Blank


class Number(msgspec.Struct, frozen=True, tag="number", tag_field="kind"):
    """A number to type; `value` and `tolerance` are decimal texts that may hold variables."""

    label: Text
    value: str
    tolerance: str
    unit: Text | None


class FillBlanks(msgspec.Struct, frozen=True, tag="fill_blanks", tag_field="kind"):
    """A text with blanks; in `dependent` mode the answers may come in any order, each used once."""

    text: Text
    mode: Literal["independent", "dependent"]
    blanks: dict[str, Blank]


class DropDowns(msgspec.Struct, frozen=True, tag="dropdowns", tag_field="kind"):
    """A text with lists to choose from."""

    text: Text
    blanks: dict[str, DropDown]


class Ordering(msgspec.Struct, frozen=True, tag="ordering", tag_field="kind"):
    """Entries to put in order, kept here in the right one."""

    entries: tuple[Choice, ...]


class Matching(msgspec.Struct, frozen=True, tag="matching", tag_field="kind"):
    """Every left entry has one right entry, given by `pairs`."""

    left: tuple[Choice, ...]
    right: tuple[Choice, ...]
    pairs: dict[str, str]


CheckName = Literal[
    "sheet_cell",
    "sheet_contains",
    "sheet_sorted",
    "text_contains",
    "text_lacks",
    "text_style",
    "name_is",
    "lines",
    "property",
]


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check of a returned file: what is looked at (`target`), what it must be, and what was looked for in words.

    With `letters`, only letters and digits count.
    """

    check: CheckName
    target: Text
    equals: Text | None
    message: Text
    letters: bool = False


class HandBack(msgspec.Struct, frozen=True, tag="hand_back", tag_field="kind"):
    """A file to work on and send back; every check must hold."""

    label: Text
    accept: tuple[str, ...]
    expect: tuple[Expect, ...]


class GoalField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one field of a record must be; no words at all ask for an empty field."""

    name: str
    test: Literal["is", "contains", "lacks"]
    wanted: Text


class Goal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of a simulator's facts: of one, of how many, of some record, or of those left alone."""

    form: Literal["fact", "count", "some", "keep"]
    target: str
    test: str
    values: tuple[Text, ...]
    where: Text | None
    fields: tuple[GoalField, ...]
    message: Text


class Simulator(msgspec.Struct, frozen=True, tag="simulator", tag_field="kind"):
    """Something to do in a small tool; `scene` has the shape its simulator reads, `solution` completes what goals tell."""

    simulator: str
    scene: dict[str, Any]
    start: dict[str, Text]
    goals: tuple[Goal, ...]
    solution: dict[str, Text]


Spec = (
    SingleChoice
    | MultipleChoice
    | ShortText
    | Number
    | FillBlanks
    | DropDowns
    | Ordering
    | Matching
    | HandBack
    | Simulator
)


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document of the item shown on the page, with the words that replace it."""

    document: str
    alt: Text


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question; `timer` is in seconds, `note` tells a teacher what a wrong answer reveals.

    `access` says who may be asked it in a certification (unset: everyone), `needs` what a person must be able to use (unset:
    derived, see `exam.needs`).
    """

    id: str
    skill: str
    title: Text
    instruction: Text
    detail: Text
    note: str
    spec: Spec
    timer: int | None = None
    focus: bool = False
    enemies: tuple[str, ...] = ()
    archived: bool = False
    variables: tuple[Variable, ...] = ()
    tables: tuple[TableSpec, ...] = ()
    documents: tuple[DocumentSpec, ...] = ()
    picture: Picture | None = None
    # Left out of the canonical bytes when they say nothing, so that a bank without them keeps its digest.
    part: Literal["certification"] | msgspec.UnsetType = msgspec.UNSET
    access: Literal["ordinary", "adjusted"] | msgspec.UnsetType = msgspec.UNSET
    needs: tuple[Need, ...] | msgspec.UnsetType = msgspec.UNSET

    @property
    def certification(self) -> bool:
        """Return whether the item is asked in certifications only, and travels sealed."""
        return self.part == "certification"

    @property
    def kind(self) -> str:
        """Return the name of the item's kind, a key of `exam.kinds.KINDS`."""
        return str(self.spec.__struct_config__.tag)

    @property
    def parametrised(self) -> bool:
        """Return whether each pupil gets their own numbers, names or files."""
        return bool(self.variables or self.tables)
