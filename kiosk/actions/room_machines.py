"""Machines of the room that were prepared: each has a label people read and a key its extension signs with.

The server keeps the public half alone. A browser becomes its machine by a ticket the extension obtained with that key.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from kiosk.errors import Refused
from kiosk.logins import digest_of, new_secret
from kiosk.store import lockdown as store
from kiosk.store import machines
from kiosk.store.machines import Machine

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.lockdown.statement import Said
    from sync.db import Tx

_LABEL = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")


class Prepared(msgspec.Struct, frozen=True):
    """A machine as its files need it; `key` is the private half (64 hex digits), which this server does not keep."""

    id: str
    label: str
    key: str


def check_label(label: str) -> str:
    """Return a label as written on the machine; raises Refused."""
    tidy = label.strip().upper()
    if not _LABEL.fullmatch(tidy):
        raise Refused("lockdown.bad_label", field="label", params={"label": tidy[:20]})
    return tidy


def prepare(tx: Tx, label: str, now_ms: int) -> Prepared:
    """Give the machine of this label a new key, and return it; its former key is good no more."""
    label = check_label(label)
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex()
    known = store.machine_by_label(tx, label)
    machine = known or secrets.token_hex(8)
    if known is None:
        made = Machine(machine, label, public, "{}", now_ms, now_ms, None)
        machines.add(tx, made, digest_of(new_secret()))
    else:
        store.keep_key(tx, machine, public)
    return Prepared(machine, label, seed)


async def become(kiosk: Kiosk, machine: str, former: Machine | None) -> tuple[Machine | None, str]:
    """Return a machine and the new secret of its cookie; what the browser was known as before is put away if unused."""
    now, secret = kiosk.clock.now_ms(), new_secret()

    def job(tx: Tx) -> Machine | None:
        found = machines.by_id(tx, machine)
        if found is None or found.retired_ms is not None:
            return None
        store.keep_cookie(tx, machine, digest_of(secret))
        if former is not None and former.id != machine:
            store.retire_unused(tx, former.id, now)
        return found

    return await kiosk.db.write(job), secret


async def keep_versions(kiosk: Kiosk, said: Said) -> None:
    """Keep which browser and extension a machine has."""
    now = kiosk.clock.now_ms()
    versions = msgspec.json.encode({"extension": said.version, "browser": said.browser}).decode()
    await kiosk.db.write(lambda tx: store.keep_versions(tx, said.machine, versions, now))
