"""XML from elsewhere as a tree that remembers its lines.

No document type, no entity, no outside reference; size, depth and number of elements are bounded. Names are compared
without case, hyphens or the prefix `qti-`, so that both spellings of QTI are read by the same code; `tag` keeps the name
as written, for messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from exam.exchange.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_XML = 5_000_000
MAX_DEPTH = 60
MAX_ELEMENTS = 50_000
LANG = "http://www.w3.org/XML/1998/namespace lang"


@dataclass(slots=True, eq=False)
class Node:
    """One element: `name` and the keys of `attributes` in the common spelling, `parts` its words and elements."""

    tag: str
    name: str
    namespace: str
    line: int
    attributes: dict[str, str]
    parts: list[Node | str] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        """Return the elements directly inside."""
        return [part for part in self.parts if isinstance(part, Node)]

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute, spaces around it taken off."""
        return self.attributes.get(name, default).strip()

    def all(self, *names: str) -> list[Node]:
        """Return the elements directly inside that have one of these names."""
        return [child for child in self.children if child.name in names]

    def first(self, *names: str) -> Node | None:
        """Return the first element directly inside that has one of these names."""
        return next(iter(self.all(*names)), None)

    def walk(self) -> Iterator[Node]:
        """Yield every element inside, in the order written."""
        for child in self.children:
            yield child
            yield from child.walk()

    def words(self) -> str:
        """Return every word inside, as written."""
        return "".join(part if isinstance(part, str) else part.words() for part in self.parts)

    def refuse(self, code: str, message: str) -> Refused:
        """Return a refusal that names this element and its line."""
        return Refused(self.line, code, f"<{self.tag[:60]}>: {message}")


def common(name: str) -> str:
    """Return the common spelling of a name."""
    return name.lower().removeprefix("qti-").replace("-", "")


def parse_tree(data: bytes) -> Node:
    """Return the root of an XML document; raises `Refused` on anything odd."""
    if len(data) > MAX_XML:
        raise Refused(0, "too_large", f"an XML file has at most {MAX_XML} bytes")
    reading = _Reading()
    try:
        reading.parser.Parse(data, True)  # noqa: FBT003 - the last piece of data
    except expat.ExpatError as error:
        raise Refused(error.lineno, "not_xml", f"this is not XML: {error}") from error
    except (ValueError, LookupError) as error:
        raise Refused(0, "not_xml", f"this is not XML: {error}") from error
    return reading.root.children[0]


class _Reading:
    """One document while it is read."""

    def __init__(self) -> None:
        self.root = Node("", "", "", 0, {})
        self._open = [self.root]
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        line = self.parser.CurrentLineNumber
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise Refused(line, "too_large", "the file has too many or too deep elements")
        space, _, tag = name.rpartition(" ")
        known = {key if " " in key else common(key): value for key, value in attributes.items()}
        node = Node(tag, common(tag), space, line, known)
        self._open[-1].parts.append(node)
        self._open.append(node)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _words(self, words: str) -> None:
        self._open[-1].parts.append(words)

    def _refuse(self, *_: object) -> int:
        raise Refused(
            self.parser.CurrentLineNumber, "unsafe", "the file declares a document type or an entity"
        )
