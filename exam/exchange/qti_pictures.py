"""The picture of a QTI item: one, beside the question, with words that replace it and its file in the package."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from exam.documents.limits import DocumentError
from exam.documents.raster import ENDINGS, clean_picture
from exam.exchange.draft import DraftPicture

if TYPE_CHECKING:
    from exam.exchange.draft import Source
    from exam.exchange.tree import Node

_KINDS = ", ".join(ENDINGS)


def picture_of(body: Node, source: Source) -> DraftPicture | None:
    """Return the picture of a body, None when it has none; raises `Refused` naming the element and the file."""
    found = [node for node in body.walk() if node.name == "img"]
    if not found:
        return None
    if len(found) > 1:
        raise found[1].refuse("unsupported", "a question has one picture")
    return _read(found[0], source)


def _read(node: Node, source: Source) -> DraftPicture:
    address, alt = node.get("src"), " ".join(node.get("alt").split())
    name = posixpath.basename(address)
    told = f"{name[:80]!r}"
    if not alt:
        raise node.refuse("picture_without_alt", f"no words replace the picture {told}")
    if "//" in address or address.startswith(("data:", "/")):
        raise node.refuse("unsupported", f"the picture {told} is not a file of the package")
    if not name.lower().endswith(ENDINGS):
        raise node.refuse("unsupported", f"the picture {told} is none of {_KINDS}")
    data = source.beside(address)
    if data is None:
        raise node.refuse("missing_file", f"the picture {told} is not beside the item")
    ending = posixpath.splitext(name)[1].lower()
    try:
        return DraftPicture(f"image{ending}", clean_picture(name, data), alt)
    except DocumentError as error:
        raise node.refuse("bad_picture", f"the picture {told}: {error}") from error
