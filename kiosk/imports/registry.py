"""The formats a file of pupils may have: `IMPORTS`, one row each.

A format says which column of a pupil is its key, which columns it fills, which organisations use it and which modes it
has. `recognise` tells the format of a file among those an organisation takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Literal

from kiosk.imports import custom, fregata, siecle, sup
from kiosk.imports.csv_table import Column
from kiosk.imports.custom_format import CustomFormat, onde

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.imports.reading import Context, Reading

Mode = Literal["update", "replace", "add"]
"""update: those absent are disabled; replace: those absent are deleted with their participations; add: they stay."""


@dataclass(frozen=True)
class Format:
    """One format; `headings` are those of its template, none when it has no template."""

    name: str
    key: str
    columns: tuple[str, ...]
    modes: tuple[Mode, ...]
    read: Callable[[IO[bytes], Context], Reading]
    headings: tuple[Column, ...] = ()
    title: str = ""


def _of_custom(form: CustomFormat) -> Format:
    return Format(
        "custom",
        "unique_key",
        custom.columns_of(form),
        ("update",),
        partial(custom.read, form=form),
        tuple(Column(one.heading, one.heading, one.required) for one in form.column),
        form.name,
    )


IMPORTS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("siecle", "ine", siecle.COLUMNS, ("update",), siecle.read, title="SIECLE"),
        Format("fregata", "ine", fregata.COLUMNS, ("update",), fregata.read, fregata.HEADINGS, "Fregata"),
        Format("sup", "student_number", sup.COLUMNS, ("add", "replace"), sup.read, sup.HEADINGS, "SUP"),
        _of_custom(onde()),
    )
}
"""Every format by its name; "custom" is the sample, ONDE, until an organisation has its own."""

_TAKEN: dict[str, tuple[str, ...]] = {
    # Both know pupils by their INE; agricultural schools receive both files.
    "siecle": ("siecle", "fregata"),
    "fregata": ("fregata", "siecle"),
    "sup": ("sup",),
    "custom": ("custom",),
}


def formats_of(import_format: str | None, form: CustomFormat | None = None) -> tuple[Format, ...]:
    """Return the formats an organisation takes, its own first; none when it imports nothing."""
    names = _TAKEN.get(import_format or "", ())
    return tuple(_of_custom(form) if name == "custom" and form else IMPORTS[name] for name in names)


def recognise(file: IO[bytes], formats: tuple[Format, ...]) -> Format:
    """Return the format this file looks like among those taken (at least one): XML and zip are SIECLE's."""
    file.seek(0)
    head = file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    names = {one.name: one for one in formats}
    if "siecle" in names and "fregata" in names:
        return names["siecle" if head.startswith((b"<", b"PK")) else "fregata"]
    return formats[0]
