"""What every OpenDocument file needs around its content: type, manifest, metadata, namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from exam.documents.archives import pack

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("style", "style"),
            ("text", "text"),
            ("table", "table"),
            ("meta", "meta"),
            ("fo", "xsl-fo-compatible"),
            ("svg", "svg-compatible"),
        )
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

_META_TAGS = {
    "author": ("meta:initial-creator", "dc:creator"),
    "created": ("meta:creation-date", "dc:date"),
    "title": ("dc:title",),
    "subject": ("dc:subject",),
    "description": ("dc:description",),
    "keywords": ("meta:keyword",),
    "language": ("dc:language",),
}
PROPERTY_OF_TAG = {tags[0].split(":")[1]: name for name, tags in _META_TAGS.items()}
"""The name authors use for each metadata element, by its local name."""


def xml_text(text: str) -> str:
    """Return text escaped for XML content."""
    return escape(text)


def xml_attribute(text: str) -> str:
    """Return text quoted for an XML attribute."""
    return quoteattr(text)


def assemble(kind: str, content: str, styles: str, properties: Mapping[str, str]) -> bytes:
    """Return an OpenDocument file; `kind` is `text` or `spreadsheet`, `content` its automatic styles and body."""
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    parts = {
        "content.xml": f'{_HEAD}<office:document-content {NAMESPACES} office:version="1.3">{content}</office:document-content>',
        "styles.xml": f'{_HEAD}<office:document-styles {NAMESPACES} office:version="1.3">{styles}</office:document-styles>',
        "meta.xml": f'{_HEAD}<office:document-meta {NAMESPACES} office:version="1.3">{_meta(properties)}</office:document-meta>',
    }
    files = [("mimetype", media_type.encode())]
    files += [(name, text.encode()) for name, text in parts.items()]
    files.append(("META-INF/manifest.xml", _manifest(media_type, list(parts)).encode()))
    return pack(files, stored="mimetype")


def _meta(properties: Mapping[str, str]) -> str:
    elements = []
    for name, value in properties.items():
        if name in _META_TAGS:
            elements += [f"<{tag}>{escape(_dated(name, value))}</{tag}>" for tag in _META_TAGS[name]]
        else:
            elements.append(
                f"<meta:user-defined meta:name={quoteattr(name)}>{escape(value)}</meta:user-defined>"
            )
    return f"<office:meta>{''.join(elements)}</office:meta>"


def _dated(name: str, value: str) -> str:
    """Office suites want an instant where authors write a day."""
    return f"{value}T08:00:00" if name == "created" and len(value) == len("2026-03-14") else value


def _manifest(media_type: str, parts: list[str]) -> str:
    entries = [("/", media_type), *((part, "text/xml") for part in parts)]
    rows = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in entries
    )
    namespace = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return f'{_HEAD}<manifest:manifest xmlns:manifest="{namespace}" manifest:version="1.3">{rows}</manifest:manifest>'
