"""What a QTI item declares of its responses: the right one, and the points of each value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.text_matching import parse_number

if TYPE_CHECKING:
    from fractions import Fraction

    from exam.exchange.tree import Node


MAX_VALUES = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """The points of one value, and whether capitals count in it."""

    key: str
    points: Fraction
    case: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """The points of values; `default` is for all others, `upper` bounds the sum."""

    entries: tuple[Entry, ...]
    default: Fraction
    upper: Fraction | None


@dataclass(frozen=True, slots=True)
class Declared:
    """One response: `cardinality` and `base` as declared, `correct` the right values in the order written."""

    node: Node
    cardinality: str
    base: str
    correct: tuple[str, ...]
    mapping: Mapping | None


def declared(item: Node) -> dict[str, Declared]:
    """Return the responses of an item by identifier; raises `Refused`."""
    found = {}
    for node in item.all("responsedeclaration"):
        if sum(1 for _ in node.walk()) > MAX_VALUES:
            raise node.refuse("too_many", f"a response has at most {MAX_VALUES} values")
    for node in item.all("responsedeclaration"):
        for inner in node.children:
            if inner.name not in {"correctresponse", "mapping"}:
                raise inner.refuse("unsupported", "only a correct response and a mapping can be imported")
        right, mapping = node.first("correctresponse"), node.first("mapping")
        found[node.get("identifier")] = Declared(
            node,
            node.get("cardinality", "single"),
            node.get("basetype").lower(),
            tuple(value.words().strip() for value in right.all("value")) if right else (),
            _mapping(mapping) if mapping else None,
        )
    return found


def _mapping(node: Node) -> Mapping:
    entries = tuple(
        Entry(
            " ".join(entry.get("mapkey").split()),
            points_of(entry, entry.get("mappedvalue")),
            entry.get("casesensitive", "true") != "false",
        )
        for entry in node.all("mapentry")
    )
    upper = node.get("upperbound")
    return Mapping(
        entries, points_of(node, node.get("defaultvalue", "0")), points_of(node, upper) if upper else None
    )


def points_of(node: Node, written: str) -> Fraction:
    """Return a number of points; raises `Refused` when it is none."""
    points = parse_number(written)
    if points is None:
        raise node.refuse("bad_value", f"{written[:40]!r} is no number of points")
    return points
