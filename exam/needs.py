"""What a person must be able to use to answer an item: derived from the item unless its author states it.

A supervisor reads these before a sitting, to prepare the room for a person who cannot use one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from exam.items import Item, Need


def needs_of(item: Item) -> tuple[Need, ...]:
    """Return what the item needs, in alphabetical order: a tool that opens files, sight of a picture, a simulator, haste.

    A picture always has words that replace it; `picture` tells that the words are there to be read instead.
    """
    if not isinstance(item.needs, msgspec.UnsetType):
        return item.needs
    found: list[Need] = []
    if any(not document.hidden for document in item.documents if not _is_picture(item, document.name)):
        found.append("file_tool")
    if item.picture is not None:
        found.append("picture")
    if item.kind == "simulator":
        found.append("simulator")
    if item.timer is not None:
        found.append("timed")
    return tuple(found)


def _is_picture(item: Item, name: dict[str, str]) -> bool:
    return item.picture is not None and item.picture.document in name.values()
