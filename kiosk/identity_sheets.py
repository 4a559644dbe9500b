"""What identifies a candidate beside the chain: a sheet that a salted hash in the log names, so that it can be erased.

The sheet is printed in the square of a certificate; the details (INE, further names) go to the central instance alone,
sealed, for the national systems that ask it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sync.canonical import canonical
from sync.identities import Details, Sheet, sheet_hash

if TYPE_CHECKING:
    from kiosk.store.candidates import Candidate
    from kiosk.store.learners import Learner


class Made(NamedTuple):
    """A sheet, its hash, and the details."""

    sheet: str
    hash: str
    details: str


def new_salt() -> str:
    """Return what keeps names from being tried against the hash of a sheet."""
    return secrets.token_hex(16)


def make_sheet(row: Candidate, learner: Learner | None, salt: str) -> Made:
    """Return the sheet of a candidate with a salt of its own."""
    place = row.birth_city or (learner.birth_city if learner is not None else None) or ""
    sheet = canonical(
        Sheet(
            birth_date=row.birth_date,
            birth_place=place,
            first_name=row.first_name,
            last_name=row.last_name,
            salt=salt,
        )
    )
    details = Details(
        ine=(learner.ine or "") if learner is not None else "",
        middle_name=(learner.middle_name or "") if learner is not None else "",
        third_name=(learner.third_name or "") if learner is not None else "",
        sex=row.sex or "",
        division=row.division or "",
        external_id=row.external_id or "",
    )
    return Made(sheet.decode(), sheet_hash(sheet), msgspec.json.encode(details).decode())
