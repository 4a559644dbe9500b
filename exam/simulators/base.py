"""What every simulator can do: read its scene, say which facts it has and how they start, work out more for the goals.

The state of a tool is flat: a fact has a key (`message.m2.folder`) and a short text. A `Slot` says what a fact may hold;
a fact without slot does not exist, so an answer can hold nothing the tool cannot do. Ids are the same for every pupil, so
the slots are too; only the texts they start with follow the seed.
"""

from __future__ import annotations

import re
from abc import ABC
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import msgspec

from exam.simulators.schema import Node, Schema, localise, read_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.reading import Reader
    from exam.scene import Scene

Facts = dict[str, str]
SHORT, LONG = 200, 4000
"""Signs in a typed fact: one line, or a text."""


class Slot(msgspec.Struct, frozen=True):
    """What a fact may hold: one of `values`, or a typed text of at most `length` signs when there are none."""

    start: str = ""
    values: tuple[str, ...] = ()
    length: int = SHORT

    def takes(self, value: str) -> bool:
        """Return whether the fact may hold this value."""
        if self.values:
            return value in self.values
        return len(value) <= self.length


class Simulator(ABC):
    """One tool; `schema` is how its scene is written, `derived` the facts it works out for goals."""

    name: ClassVar[str]
    schema: ClassVar[Schema]
    derived: ClassVar[str] = r"(?!)"

    def read(self, reader: Reader) -> dict[str, Node]:
        """Return the scene of an item's file, its `start` left to the caller."""
        return read_schema(reader, self.schema)

    def localise(self, spec: dict[str, Node], scene: Scene) -> dict[str, Node]:
        """Return the scene one pupil sees."""
        found: dict[str, Node] = localise(spec, scene)
        return found

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return every fact of the scene that has a fixed key."""
        raise NotImplementedError

    def free_slot(self, key: str) -> Slot | None:
        """Return the slot of a fact whose key is not fixed, None when there is no such fact."""
        del key
        return None

    def start(self, scene: dict[str, Node]) -> Facts:
        """Return the facts before the pupil does anything, empty ones left out."""
        return {key: slot.start for key, slot in self.slots(scene).items() if slot.start}

    def derive(self, scene: dict[str, Node], facts: Facts) -> Facts:
        """Return the facts worked out for the goals, whatever a hostile answer holds."""
        del scene, facts
        return {}

    def normal(self, key: str, value: str) -> str:
        """Return a value as goals compare it."""
        del key
        return value

    def seen(self, key: str, found: str, wanted: str) -> str:
        """Return a value as a goal that asks for `wanted` sees it."""
        del wanted
        return self.normal(key, found)

    def knows(self, slots: Mapping[str, Slot], key: str) -> bool:
        """Return whether a goal may name this fact."""
        return key in slots or self.free_slot(key) is not None or re.fullmatch(self.derived, key) is not None


def choice(start: str, values: tuple[str, ...]) -> Slot:
    """Return the slot of a fact that holds one of some words."""
    return Slot(start, values)


def shown(row: Mapping[str, Node], name: str) -> str:
    """Return a text of a localised row, empty when absent; one not localised yet counts as empty."""
    found = row.get(name, "")
    return found if isinstance(found, str) else ""


@lru_cache(maxsize=512)
def pattern(written: str) -> re.Pattern[str]:
    """Return the pattern of facts' keys in which `*` is any run of signs, captured."""
    return re.compile("(.*)".join(map(re.escape, written.split("*"))), re.DOTALL)
