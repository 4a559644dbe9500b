"""Reading the variables and tables of an item."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam.variables_specs import (
    Aggregate,
    Column,
    Condition,
    Expression,
    IntRange,
    Pattern,
    Pick,
    TableSpec,
    Variable,
)
from exam.word_lists import WORD_LISTS

if TYPE_CHECKING:
    from exam.reading import Reader
    from exam.variables_specs import Option

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
LIMIT = 10**9
MAX_ROWS = 300
_AGGREGATES = ("count", "sum", "max", "min", "first")
_SOURCES = ("pick", "int", "expr", "text")


def read_variables(reader: Reader) -> tuple[Variable, ...]:
    """Return the variables of an item, in the order written."""
    inner = reader.table("variables", required=False)
    if inner is None:
        return ()
    found = []
    for name in inner.names()[:50]:
        row = inner.table(name)
        _check_name(inner, name)
        if row is not None:
            source = _read_aggregate(row) if _is_aggregate(row) else _read_source(row)
            row.close()
            found.append(Variable(name, source))
    inner.close()
    return tuple(found)


def read_tables(reader: Reader) -> tuple[TableSpec, ...]:
    """Return the tables of an item, sorted by name: each has its own draws, so their order means nothing."""
    inner = reader.table("tables", required=False)
    if inner is None:
        return ()
    found = []
    for name in sorted(inner.names())[:10]:
        row = inner.table(name)
        _check_name(inner, name)
        if row is not None:
            found.append(_read_table(row, name))
    inner.close()
    return tuple(found)


def _check_name(inner: Reader, name: str) -> None:
    if not NAME.fullmatch(name):
        inner.problem(name[:40], "bad_name", "a name is made of letters without accents, digits and _")


def _read_table(row: Reader, name: str) -> TableSpec:
    count = row.raw("rows")
    if isinstance(count, int) and not isinstance(count, bool):
        rows = IntRange(count, count)
    else:
        inner = row.table("rows")
        rows = _read_range(inner) if inner is not None else IntRange(1, 1)
        if inner is not None:
            inner.close()
    if not 1 <= rows.low <= rows.high <= MAX_ROWS:
        row.problem("rows", "out_of_range", f"a table has from 1 to {MAX_ROWS} rows")
    columns = tuple(_read_column(line) for line in row.tables("columns", required=True))
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        row.problem("columns", "duplicate_id", "two columns have the same name")
    table = TableSpec(name, rows, columns, row.integer("at_least", 0, MAX_ROWS, 0))
    row.close()
    return table


def _read_column(row: Reader) -> Column:
    name = row.string("name")
    if name and not NAME.fullmatch(name):
        row.problem("name", "bad_name", "a name is made of letters without accents, digits and _")
    column = Column(name, row.text("title", plain=True), _read_source(row))
    row.close()
    return column


def _is_aggregate(row: Reader) -> bool:
    return any(row.has(what) for what in _AGGREGATES)


def _read_source(row: Reader) -> IntRange | Pick | Expression | Pattern:
    given = [key for key in _SOURCES if row.has(key)]
    if len(given) != 1:
        row.problem(
            "", "bad_variable", "exactly one of pick, int, expr, text or an aggregate says how it is drawn"
        )
        return IntRange(0, 0)
    if given == ["int"]:
        return _read_range(row)
    if given == ["expr"]:
        return Expression(row.string("expr"))
    if given == ["text"]:
        return Pattern(row.text("text", plain=True), row.flag("address"))
    return Pick(_read_options(row), row.strings("unlike"))


def _read_range(row: Reader) -> IntRange:
    bounds = row.list("int", required=True)
    step = row.integer("step", 1, LIMIT, 1)
    if len(bounds) != 2 or not all(type(bound) is int and abs(bound) <= LIMIT for bound in bounds):
        row.problem("int", "wrong_type", "a range is two integers, [lowest, highest]")
        return IntRange(0, 0)
    if bounds[0] > bounds[1]:
        row.problem("int", "out_of_range", "the lowest value is above the highest")
    return IntRange(bounds[0], bounds[1], step)


def _read_options(row: Reader) -> tuple[Option, ...]:
    written = row.raw("pick")
    if isinstance(written, str):
        options = WORD_LISTS.get(written)
        if options is None:
            row.problem(
                "pick", "unknown_value", f"there is no list {written[:40]!r}: {', '.join(sorted(WORD_LISTS))}"
            )
        return tuple(dict.fromkeys(row.notes.languages, word) for word in options or ())
    if isinstance(written, dict):
        return _read_translated(row)
    values = row.list("pick", required=True)
    if not all(isinstance(value, str) or (type(value) is int and abs(value) <= LIMIT) for value in values):
        row.problem("pick", "wrong_type", "options are texts or integers")
        return ()
    return tuple(
        value if isinstance(value, int) else dict.fromkeys(row.notes.languages, value) for value in values
    )


def _read_translated(row: Reader) -> tuple[Option, ...]:
    inner = row.table("pick")
    if inner is None:
        return ()
    lists = {lang: inner.strings(lang, required=True) for lang in row.notes.languages}
    inner.close()
    if len({len(words) for words in lists.values()}) != 1:
        row.problem("pick", "missing_translation", "every language needs the same number of options")
        return ()
    count = len(next(iter(lists.values())))
    return tuple({lang: words[index] for lang, words in lists.items()} for index in range(count))


def _read_aggregate(row: Reader) -> Aggregate:
    given = [what for what in _AGGREGATES if row.has(what)]
    if len(given) != 1 or any(row.has(key) for key in _SOURCES):
        row.problem("", "bad_variable", "an aggregate is exactly one of count, sum, max, min and first")
    target = row.string(given[0])
    table, dot, column = target.partition(".")
    if (given[0] == "count") == bool(dot):
        row.problem(given[0], "bad_variable", "count names a table, the others name table.column")
    return Aggregate(given[0], table, column, _read_where(row))  # type: ignore[arg-type]  # one of the literals


def _read_where(row: Reader) -> tuple[Condition, ...]:
    inner = row.table("where", required=False)
    if inner is None:
        return ()
    return tuple(test for column in sorted(inner.names()) for test in _read_tests(inner, column))


def _read_tests(inner: Reader, column: str) -> list[Condition]:
    """Return the tests of one column: a value, or bounds written `{at_least = …, at_most = …}`."""
    if not isinstance(inner.raw(column), dict):
        return [Condition(column, "is", inner.number_text(column))]
    bounds = inner.table(column)
    if bounds is None:
        return []
    tests = []
    if bounds.has("at_least"):
        tests.append(Condition(column, "at_least", bounds.number_text("at_least")))
    if bounds.has("at_most"):
        tests.append(Condition(column, "at_most", bounds.number_text("at_most")))
    bounds.close()
    return tests
