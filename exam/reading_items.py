"""Reading one item's file: what every kind shares, then the fields of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import msgspec

from exam.documents.reading import read_documents
from exam.items import Item, Need, Picture
from exam.kinds import KINDS
from exam.variables_reading import read_tables, read_variables

if TYPE_CHECKING:
    from exam.items import Spec
    from exam.reading import Reader

MAX_TIMER = 900


def read_item(reader: Reader, item: str) -> Item | None:
    """Return the item of one file, its id being the file's name; None when its kind could not be read."""
    tables = read_tables(reader)
    variables = read_variables(reader)
    found = {
        "skill": reader.identifier("skill"),
        "title": reader.text("title"),
        "instruction": reader.text("instruction"),
        "detail": reader.text("detail", required=False),
        "note": reader.string("note"),
        "timer": reader.integer("timer", 5, MAX_TIMER) if reader.has("timer") else None,
        "focus": reader.flag("focus"),
        "enemies": tuple(sorted(reader.strings("enemies"))),
        "archived": reader.choice("status", ("active", "archived"), "active") == "archived",
        "documents": read_documents(reader),
        "picture": _read_picture(reader),
        "part": _unless_usual(reader, "part", ("open", "certification")),
        "access": _unless_usual(reader, "access", ("everyone", "ordinary", "adjusted")),
        "needs": _read_needs(reader),
    }
    spec = _read_kind(reader)
    reader.close()
    if spec is None:
        return None
    return Item(id=item, spec=spec, variables=variables, tables=tables, **found)  # type: ignore[arg-type]  # each value was read with its type above


def _unless_usual(reader: Reader, key: str, allowed: tuple[str, ...]) -> str | msgspec.UnsetType:
    """Return the word chosen, unset when it is the first, the usual one: one meaning has one spelling."""
    chosen = reader.choice(key, allowed, allowed[0])
    return msgspec.UNSET if chosen == allowed[0] else chosen


def _read_needs(reader: Reader) -> tuple[str, ...] | msgspec.UnsetType:
    if not reader.has("needs"):
        return msgspec.UNSET
    stated = reader.strings("needs")
    for one in stated:
        if one not in get_args(Need):
            reader.problem(
                "needs", "unknown_value", f"{one[:40]!r} is not one of {', '.join(get_args(Need))}"
            )
    return tuple(sorted(set(stated) & set(get_args(Need))))


def _read_kind(reader: Reader) -> Spec | None:
    name = reader.string("kind")
    kind = KINDS.get(name)
    if kind is None:
        if name:
            reader.problem("kind", "unknown_kind", f"{name[:40]!r} is not one of {', '.join(sorted(KINDS))}")
        return None
    spec: Spec | None = kind.read(reader)
    return spec


def _read_picture(reader: Reader) -> Picture | None:
    row = reader.table("picture", required=False)
    if row is None:
        return None
    document = row.string("document")
    if not row.has("alt"):
        row.problem("alt", "picture_without_alt", "a picture needs words that replace it")
    picture = Picture(document, row.text("alt", required=False))
    row.close()
    return picture
