"""Who a certificate is about: the sheet a hash in the log names, and the line that hands it in at the central instance.

The chain holds the hash alone. The sheet travels sealed for the central instance's box and can be erased at both ends.
"""

from __future__ import annotations

import hashlib
import re

import msgspec

SEALED = b"preau.identity-letter.v1\n"
"""Context of the letter in a `SheetLine`, before the school's id."""
CORRECTED = b"preau.corrected-identity.v1\n"
"""Context of a corrected sheet sealed for a school's box, before the school's id."""
SHEET = b"preau.identity-line.v1\n"
"""What a `SheetLine` is signed for."""
MAX_SHEETS = 50
MAX_SHEET = 4096
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who a candidate is; `salt` keeps names from being tried against the hash."""

    birth_date: str
    birth_place: str
    first_name: str
    last_name: str
    salt: str


class Details(msgspec.Struct, frozen=True):
    """What national systems know a pupil by."""

    ine: str = ""
    middle_name: str = ""
    third_name: str = ""
    sex: str = ""
    division: str = ""
    external_id: str = ""


class Letter(msgspec.Struct, frozen=True):
    """What is sealed: `sheet` is the canonical text whose hash the log holds."""

    details: Details
    sheet: str


class SheetLine(msgspec.Struct, frozen=True):
    """A sheet handed in; `box` is the school's, for what is sealed back to it."""

    at: int
    box: str
    candidate: str
    hash: str
    sealed: str
    session: str
    site: str
    v: int = 1


class SheetReceipt(msgspec.Struct, frozen=True):
    """The central instance keeps this sheet."""

    at: int
    candidate: str
    hash: str
    key: str
    site: str
    type: str = "identity"
    v: int = 1


def sheet_hash(sheet: bytes) -> str:
    """Return what the log says of a sheet."""
    return hashlib.sha256(b"preau.identity.v1\n" + sheet).hexdigest()


def read_sheet(data: bytes) -> Sheet:
    """Return a sheet; raises ValueError for anything else."""
    if len(data) > MAX_SHEET:
        raise ValueError("too long for a sheet")
    try:
        sheet = msgspec.json.decode(data, type=Sheet)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError("not a sheet") from error
    texts = (sheet.birth_place, sheet.first_name, sheet.last_name)
    if not _DATE.fullmatch(sheet.birth_date) or any(len(text) > 255 or "\0" in text for text in texts):
        raise ValueError("not a sheet")
    return sheet
