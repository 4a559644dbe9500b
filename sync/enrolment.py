"""What a school keeps of its enrolment: where the central instance is, and the key it is known by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.keys import load_public, replace_file, save_public

if TYPE_CHECKING:
    from pathlib import Path

    from sync.keys import PublicKey


class EnrolmentFile(msgspec.Struct, frozen=True):
    """What `enrolment.json` holds. `statement` is the central instance's signed line."""

    central: str
    site: str
    statement: str


@dataclass(frozen=True)
class Enrolled:
    """An enrolment as used: the address, our site, the central key, and a local authority when there is one."""

    central: str
    site: str
    central_key: PublicKey
    ca_file: str | None


class NotEnrolled(Exception):  # noqa: N818 - says what is the case
    """The school does not know any central instance yet; the message says how to enrol."""


def load_enrolment(home: Path) -> Enrolled:
    """Return the enrolment kept in the home folder. Raises NotEnrolled or sync.keys.KeyFileError."""
    try:
        found = msgspec.json.decode((home / "enrolment.json").read_bytes(), type=EnrolmentFile)
    except FileNotFoundError as error:
        raise NotEnrolled(
            "this school is not enrolled: run `preau enrol --central URL --code CODE`"
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        raise NotEnrolled(f"enrolment.json cannot be read ({error}): enrol again") from error
    authority = authority_path(home)
    ca_file = str(authority) if authority.exists() else None
    return Enrolled(found.central, found.site, load_public(central_key_path(home)), ca_file)


def save_enrolment(home: Path, found: EnrolmentFile, key: PublicKey, authority: bytes | None = None) -> None:
    """Keep the key and a local authority's certificate first, then the file that says they are there."""
    save_public(central_key_path(home), key)
    if authority is not None:
        replace_file(authority_path(home), authority, 0o644)
    replace_file(home / "enrolment.json", msgspec.json.format(msgspec.json.encode(found)) + b"\n", 0o600)


def central_key_path(home: Path) -> Path:
    """Return where the central instance's public key is kept."""
    return home / "keys" / "central.pub"


def authority_path(home: Path) -> Path:
    """Return where a local authority's certificate is kept, when the central instance has one."""
    return home / "keys" / "central-ca.pem"
