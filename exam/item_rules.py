"""What must hold inside one item once it is read: every variable, table and document it names exists, before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from exam.content import Problem
from exam.expressions import ExpressionError, names_used
from exam.links import OUTSIDE_LINK
from exam.scene import names_in
from exam.variables_specs import Aggregate, Expression, IntRange, Pattern, Pick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.items import Item
    from exam.variables_specs import Column, Condition, TableSpec


def item_problems(item: Item, path: str) -> list[Problem]:
    """Return the broken references inside one item."""
    return [
        *(Problem(path, *found) for found in _variable_problems(item)),
        *(Problem(path, *found) for found in _text_problems(item)),
        *(Problem(path, *found) for found in _document_problems(item)),
    ]


_Found = tuple[str, str, str]


def _variable_problems(item: Item) -> Iterator[_Found]:
    tables = {table.name: table for table in item.tables}
    known: dict[str, bool] = {}  # name of a variable drawn so far, and whether it is an integer
    for variable in item.variables:
        field = f"variables.{variable.name}"
        if variable.name in tables:
            yield field, "duplicate_id", f"{variable.name!r} is also the name of a table"
        if isinstance(variable.source, Aggregate):
            yield from _aggregate_problems(variable.source, tables, known, field)
        else:
            yield from _source_problems(variable.source, known, field)
        known[variable.name] = _is_integer(variable.source, tables)
    for table in item.tables:
        row = dict(known, row=True)
        for column in table.columns:
            field = f"tables.{table.name}.{column.name}"
            if column.name == "row":
                yield field, "bad_name", "row is the number of the row"
            yield from _source_problems(column.source, row, field)
            row[column.name] = _is_integer(column.source, tables)


def _is_integer(source: object, tables: dict[str, TableSpec]) -> bool:
    if isinstance(source, Pick):
        return bool(source.options) and all(isinstance(option, int) for option in source.options)
    if isinstance(source, Aggregate) and source.what == "first" and source.table in tables:
        column = _column(tables[source.table], source.column)
        return column is not None and _is_integer(column.source, tables)
    return isinstance(source, IntRange | Expression | Aggregate)


def _column(table: TableSpec, name: str) -> Column | None:
    return next((column for column in table.columns if column.name == name), None)


def _source_problems(
    source: IntRange | Pick | Expression | Pattern, known: dict[str, bool], field: str
) -> Iterator[_Found]:
    if isinstance(source, Expression):
        yield from _expression_problems(source, known, field)
    elif isinstance(source, Pick):
        if not source.options:
            yield field, "empty", "there is nothing to pick"
        for name in source.unlike:
            if name not in known:
                yield field, "unknown_variable", f"there is no earlier variable {name!r}"
    elif isinstance(source, Pattern):
        for name in sorted(set().union(*map(names_in, source.text.values())) - known.keys()):
            yield field, "unknown_variable", f"{{{name}}} is not known at this place"


def _expression_problems(source: Expression, known: dict[str, bool], field: str) -> Iterator[_Found]:
    try:
        names = names_used(source.source)
    except ExpressionError as error:
        yield field, "bad_expression", str(error)
        return
    for name in sorted(names):
        if not known.get(name):
            yield field, "unknown_variable", f"{name!r} is no integer known at this place"


def _aggregate_problems(
    source: Aggregate, tables: dict[str, TableSpec], known: dict[str, bool], field: str
) -> Iterator[_Found]:
    table = tables.get(source.table)
    if table is None:
        yield field, "unknown_table", f"there is no table {source.table!r}"
        return
    if source.what != "count":
        column = _column(table, source.column)
        if column is None:
            yield field, "unknown_column", f"{source.table} has no column {source.column!r}"
        elif source.what != "first" and not _is_integer(column.source, tables):
            yield field, "wrong_type", f"the column {source.column!r} does not hold integers"
    for test in source.where:
        yield from _condition_problems(test, table, known, field)
    for column in table.columns:
        yield from _source_problems(column.source, _known_in_row(table, column, known, tables), field)


def _known_in_row(
    table: TableSpec, column: Column, known: dict[str, bool], tables: dict[str, TableSpec]
) -> dict[str, bool]:
    """Return what a column may name when its table is drawn for an aggregate."""
    row = dict(known, row=True)
    for earlier in table.columns[: table.columns.index(column)]:
        row[earlier.name] = _is_integer(earlier.source, tables)
    return row


def _condition_problems(
    test: Condition, table: TableSpec, known: dict[str, bool], field: str
) -> Iterator[_Found]:
    if _column(table, test.column) is None:
        yield field, "unknown_column", f"{table.name} has no column {test.column!r}"
    for name in sorted(names_in(test.value)):
        if name not in known:
            yield field, "unknown_variable", f"{{{name}}} is not known at this place"


def _strings(value: Any, field: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any built-in value
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{field}.{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{field}[{index}]")


def _text_problems(item: Item) -> Iterator[_Found]:
    known = {variable.name for variable in item.variables}
    written = {
        "": msgspec.to_builtins(item.spec),
        "title": item.title,
        "instruction": item.instruction,
        "detail": item.detail,
        "documents": msgspec.to_builtins(item.documents),
        "picture": msgspec.to_builtins(item.picture),
    }
    for top, value in written.items():
        for field, text in _strings(value, top):
            for name in sorted(names_in(text) - known):
                yield (
                    field.lstrip("."),
                    "unknown_variable",
                    f"{{{name}}} is no variable; write {{{{{name}}}}} for braces",
                )
    shown = {"instruction": item.instruction, "detail": item.detail, "": written[""]}
    for field, text in _strings(shown, ""):
        if OUTSIDE_LINK.search(text):
            yield (
                field.lstrip("."),
                "outside_link",
                "a link leads outside: nothing may be asked of another network",
            )


def _document_problems(item: Item) -> Iterator[_Found]:
    names = [sorted(set(document.name.values())) for document in item.documents]
    known = {name for group in names for name in group}
    tables = {table.name for table in item.tables}
    if len(known) != sum(map(len, names)):
        yield "documents", "duplicate_id", "two documents have the same name"
    for document in item.documents:
        field = f"documents.{min(document.name.values(), default='')}"
        if document.table is not None and document.table not in tables:
            yield field, "unknown_table", f"there is no table {document.table!r}"
        inner = list(document.mail.attachments) if document.mail else []
        inner += [entry.document for entry in document.archive or () if entry.document is not None]
        for name in inner:
            if name not in known:
                yield field, "unknown_document", f"there is no document {name!r}"
            elif name in document.name.values():
                yield field, "unknown_document", "a document cannot hold itself"
    if item.picture is not None and item.picture.document not in known:
        yield "picture.document", "unknown_document", f"there is no document {item.picture.document!r}"
