"""Names and media types of documents, and the bounds every document keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exam.documents.specs import DocumentSpec
    from exam.scene import Scene

_MEDIA_TYPES = {
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".eml": "message/rfc822",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".zip": "application/zip",
}


def document_name(spec: DocumentSpec, scene: Scene) -> str:
    """Return the file name of a document in a scene."""
    return scene.say(spec.name)


def ending_of(name: str) -> str:
    """Return the ending of a file name in lower case, with its dot."""
    stem, dot, ending = name.rpartition(".")
    return (dot + ending).lower() if stem else ""


def media_type(name: str) -> str:
    """Return the media type a file name stands for."""
    return _MEDIA_TYPES.get(ending_of(name), "application/octet-stream")
