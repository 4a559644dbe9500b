"""Who this server is: a school's number and name, and the key that is its identity.

The site's id comes from the key (`s-` and the key's id), never from an address. It exists from the first
moment, before any central instance is known.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import msgspec

from sync.keys import load, load_or_make, replace_file
from sync.uai import check_uai

if TYPE_CHECKING:
    from pathlib import Path

    from sync.keys import Signer

MAX_NAME = 200


class HomeError(Exception):
    """The home folder is not that of a server; the message says what to do."""


class SiteFile(msgspec.Struct, frozen=True):
    """What `site.json` holds."""

    site: str
    uai: str
    name: str


@dataclass(frozen=True)
class Identity:
    """The school and its key."""

    site: str
    uai: str
    name: str
    signer: Signer

    @classmethod
    def load(cls, home: Path) -> Self:
        """Return the identity kept in the home folder. Raises HomeError or sync.keys.KeyFileError."""
        try:
            found = msgspec.json.decode((home / "site.json").read_bytes(), type=SiteFile)
        except FileNotFoundError as error:
            raise HomeError(
                f"{home} is not the home of a server: run `preau init --uai UAI --name NAME`"
            ) from error
        except (OSError, msgspec.DecodeError) as error:
            raise HomeError(f"{home / 'site.json'} cannot be read: {error}") from error
        signer = load(key_path(home))
        if found.site != site_id(signer):
            raise HomeError(
                "site.json and keys/school.key do not belong together: restore both from one backup"
            )
        return cls(found.site, found.uai, found.name, signer)


def key_path(home: Path) -> Path:
    """Return where the school's private key is."""
    return home / "keys" / "school.key"


def site_id(signer: Signer) -> str:
    """Return the id of the site that holds this key."""
    return f"s-{signer.key_id}"


def init_home(home: Path, uai: str, name: str) -> Identity:
    """Make the home folder and the key, or return the identity already there when it is the same school.

    Raises sync.uai.BadUai, or HomeError when the name is empty or the folder belongs to another school.
    """
    uai, name = check_uai(uai), " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        raise HomeError(f"the school needs a name of at most {MAX_NAME} characters")
    if (home / "site.json").exists():
        known = Identity.load(home)
        if (known.uai, known.name) != (uai, name):
            raise HomeError(f"{home} already belongs to {known.name} ({known.uai}); choose another --home")
        return known
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer = load_or_make(key_path(home))
    identity = Identity(site_id(signer), uai, name, signer)
    found = SiteFile(identity.site, uai, name)
    replace_file(home / "site.json", msgspec.json.format(msgspec.json.encode(found)) + b"\n", 0o600)
    return identity


def now_ms() -> int:
    """Return milliseconds since 1970 by the wall clock, for notes of time; never for measuring."""
    return time.time_ns() // 1_000_000
