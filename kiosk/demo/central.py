"""The demo's central instance: its home, one officer, its banks, the code the school enrols with; by its own commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.demo.cast import DAY_CODE, OFFICER, OFFICER_PASSWORD, SCHOOL, UAI
from kiosk.demo.certification import BUNDLE, PUBLIC
from kiosk.demo.commands import command
from sync.enrolment import NotEnrolled, load_enrolment

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Instance centrale (démonstration)"


def make_central(home: Path, school: Path) -> str | None:
    """Make what is missing of the central instance; return a code for the school, None once it is enrolled.

    It is given every bank the school has used, without which it could not replay what it receives.
    """
    code = None
    if not _is_enrolled(school):
        officer = ("--officer", OFFICER, "--password-stdin")
        command(home, "central", "init", "--name", NAME, *officer, stdin=f"{OFFICER_PASSWORD}\n")
        code = str(command(home, "central", "school", "add", "--uai", UAI, "--name", SCHOOL)["code"])
    for bundle in sorted((school / "banks").glob("*.json")):
        command(home, "central", "bank", "add", str(bundle))
    signed = ("--public-key", str(school / "keys" / PUBLIC), "--day-code-stdin")
    command(home, "central", "bank", "add", str(school / BUNDLE), *signed, stdin=f"{DAY_CODE}\n")
    return code


def _is_enrolled(school: Path) -> bool:
    try:
        load_enrolment(school)
    except NotEnrolled:
        return False
    return True
