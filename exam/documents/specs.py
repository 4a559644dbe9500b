"""What a document is made of, as its author wrote it.

The ending of the name chooses the maker; exactly one of `table`, `text`, `mail`, `image`, `archive` and `raster` says what
goes in. Every text, size and position may hold variables in braces.
"""

from __future__ import annotations

import msgspec

from exam.content import Text


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An e-mail message; `date` is an ISO 8601 instant with its offset, `attachments` are names of documents."""

    sender: Text
    to: Text
    subject: Text
    date: str
    body: Text
    reply_to: Text | None = None
    cc: Text | None = None
    headers: dict[str, Text] = {}
    attachments: tuple[str, ...] = ()


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A filled rectangle (`box` is x, y, width, height) or a caption (`box` is x, y; `size` is the scale of its dots)."""

    box: tuple[str, ...]
    fill: str
    text: Text | None = None
    size: str = "2"


class Image(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bitmap of plain shapes, in pixels, with text metadata."""

    width: str
    height: str
    background: str
    shapes: tuple[Shape, ...] = ()
    metadata: dict[str, Text] = {}


class ArchiveEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of an archive: another document, or a text written in place."""

    path: Text
    document: str | None = None
    text: Text | None = None


class DocumentSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a question; a hidden one is only an ingredient of another. `raster` is a picture in base 64."""

    name: Text
    hidden: bool = False
    table: str | None = None
    text: Text | None = None
    mail: Mail | None = None
    image: Image | None = None
    archive: tuple[ArchiveEntry, ...] | None = None
    properties: dict[str, Text] = {}
    raster: str | None = None
