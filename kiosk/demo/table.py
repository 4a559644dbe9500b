"""What the demo says once it is ready: where to go, who to be, which code to enter; in words or as one JSON object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kiosk.codes import spaced
from kiosk.demo.cast import CAST, DAY_CODE, OFFICER, OFFICER_PASSWORD, Member
from kiosk.lan.qr import qr_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.demo.school import Filled

ROLES = {"principal": "Principal", "teacher": "Teacher", "pupil": "Pupil"}


@dataclass(frozen=True)
class Ready:
    """A running demo."""

    home: Path
    school: str
    central: str
    filled: Filled
    processes: dict[str, int]
    """The process of each server, for scripts that watch or disturb them."""

    @property
    def code(self) -> str:
        """The campaign's code."""
        return self.filled.code

    @property
    def link(self) -> str:
        """The address that opens the campaign."""
        return f"{self.school}/code/{self.code}"


def _born(member: Member) -> str:
    """Return what a candidate also gives at the door of a certification."""
    year, _, rest = member.birth_date.partition("-")
    month, _, day = rest.partition("-")
    return f", born {day}/{month}/{year}" if day else ""


def as_object(ready: Ready) -> dict[str, Any]:
    """Return what scripts and tests read."""
    logins = [
        {
            "role": member.role,
            "username": member.username,
            "password": member.password,
            "name": f"{member.first_name} {member.last_name}",
        }
        for member in CAST
    ]
    officer = {
        "role": "officer",
        "username": OFFICER,
        "password": OFFICER_PASSWORD,
        "name": "Camille Roussel",
    }
    return {
        "school": ready.school,
        "central": ready.central,
        "code": ready.code,
        "link": ready.link,
        "session": {
            "number": ready.filled.session,
            "access_code": ready.filled.access_code,
            "day_code": DAY_CODE,
            "candidates": f"{ready.school}/exam",
            "supervisors": f"{ready.school}/supervise",
        },
        "logins": logins,
        "officer": officer,
        "home": str(ready.home),
        "processes": ready.processes,
    }


def as_text(ready: Ready) -> str:
    """Return the table a person reads."""
    width = max(len(member.username) for member in CAST)
    wide = max(len(member.password) for member in CAST)
    people = [
        f"  {ROLES[member.role]:<10} {member.username:<{width}}  {member.password:<{wide}}  {member.first_name} {member.last_name}{_born(member)}"
        for member in CAST
    ]
    return "\n".join(
        [
            "",
            "Préau is running: a demo, for this machine only. Its passwords are known to everybody.",
            "",
            f"  School     {ready.school}",
            f"  Central    {ready.central}",
            f"  Campaign   {spaced(ready.code)}   {ready.link}",
            f"  Session    {ready.filled.session}   {ready.school}/staff/sessions (the principal opens it), then {ready.school}/exam",
            f"             day code « {DAY_CODE} », access code {ready.filled.access_code}",
            "",
            qr_terminal(ready.link).rstrip("\n"),
            "",
            "  Who        username" + " " * (width - 8) + "  password",
            *people,
            f"  {'Officer':<10} {OFFICER:<{width}}  {OFFICER_PASSWORD:<{wide}}  at the central address",
            "",
            f"Data and journals are in {ready.home}. Ctrl-C stops everything; the next start finds it as it was.",
        ]
    )
