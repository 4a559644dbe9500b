"""Reading XML sent by a pupil: no document type, no entity, no outside reference, and bounds on size and depth."""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from exam.documents.limits import UnreadableFile

MAX_DEPTH = 100
MAX_ELEMENTS = 200_000


def parse_xml(data: bytes) -> Element:
    """Return the root element, names as `{namespace}local`; raises `UnreadableFile` on anything odd."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the last piece of data
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableFile("file.not_xml", str(error)) from error
    return reading.builder.close()


def _refuse(*_: object) -> int:
    raise UnreadableFile("file.unsafe", "the file declares a document type or an entity")


class _Reading:
    """One document while it is read."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self._depth = 0
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise UnreadableFile("file.too_large", "the file has too many or too deep elements")
        self.builder.start(_clark(name), {_clark(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Close an element."""
        self._depth -= 1
        self.builder.end(_clark(name))


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name
