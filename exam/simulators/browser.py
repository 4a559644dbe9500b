"""A web browser: pages and tabs, address bar, history, bookmarks, what sites may do and keep, privacy settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot, choice, shown
from exam.simulators.schema import (
    NO,
    YES,
    YES_NO,
    Schema,
    choices,
    ident,
    maybe_words,
    rows,
    words,
    yes_no,
)

if TYPE_CHECKING:
    from exam.simulators.schema import Node

PERMISSIONS = ("camera", "microphone", "location", "notifications")
ALLOWED = ("ask", "allow", "block")
SETTINGS: dict[str, tuple[str, ...]] = {
    "cookies": ("all", "no_third_party", "none"),
    "on_close": ("keep", "clear"),
    "popups": ("allow", "block"),
    "tracking": ("allow", "refuse"),
    "passwords": ("save", "never"),
}
NEW_BOOKMARKS = 3


class Browser(Simulator):
    """Go from page to page, and leave no more traces than wanted."""

    name = "browser"
    schema: ClassVar[Schema] = {
        "pages": rows(
            {
                "id": ident,
                "title": words,
                "address": words,
                "text": words,
                "links": rows({"text": words, "to": ident}, most=12),
            },
            least=1,
        ),
        "tabs": rows({"id": ident, "page": ident}, most=8),
        "bookmarks": rows({"id": ident, "title": words, "address": words}),
        "history": rows({"id": ident, "title": words, "address": words, "when": maybe_words}),
        "sites": rows(
            {
                "id": ident,
                "name": words,
                "cookies": yes_no("yes"),
                "permissions": choices(PERMISSIONS, ALLOWED),
            },
        ),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return the place, the tabs, what is kept and every setting."""
        tabs = tuple(row["id"] for row in scene["tabs"]) or ("t1",)
        pages = {row["id"]: shown(row, "address") for row in scene["pages"]}
        first = scene["tabs"][0]["page"] if scene["tabs"] else next(iter(pages), "")
        found = {
            "address": Slot(pages.get(first, "")),
            "tab.active": choice(tabs[0], tabs),
            "private": choice(NO, YES_NO),
            "setting.homepage": Slot(),
        }
        for name, values in SETTINGS.items():
            found[f"setting.{name}"] = choice(values[0], values)
        for tab in tabs:
            found[f"tab.{tab}.open"] = choice(YES, YES_NO)
        for name in ("bookmarks", "history"):
            for row in scene[name]:
                found[f"{name.removesuffix('s')}.{row['id']}"] = choice(YES, YES_NO)
        for number in range(1, NEW_BOOKMARKS + 1):
            found[f"bookmark.new{number}"] = Slot()
        for row in scene["sites"]:
            found[f"site.{row['id']}.cookies"] = choice(row["cookies"], YES_NO)
            for name in PERMISSIONS:
                found[f"site.{row['id']}.{name}"] = choice(row["permissions"].get(name, "ask"), ALLOWED)
        return found

    def normal(self, key: str, value: str) -> str:
        """Return an address without what may be left out."""
        if key != "address" and not key.startswith("bookmark.new"):
            return value
        return value.strip().removeprefix("https://").removeprefix("http://").removesuffix("/")
