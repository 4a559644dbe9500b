"""Who reads a page: the officer as templates know a person, and how they chose to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from web.render import Display

if TYPE_CHECKING:
    from sync.central.store.officers import Officer
    from web.render import Face, Size, Theme

CHOICES = {
    "lang": ("fr", "en"),
    "theme": ("light", "dark", "contrast"),
    "face": ("atkinson", "dyslexic"),
    "size": ("normal", "large"),
}
"""What an officer may choose, the default first."""


@dataclass(frozen=True, slots=True)
class Person:
    """An officer as templates name them."""

    first_name: str
    last_name: str


def person_of(officer: Officer | None) -> Person | None:
    """Return the officer for the roof, or None for a stranger."""
    return None if officer is None else Person(officer.username, "")


def display_of(officer: Officer | None) -> Display:
    """Return how this reader sees pages; what is not chosen is the default."""
    if officer is None:
        return Display()
    chosen = {name: getattr(officer, name) for name in ("theme", "face", "size")}
    found = {name: value if value in CHOICES[name] else CHOICES[name][0] for name, value in chosen.items()}
    return Display(cast("Theme", found["theme"]), cast("Face", found["face"]), cast("Size", found["size"]))
