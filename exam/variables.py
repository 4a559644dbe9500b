"""Drawing an item's variables and tables from a seed.

The draw has no language: what is drawn is an integer, or a position in lists that say the same thing in each language.
Each variable and table has its own stream, named after it, so that adding one changes no other. When a count falls below
what the author asks, or an aggregate finds no row, everything is drawn again under the next attempt's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.expressions import ExpressionError, evaluate
from exam.scene import fill, pieces_of
from exam.seed import Draw
from exam.text_matching import treat_1
from exam.variables_specs import Aggregate, Expression, IntRange, Pattern, Pick

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exam.content import Text
    from exam.items import Item
    from exam.variables_specs import Column, Condition, Option, TableSpec, Variable

Value = int | dict[str, str]
"""An integer, or words in each language."""

ATTEMPTS = 200
"""Draws tried before the last one is kept as it is; `preau bank check` names items that need so many."""


class DrawnTable(NamedTuple):
    """The rows drawn for a table; a cell is an integer or words in each language."""

    columns: tuple[str, ...]
    titles: tuple[Text, ...]
    rows: tuple[tuple[Value, ...], ...]


class Drawn(NamedTuple):
    """Everything drawn for one item and seed; `settled` is false when no attempt met the author's demands."""

    values: dict[str, Value]
    tables: dict[str, DrawnTable]
    settled: bool


def draw_item(item: Item, seed: bytes, reference: str) -> Drawn:
    """Return the values and tables of an item for a seed; `reference` is the language conditions are written in."""
    attempt = _Attempt(item, seed, reference, 0)
    for number in range(ATTEMPTS):
        attempt = _Attempt(item, seed, reference, number)
        attempt.run()
        if attempt.settled:
            break
    return Drawn(attempt.values, attempt.tables, attempt.settled)


def say_value(value: Value, lang: str) -> str:
    """Return a value in the words of a language."""
    return str(value) if isinstance(value, int) else value.get(lang, "")


class _Attempt:
    """One try at drawing a whole item."""

    def __init__(self, item: Item, seed: bytes, reference: str, number: int) -> None:
        self._item = item
        self._seed = seed
        self._reference = reference
        self._number = str(number)
        self._specs = {table.name: table for table in item.tables}
        self.values: dict[str, Value] = {}
        self.tables: dict[str, DrawnTable] = {}
        self.settled = True

    def run(self) -> None:
        for variable in self._item.variables:
            self.values[variable.name] = self._variable(variable)
        for name in self._specs:
            self._table(name)

    def _variable(self, variable: Variable) -> Value:
        if isinstance(variable.source, Aggregate):
            return self._aggregate(variable.source)
        draw = Draw(self._seed, self._item.id, "variable", variable.name, self._number)
        return self._drawn(variable.source, draw, self.values)

    def _drawn(
        self, source: IntRange | Pick | Expression | Pattern, draw: Draw, known: dict[str, Value]
    ) -> Value:
        if isinstance(source, IntRange):
            return _in_range(source, draw)
        if isinstance(source, Pick):
            return self._picked(source, draw, known)
        if isinstance(source, Pattern):
            made = {lang: _filled(words, known, lang) for lang, words in source.text.items()}
            return {lang: treat_1(words) for lang, words in made.items()} if source.address else made
        return self._evaluated(source, known)

    def _evaluated(self, source: Expression, known: dict[str, Value]) -> int:
        numbers = {name: value for name, value in known.items() if isinstance(value, int)}
        try:
            return evaluate(source.source, numbers)
        except ExpressionError:
            self.settled = False
            return 0

    def _picked(self, source: Pick, draw: Draw, known: dict[str, Value]) -> Option:
        if source.options and not source.unlike:
            return draw.pick(source.options)
        taken = [self._reference_word(known[name]) for name in source.unlike if name in known]
        left = [option for option in source.options if self._reference_word(option) not in taken]
        if not left:
            self.settled = False
            return 0
        return draw.pick(left)

    def _reference_word(self, value: Value) -> str:
        return say_value(value, self._reference)

    def _table(self, name: str) -> DrawnTable:
        if name not in self.tables:
            self.tables[name] = self._drawn_table(self._specs[name])
        return self.tables[name]

    def _drawn_table(self, spec: TableSpec) -> DrawnTable:
        draw = Draw(self._seed, self._item.id, "table", spec.name, self._number)
        count = _in_range(spec.rows, draw)
        by_row = any(
            isinstance(source, Pick) and source.unlike for source in (c.source for c in spec.columns)
        )
        rows = (self._by_row if by_row else self._by_column)(spec.columns, draw, count)
        titles = tuple(column.title for column in spec.columns)
        return DrawnTable(tuple(column.name for column in spec.columns), titles, rows)

    def _by_column(
        self, columns: tuple[Column, ...], draw: Draw, count: int
    ) -> tuple[tuple[Value, ...], ...]:
        """Draw the rows all at once, which gives what `_by_row` gives when no column asks for a draw of its own."""
        lists = [_options(column.source) for column in columns]
        width = sum(map(bool, lists))
        words, place = draw.words(count * width), 0
        cells: dict[str, list[Value]] = {}
        for column, options in zip(columns, lists, strict=True):
            if options:
                size = len(options)
                cells[column.name] = [options[word % size] for word in words[place::width]]
                place += 1
            else:
                cells[column.name] = self._computed(column, draw, cells, count)
        return tuple(zip(*cells.values(), strict=True))

    def _computed(
        self, column: Column, draw: Draw, before: dict[str, list[Value]], count: int
    ) -> list[Value]:
        """Return the cells of a column made from the row's number and the cells before it."""
        known, made = {**self.values}, []
        for number in range(count):
            known["row"] = number + 1
            for name, cells in before.items():
                known[name] = cells[number]
            made.append(self._drawn(column.source, draw, known))
        return made

    def _by_row(self, columns: tuple[Column, ...], draw: Draw, count: int) -> tuple[tuple[Value, ...], ...]:
        return tuple(self._row(columns, draw, number) for number in range(1, count + 1))

    def _row(self, columns: tuple[Column, ...], draw: Draw, number: int) -> tuple[Value, ...]:
        known: dict[str, Value] = {**self.values, "row": number}
        cells = []
        for column in columns:
            known[column.name] = self._drawn(column.source, draw, known)
            cells.append(known[column.name])
        return tuple(cells)

    def _aggregate(self, source: Aggregate) -> Value:
        if source.table not in self._specs:
            self.settled = False
            return 0
        table = self._table(source.table)
        rows = self._rows_where(table, source.where)
        if source.what == "count":
            self.settled = self.settled and len(rows) >= self._specs[source.table].at_least
            return len(rows)
        place = table.columns.index(source.column)
        return self._over_column(source.what, [row[place] for row in rows])

    def _rows_where(self, table: DrawnTable, tests: tuple[Condition, ...]) -> list[tuple[Value, ...]]:
        known = {name: self._reference_word(value) for name, value in self.values.items()}
        rows = list(table.rows)
        for test in tests:
            place = table.columns.index(test.column)
            wanted = fill(test.value, known)
            meets = self._tester(test.test, wanted)
            rows = [row for row in rows if meets(row[place])]
        return rows

    def _over_column(self, what: str, cells: list[Value]) -> Value:
        numbers = [cell for cell in cells if isinstance(cell, int)]
        if what == "sum":
            return sum(numbers)
        found: list[Value] = [*cells] if what == "first" else [*numbers]
        if not found:
            self.settled = False
            return 0
        if what == "first":
            return found[0]
        return max(numbers) if what == "max" else min(numbers)

    def _tester(self, test: str, wanted: str) -> Callable[[Value], bool]:
        """Return what says whether a cell meets a condition, its wanted value being read once for all rows."""
        if test == "is":
            reference = self._reference
            return lambda cell: say_value(cell, reference) == wanted
        if not wanted.removeprefix("-").isdecimal():
            return lambda _: False
        limit = int(wanted)
        if test == "at_least":
            return lambda cell: isinstance(cell, int) and cell >= limit
        return lambda cell: isinstance(cell, int) and cell <= limit


def _options(source: IntRange | Pick | Expression | Pattern) -> Sequence[Value]:
    """Return what a cell is drawn from; nothing when it is computed."""
    if isinstance(source, IntRange):
        return range(source.low, source.high + 1, source.step)
    return source.options if isinstance(source, Pick) else ()


def _filled(template: str, known: dict[str, Value], lang: str) -> str:
    """Return the template with the values it names, in the words of a language."""
    said = [
        words if name is None or name not in known else say_value(known[name], lang)
        for words, name in pieces_of(template)
    ]
    return "".join(said)


def _in_range(source: IntRange, draw: Draw) -> int:
    return source.low + source.step * draw.below((source.high - source.low) // source.step + 1)
