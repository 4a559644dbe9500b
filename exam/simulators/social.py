"""The privacy page of a social network: who sees what, who is who, which posts tag you."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot, choice
from exam.simulators.schema import NO, YES_NO, Schema, ident, maybe_words, one_of, rows, words, yes_no

if TYPE_CHECKING:
    from exam.reading import Reader
    from exam.simulators.schema import Node

AUDIENCES = ("everyone", "friends_of_friends", "friends", "me")
LINKS = ("friend", "request", "none", "blocked")
_ACTS = ("reported", "deleted", "shared")


def _maybe(*allowed: str) -> object:
    return lambda reader, key: one_of(*allowed)(reader, key) if reader.has(key) else None


def _maybe_on(reader: Reader, key: str) -> Node:
    return yes_no(NO)(reader, key) if reader.has(key) else None


class Social(Simulator):
    """Decide who sees what, and react to people."""

    name = "social"
    schema: ClassVar[Schema] = {
        "site": words,
        "me": words,
        "settings": rows(
            {"id": ident, "label": words, "audience": _maybe(*AUDIENCES), "on": _maybe_on},  # type: ignore[dict-item]  # a field's reader, made above
            most=12,
        ),
        "people": rows(
            {"id": ident, "name": words, "about": maybe_words, "link": one_of(*LINKS, default="friend")}
        ),
        "posts": rows(
            {
                "id": ident,
                "author": words,
                "text": words,
                "audience": one_of(*AUDIENCES, default="friends"),
                "tagged": yes_no(NO),
                "mine": yes_no(NO),
            },
        ),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return every setting, person and post."""
        found = {}
        for row in scene["settings"]:
            if "audience" in row:
                found[f"setting.{row['id']}"] = choice(row["audience"], AUDIENCES)
            else:
                found[f"setting.{row['id']}"] = choice(row.get("on", NO), YES_NO)
        for row in scene["people"]:
            found[f"person.{row['id']}.link"] = choice(row["link"], LINKS)
            found[f"person.{row['id']}.reported"] = choice(NO, YES_NO)
        for row in scene["posts"]:
            prefix = f"post.{row['id']}"
            found[f"{prefix}.audience"] = choice(row["audience"], AUDIENCES)
            found[f"{prefix}.tagged"] = choice(row["tagged"], YES_NO)
            found |= {f"{prefix}.{act}": choice(NO, YES_NO) for act in _ACTS}
        return found
