"""People as the kiosk knows them, and what their role lets them do.

A role is one word, and it is not the person's: it says what they are in the organisation they act for at this moment.
An administrator of it is its principal, any other member a teacher, and whoever acts for none is a pupil. What a
role opens is decided here and on the object, never in a template.
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
    """One account, without its password, acting for `organisation`; None when they act for themselves."""

    id: str
    username: str | None
    email: str | None
    first_name: str
    last_name: str
    role: Role
    organisation: str | None
    lang: Lang
    display: Display
    must_change: bool
    disabled: bool

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the organisation they act for."""
        return self.role in STAFF


MemberRole = Literal["admin", "member"]
MEMBER_ROLES: tuple[MemberRole, ...] = get_args(MemberRole)


class Workplace(msgspec.Struct, frozen=True):
    """An organisation a person may act for, what they are there, and whether they accepted its terms of use."""

    id: str
    name: str
    role: MemberRole
    terms: bool
    has_logo: bool


def role_of(member: MemberRole | None) -> Role:
    """Return the role of a member of an organisation; None is nobody's member."""
    if member is None:
        return "pupil"
    return "principal" if member == "admin" else "teacher"


def member_role(role: Role) -> MemberRole | None:
    """Return what someone of this role is in their organisation; None for a pupil."""
    if role == "pupil":
        return None
    return "admin" if role == "principal" else "member"
