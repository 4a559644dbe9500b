"""How the values of an item are drawn, as written: variables, tables of rows and aggregates over them.

`exam.variables` draws from these records; they hold no value themselves. Numbers inside texts stay texts, so that any
of them may name an earlier variable in braces.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from exam.content import Text

Option = int | Text
"""Something to pick: an integer, or words in each language."""


class IntRange(msgspec.Struct, frozen=True, tag="int"):
    """An integer from `low` to `high`, both included, by steps of `step`."""

    low: int
    high: int
    step: int = 1


class Pick(msgspec.Struct, frozen=True, tag="pick"):
    """One of the options, never equal to the value of a variable named in `unlike`."""

    options: tuple[Option, ...]
    unlike: tuple[str, ...] = ()


class Expression(msgspec.Struct, frozen=True, tag="expr"):
    """An integer computed from earlier integers."""

    source: str


class Pattern(msgspec.Struct, frozen=True, tag="text", omit_defaults=True):
    """Words built from earlier values named in braces; an `address` has no capital, accent or space."""

    text: Text
    address: bool = False


class Condition(msgspec.Struct, frozen=True):
    """What a cell must be for its row to count; `value` is in the reference language."""

    column: str
    test: Literal["is", "at_least", "at_most"]
    value: str


class Aggregate(msgspec.Struct, frozen=True, tag="aggregate"):
    """An integer or a cell found in a table: a count, a sum, an extreme, or the first row that fits."""

    what: Literal["count", "sum", "max", "min", "first"]
    table: str
    column: str
    where: tuple[Condition, ...] = ()


class Variable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name used as `{name}` in texts and the way its value is drawn."""

    name: str
    source: IntRange | Pick | Expression | Pattern | Aggregate


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of a table, drawn row by row."""

    name: str
    title: Text
    source: IntRange | Pick | Expression | Pattern


class TableSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of drawn rows; counts over it are redrawn until at least `at_least`."""

    name: str
    rows: IntRange
    columns: tuple[Column, ...]
    at_least: int = 0
