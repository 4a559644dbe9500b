"""What the sealed part of a bundle says once it is open: the tables a certification decides on, and its items one by one.

Items and tables know an item by an id that says nothing; the author's own id is beside the item, for calibration. Tables
are compiled again on opening and must give the digest they were shipped with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from exam.certification.eligibility import Thresholds, ThresholdsError, thresholds
from exam.certification.parameters import Access, Parameters, ParametersError
from exam.certification.tables import Tables, compile_tables
from exam.errors import ExamError
from exam.items import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT: Literal["preau.certification/1"] = "preau.certification/1"


class SealedPartError(ExamError):
    """An opened part that does not hold together; `detail` says which."""

    code = "sealed.bad"


class OtherTablesError(SealedPartError):
    """The tables compiled here are not those that were built: `built` and `here` are their digests."""

    code = "sealed.other_tables"

    def __init__(self, built: str, here: str) -> None:
        super().__init__(detail=f"tables: built as {built}, compiled here as {here}")
        self.built, self.here = built, here


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of one item, `a` and `b` in thousandths of a logit."""

    id: str
    a: int
    b: int
    competence: str
    topic: str
    skill: str
    enemies: tuple[str, ...]
    access: Access


class Critical(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values in thousandths that one honest simulated candidate in 20, or in 100, goes beyond."""

    candidates: int
    lz_5: int
    lz_1: int
    cusum_5: int
    cusum_1: int


class CertificationPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the engine needs; `mark` says where the parameters come from, `thresholds` are [segment][row]."""

    format: Literal["preau.certification/1"]
    mark: str
    engine: str
    scale: str
    mode: Literal["precise", "open"]
    target: int
    """Largest share of an ability group an item may meet, in thousandths."""
    rows: tuple[Row, ...]
    thresholds: tuple[tuple[int, ...], ...]
    tables: str
    eligibility: str
    critical: Critical


class SealedItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item under its opaque id, and the id its author knows it by."""

    author: str
    item: Item


_ENCODER = msgspec.json.Encoder(order="sorted")


def rows_of(pool: Sequence[Parameters]) -> tuple[Row, ...]:
    """Return the rows of these parameters, by id."""
    return tuple(
        Row(
            one.id,
            one.a // 1000,
            one.b // 1000,
            one.competence,
            one.topic,
            one.skill,
            one.enemies,
            one.access,
        )
        for one in sorted(pool, key=lambda one: one.id)
    )


def tables_of(part: CertificationPart) -> tuple[Tables, Thresholds]:
    """Return the engine's tables and thresholds; raises `OtherTablesError` unless they are those that were built."""
    pool = [
        Parameters(
            row.id, row.a * 1000, row.b * 1000, row.competence, row.topic, row.skill, row.enemies, row.access
        )
        for row in part.rows
    ]
    try:
        tables = compile_tables(pool)
        found = thresholds(tables, np.array(part.thresholds, dtype=np.uint32))
    except (ParametersError, ThresholdsError, ValueError, OverflowError) as error:
        raise SealedPartError(detail=f"tables: {error}") from error
    if (tables.digest, found.digest) != (part.tables, part.eligibility):
        raise OtherTablesError(f"{part.tables}, {part.eligibility}", f"{tables.digest}, {found.digest}")
    return tables, found


def item_bytes(item: Item, names: Mapping[str, str]) -> bytes:
    """Return what is sealed for an item: itself under its opaque id, its enemies left to the tables."""
    hidden = msgspec.structs.replace(item, id=names[item.id], enemies=())
    return _ENCODER.encode(SealedItem(item.id, hidden))


def part_bytes(part: CertificationPart) -> bytes:
    """Return what is sealed for the tables."""
    return _ENCODER.encode(part)


def read_part(data: bytes) -> CertificationPart:
    """Return the tables' part; raises `SealedPartError`."""
    try:
        return msgspec.json.decode(data, type=CertificationPart)
    except msgspec.DecodeError as error:
        raise SealedPartError(detail=f"tables: {str(error)[:200]}") from error


def read_item(data: bytes, name: str) -> SealedItem:
    """Return a sealed item; raises `SealedPartError` unless it is the one of this name."""
    try:
        found = msgspec.json.decode(data, type=SealedItem)
    except msgspec.DecodeError as error:
        raise SealedPartError(detail=f"{name}: {str(error)[:200]}") from error
    if found.item.id != name:
        raise SealedPartError(detail=f"{name}: it is another item")
    return found
