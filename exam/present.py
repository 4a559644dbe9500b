"""What a page receives of an item: the words and fields to show, and nothing about the solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.documents.names import document_name, media_type
from exam.kinds.base import Fields

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.items import Item
    from exam.scene import Scene


class ShownDocument(msgspec.Struct, frozen=True):
    """A file to download; `size` is in bytes, null when it was not made yet."""

    name: str
    media_type: str
    size: int | None = None


class ShownPicture(msgspec.Struct, frozen=True):
    """A document shown on the page; `name` is one of the item's documents."""

    name: str
    alt: str


class Presented(msgspec.Struct, frozen=True):
    """One question as a page shows it; `instruction` and `detail` are Markdown, `timer` is in seconds.

    The item's id is left out: it names the topic and the level.
    """

    kind: str
    title: str
    instruction: str
    detail: str
    fields: Fields
    documents: list[ShownDocument]
    picture: ShownPicture | None
    timer: int | None
    focus: bool
    lang: str


def present(bank: Bank, item_id: str, seed: bytes, lang: str) -> Presented:
    """Return the item as this seed and language show it; raises `KeyError` when the bank has no such item."""
    question = bank.questions[item_id]
    item = question.item
    scene = question.scene(seed, lang)
    return Presented(
        kind=item.kind,
        title=scene.say(item.title),
        instruction=scene.say(item.instruction),
        detail=scene.say(item.detail),
        fields=question.kind.fields(question.spec, scene),
        documents=_documents(item, scene),
        picture=_picture(item, scene),
        timer=item.timer,
        focus=item.focus,
        lang=lang,
    )


def _documents(item: Item, scene: Scene) -> list[ShownDocument]:
    names = [document_name(spec, scene) for spec in item.documents if not spec.hidden]
    picture = _picture(item, scene)
    return [
        ShownDocument(name, media_type(name)) for name in names if picture is None or name != picture.name
    ]


def _picture(item: Item, scene: Scene) -> ShownPicture | None:
    if item.picture is None:
        return None
    return ShownPicture(scene.fill(item.picture.document), scene.say(item.picture.alt))
