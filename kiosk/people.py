"""People as the kiosk knows them, and what their role lets them do.

A role is one word; what it opens is decided here and on the object, never in a template.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

Role = Literal["pupil", "teacher", "principal"]
ROLES: tuple[Role, ...] = get_args(Role)
STAFF: frozenset[Role] = frozenset({"teacher", "principal"})

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
Theme = Literal["light", "dark", "contrast"]
Face = Literal["atkinson", "dyslexic"]
Size = Literal["normal", "large"]


class Display(msgspec.Struct, frozen=True):
    """How a person wants pages to look; kept with the account, so it follows from machine to machine."""

    theme: Theme = "light"
    face: Face = "atkinson"
    size: Size = "normal"


class Person(msgspec.Struct, frozen=True):
    """One account, without its password."""

    id: str
    username: str
    first_name: str
    last_name: str
    role: Role
    division: str | None
    lang: Lang
    display: Display
    must_change: bool
    disabled: bool

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the school."""
        return self.role in STAFF
