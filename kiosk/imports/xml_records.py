"""The records of a SIECLE file, one after another, from a parser that keeps no tree.

`defusedxml` refuses document types, entities and anything outside the file; this adds bounds of its own. What is read is
the shape of the rule book: `/BEE_ELEVES/PARAMETRES/UAJ`, and the grandchildren of `/BEE_ELEVES/DONNEES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from kiosk.imports.limits import (
    XML_ATTRIBUTE_CHARS,
    XML_ATTRIBUTES,
    XML_DEPTH,
    XML_NAMES,
    XML_STRUCTURES,
    XML_TEXT_CHARS,
)
from kiosk.imports.reading import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = "BEE_ELEVES"
PUPIL, STRUCTURES, SCHOOL = "ELEVE", "STRUCTURES_ELEVE", "UAJ"
_NO_END = frozenset({3, 5, 20})
"""What the parser says of a file that stops before its end: no element, unclosed token or section."""


@dataclass(slots=True)
class Record:
    """One element that matters: a pupil, their structures, or the number of the school (in `texts`)."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    structures: list[dict[str, str]] = field(default_factory=list)


class _Target:
    """What the parser calls at each tag: knows where it is, and fills the record it is in."""

    def __init__(self) -> None:
        self.done: list[Record] = []
        self.parser: Any = None
        self._path: list[str] = []
        self._record: Record | None = None
        self._into: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._chars = 0
        self._names: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        path = self._path
        path.append(tag)
        depth = len(path)
        if depth > XML_DEPTH:
            raise FileRefused("INVALID_FILE", "too_deep", line=self._line)
        if attributes or tag not in self._names:
            self._check(tag, attributes)
        if self._record is not None:
            self._inside(tag, depth)
        elif depth == 1 and tag != ROOT:
            raise FileRefused("INVALID_FILE", "not_siecle", line=self._line)
        elif depth == 3 and tag == SCHOOL and path[1] == "PARAMETRES":
            self._record = Record(tag, self._line)
            self._into = self._record.texts
            self._text = []
        elif depth == 4 and path[1] == "DONNEES" and tag in {PUPIL, STRUCTURES}:
            self._record = Record(tag, self._line, dict(attributes))
            self._into = self._record.texts if tag == PUPIL else None

    def end(self, tag: str) -> None:
        depth = len(self._path)
        self._path.pop()
        record = self._record
        if record is None:
            return
        if self._text is not None:
            if self._into is not None:
                self._into[tag] = "".join(self._text).strip()
            self._text = None
        if depth == (3 if record.tag == SCHOOL else 4):
            self.done.append(record)
            self._record = self._into = None

    def data(self, text: str) -> None:
        if self._text is None:
            return
        self._chars += len(text)
        if self._chars > XML_TEXT_CHARS:
            raise FileRefused("INVALID_FILE", "too_long", line=self._line)
        self._text.append(text)

    def close(self) -> None:
        """Nothing is built."""

    @property
    def _line(self) -> int:
        line: int = self.parser.parser.CurrentLineNumber
        return line

    def _inside(self, tag: str, depth: int) -> None:
        record = self._record
        if record is not None and depth == 5 and record.tag == STRUCTURES:
            self._into = {}
            if tag == "STRUCTURE":
                record.structures.append(self._into)
                if len(record.structures) > XML_STRUCTURES:
                    raise FileRefused("INVALID_FILE", "too_long", line=self._line)
            return
        self._text = [] if depth == (5 if record is not None and record.tag == PUPIL else 6) else None
        self._chars = 0

    def _check(self, tag: str, attributes: dict[str, str]) -> None:
        self._names.add(tag)
        self._names.update(attributes)
        if len(self._names) > XML_NAMES:
            raise FileRefused("INVALID_FILE", "not_siecle", line=self._line)
        if len(attributes) > XML_ATTRIBUTES or any(len(v) > XML_ATTRIBUTE_CHARS for v in attributes.values()):
            raise FileRefused("INVALID_FILE", "attributes", line=self._line)


def records(chunks: Iterable[bytes]) -> Iterator[Record]:
    """Yield the records of an XML file given as UTF-8; raises FileRefused, nothing else."""
    target = _Target()
    parser: Any = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    target.parser = parser
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield from target.done
            target.done.clear()
        parser.close()
    except DefusedXmlException:
        raise FileRefused("INVALID_FILE", "entities", line=parser.parser.CurrentLineNumber) from None
    except ParseError as problem:
        detail = "truncated" if problem.code in _NO_END else "malformed"
        raise FileRefused("INVALID_FILE", detail, line=problem.position[0]) from None
    yield from target.done
