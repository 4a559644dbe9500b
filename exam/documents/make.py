"""Making a document for a pupil: byte-identical for the same bank, item, seed, language and name.

The ending of the name chooses the maker. Nothing here looks at a clock: every date is the author's.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.documents.archives import pack
from exam.documents.limits import MAX_DOCUMENT, DocumentError, UnknownDocument
from exam.documents.mails import make_mail
from exam.documents.markup import parse_markup
from exam.documents.names import document_name, ending_of, media_type
from exam.documents.pages import make_page
from exam.documents.pictures import make_picture
from exam.documents.sheets import make_csv, make_sheet
from exam.documents.texts import make_text_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.bank import Bank
    from exam.content import Text
    from exam.documents.specs import DocumentSpec
    from exam.scene import Scene
    from exam.variables import DrawnTable

_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Document:
    """A file ready to be sent."""

    name: str
    media_type: str
    data: bytes


def make_document(bank: Bank, item_id: str, seed: bytes, lang: str, name: str) -> Document:
    """Return the document of that name; raises `UnknownDocument`, and `DocumentError` when it cannot be made."""
    question = bank.questions[item_id]
    scene = question.scene(seed, lang)
    for spec in question.item.documents:
        if not spec.hidden and document_name(spec, scene) == name:
            data = _Maker(question.item.documents, scene).make(spec, 0)
            return Document(name, media_type(name), data)
    raise UnknownDocument(detail="the question has no such document")


class _Maker:
    """Makes documents of one scene, and the ones they are made of."""

    def __init__(self, specs: tuple[DocumentSpec, ...], scene: Scene) -> None:
        self._specs = specs
        self._scene = scene

    def make(self, spec: DocumentSpec, depth: int) -> bytes:
        """Return the bytes of a document; raises `DocumentError` when it holds itself or grows too large."""
        if depth > _MAX_DEPTH:
            raise DocumentError("documents hold each other without end")
        data = self._bytes(spec, depth)
        if len(data) > MAX_DOCUMENT:
            raise DocumentError(f"a document has at most {MAX_DOCUMENT} bytes")
        return data

    def _bytes(self, spec: DocumentSpec, depth: int) -> bytes:
        if spec.table is not None:
            return self._table(spec, self._scene.tables[spec.table])
        if spec.text is not None:
            return self._text(spec, self._scene.say(spec.text).strip("\n") + "\n")
        if spec.mail is not None:
            attached = [(name, self._named(name, depth)) for name in spec.mail.attachments]
            return make_mail(spec.mail, self._scene, [(self._shown(name), data) for name, data in attached])
        if spec.image is not None:
            return make_picture(spec.image, self._scene)
        if spec.raster is not None:
            return b64decode(spec.raster)
        return self._archive(spec, depth)

    def _table(self, spec: DocumentSpec, table: DrawnTable) -> bytes:
        if ending_of(document_name(spec, self._scene)) == ".csv":
            return make_csv(table, self._scene.lang)
        return make_sheet(table, self._scene.lang, self._properties(spec.properties))

    def _text(self, spec: DocumentSpec, text: str) -> bytes:
        ending = ending_of(document_name(spec, self._scene))
        if ending == ".odt":
            return make_text_document(parse_markup(text), self._properties(spec.properties))
        if ending == ".html":
            return make_page(parse_markup(text), self._scene.lang)
        return text.encode()

    def _archive(self, spec: DocumentSpec, depth: int) -> bytes:
        files = []
        for entry in spec.archive or ():
            path = self._scene.say(entry.path)
            if entry.document is not None:
                files.append((path, self._named(entry.document, depth)))
            else:
                files.append((path, self._scene.say(entry.text or {}).strip("\n").encode() + b"\n"))
        return pack(files)

    def _find(self, name: str) -> DocumentSpec:
        for spec in self._specs:
            if name in spec.name.values():
                return spec
        raise DocumentError(f"there is no document {name[:80]!r}")

    def _named(self, name: str, depth: int) -> bytes:
        return self.make(self._find(name), depth + 1)

    def _shown(self, name: str) -> str:
        return document_name(self._find(name), self._scene)

    def _properties(self, properties: Mapping[str, Text]) -> dict[str, str]:
        return {name: self._scene.say(properties[name]) for name in sorted(properties)}
