"""Reading the documents of an item's file."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from exam.documents.limits import DocumentError
from exam.documents.raster import ENDINGS as RASTERS
from exam.documents.raster import clean_picture
from exam.documents.specs import ArchiveEntry, DocumentSpec, Image, Mail, Shape

if TYPE_CHECKING:
    from exam.content import Text
    from exam.reading import Reader

ENDINGS = {
    "table": (".ods", ".csv"),
    "text": (".odt", ".txt", ".md", ".html"),
    "mail": (".eml",),
    "image": (".png",),
    "zip": (".zip",),
    "bytes": RASTERS,
}
"""The endings each content can have: the ending chooses the maker."""

MAX_DOCUMENTS = 20


def read_documents(reader: Reader) -> tuple[DocumentSpec, ...]:
    """Return the documents of an item, in the order written."""
    rows = list(reader.tables("documents"))
    if len(rows) > MAX_DOCUMENTS:
        reader.problem("documents", "too_many", f"an item has at most {MAX_DOCUMENTS} documents")
    return tuple(_read_document(row) for row in rows[:MAX_DOCUMENTS])


def _read_document(row: Reader) -> DocumentSpec:
    given = [key for key in ENDINGS if row.has(key)]
    name = row.text("name", plain=True)
    document = DocumentSpec(
        name=name,
        hidden=row.flag("hidden"),
        table=row.identifier("table") if row.has("table") else None,
        text=row.text("text", plain=True) if row.has("text") else None,
        mail=_read_mail(row) if row.has("mail") else None,
        image=_read_image(row) if row.has("image") else None,
        archive=tuple(_read_entry(entry) for entry in row.tables("zip", required=True))
        if row.has("zip")
        else None,
        properties=_read_map(row, "properties"),
        raster=_read_raster(row, min(name.values(), default="")) if row.has("bytes") else None,
    )
    row.close()
    if len(given) != 1:
        row.problem("", "bad_document", f"a document has exactly one of {', '.join(ENDINGS)}")
        return document
    for words in name.values():
        if not words.lower().endswith(ENDINGS[given[0]]):
            row.problem(
                "name",
                "bad_ending",
                f"a document made from {given[0]} ends in {' or '.join(ENDINGS[given[0]])}",
            )
        if any(sign in words for sign in '/\\:*?"<>|') or len(words) > 100 or words.startswith("."):
            row.problem(
                "name", "bad_name", 'a file name has no / \\ : * ? " < > | and at most 100 characters'
            )
    return document


def _read_raster(row: Reader, name: str) -> str:
    """Return a picture in base 64, freed of what is no picture."""
    written = row.raw("bytes")
    if not isinstance(written, str):
        row.problem("bytes", "wrong_type", "bytes are a text in base 64")
        return ""
    try:
        return b64encode(clean_picture(name, b64decode(written, validate=True))).decode()
    except (DocumentError, ValueError) as error:
        row.problem("bytes", "bad_picture", str(error)[:200])
        return ""


def _read_map(row: Reader, key: str) -> dict[str, Text]:
    inner = row.table(key, required=False)
    if inner is None:
        return {}
    return {name: inner.text(name, plain=True) for name in inner.names()[:30]}


def _read_mail(row: Reader) -> Mail | None:
    inner = row.table("mail")
    if inner is None:
        return None
    mail = Mail(
        sender=inner.text("from", plain=True),
        to=inner.text("to", plain=True),
        subject=inner.text("subject", plain=True),
        date=inner.string("date"),
        body=inner.text("body", plain=True),
        reply_to=inner.text("reply_to", plain=True) if inner.has("reply_to") else None,
        cc=inner.text("cc", plain=True) if inner.has("cc") else None,
        headers=_read_map(inner, "headers"),
        attachments=inner.strings("attachments"),
    )
    inner.close()
    return mail


def _read_image(row: Reader) -> Image | None:
    inner = row.table("image")
    if inner is None:
        return None
    image = Image(
        width=inner.number_text("width"),
        height=inner.number_text("height"),
        background=inner.string("background", "#ffffff"),
        shapes=tuple(_read_shape(shape) for shape in inner.tables("shapes")),
        metadata=_read_map(inner, "metadata"),
    )
    inner.close()
    return image


def _read_shape(row: Reader) -> Shape:
    is_text = row.has("text")
    key = "at" if is_text else "rect"
    box = tuple(str(value) for value in row.list(key, required=True))
    if len(box) != (2 if is_text else 4):
        row.problem(key, "wrong_type", "a rectangle is [x, y, width, height], a caption is at [x, y]")
    shape = Shape(
        box=box,
        fill=row.string("fill", "#1c2b26"),
        text=row.text("text", plain=True) if is_text else None,
        size=row.number_text("size", "2") if is_text else "2",
    )
    row.close()
    return shape


def _read_entry(row: Reader) -> ArchiveEntry:
    entry = ArchiveEntry(
        path=row.text("path", plain=True),
        document=row.string("document") if row.has("document") else None,
        text=row.text("text", plain=True) if row.has("text") else None,
    )
    row.close()
    if (entry.document is None) == (entry.text is None):
        row.problem("", "bad_document", "a file of an archive is either a document or a text")
    for words in entry.path.values():
        if words.startswith("/") or "\\" in words or ".." in words.split("/"):
            row.problem("path", "bad_name", "a path in an archive stays inside it")
    return entry
