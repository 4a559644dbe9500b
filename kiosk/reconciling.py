"""Linking an account to a pupil of a list: what a person types, what existing accounts look like, and short codes.

A short code is what a pupil reads out to whoever helps them: R while linking an account that is signed in, S while
signing in or creating one; the second digit says what stands in the way. The existing way in is shown so that its
owner knows it again and nobody else learns it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from kiosk.name_matching import Candidate, find

Method = Literal["email", "username", "provider"]
Moment = Literal["reconciling", "registering"]
OTHER_PUPIL = "R70"
NOT_YOURS = "R90"
USERNAME_EXISTS = "S50"
_CODES: dict[tuple[Moment, bool], str] = {
    ("reconciling", False): "R1",
    ("reconciling", True): "R3",
    ("registering", True): "S5",
    ("registering", False): "S6",
}
_LAST: dict[Method, str] = {"email": "1", "username": "2", "provider": "3"}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_FRENCH = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", re.ASCII)


class Typed(msgspec.Struct, frozen=True):
    """What a person says of themselves; `birth_date` is YYYY-MM-DD."""

    first_name: str
    last_name: str
    birth_date: str
    student_number: str = ""


class Methods(NamedTuple):
    """The ways into an account: its username, its e-mail, whether an identity provider knows it."""

    username: str | None
    email: str | None
    provider: bool

    @property
    def shown(self) -> Method:
        """The way in to name first: the one its owner most surely remembers."""
        if self.email:
            return "email"
        return "username" if self.username else "provider"

    @property
    def hint(self) -> str:
        """That way in, obfuscated; "" for an identity provider."""
        if self.email:
            return obfuscated_email(self.email)
        return obfuscated_username(self.username) if self.username else ""


def short_code(moment: Moment, method: Method, *, same_organisation: bool) -> str:
    """Return the code of a pupil who already has an account, such as R12 or S51."""
    return _CODES[moment, same_organisation] + _LAST[method]


def obfuscated_username(username: str) -> str:
    """Return first letters, and the digits that its owner knows: c•••.b•••2612."""
    stem, digits = (username[:-4], username[-4:]) if username[-4:].isdigit() else (username, "")
    return ".".join(f"{part[:1]}•••" for part in stem.split(".")) + digits


def obfuscated_email(email: str) -> str:
    """Return the first letter and the domain: c•••@example.net."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def read_date(text: str) -> str | None:
    """Return a date as YYYY-MM-DD, from that form or from DD/MM/YYYY; None when it is no day of a calendar."""
    trimmed = text.strip()
    iso, french = _ISO.fullmatch(trimmed), _FRENCH.fullmatch(trimmed)
    if iso:
        year, month, day = iso.groups()
    elif french:
        day, month, year = french.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


class Listed(msgspec.Struct, frozen=True):
    """A pupil of the list who has the birth date typed."""

    id: str
    first_name: str
    middle_name: str | None
    third_name: str | None
    last_name: str
    preferred_last_name: str | None
    student_number: str | None
    ine: str | None
    person: str | None


def found_among(listed: list[Listed], typed: Typed, *, by_number: bool) -> Listed | None:
    """Return the pupil who is surely meant, None when there is none or a doubt.

    In higher education the student number must be the one typed, whatever its case.
    """
    number = typed.student_number.strip().casefold()
    if by_number and not number:
        return None
    kept = [one for one in listed if not by_number or (one.student_number or "").strip().casefold() == number]
    candidates = [
        Candidate(
            one.id,
            (one.first_name, one.middle_name, one.third_name),
            (one.last_name, one.preferred_last_name),
        )
        for one in kept
    ]
    wanted = find(typed.first_name, typed.last_name, candidates)
    return next((one for one in kept if one.id == wanted), None)
