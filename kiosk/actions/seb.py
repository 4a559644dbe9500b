"""Safe Exam Browser: a session's file, and the check of a browser that says it was started from it.

A browser's header is a fixed hash of address and key, so it proves nothing twice: each check is of an address with a nonce that is
used once. The address is built from the configured public address, never from what a request says of itself.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import TYPE_CHECKING, Literal, NamedTuple

from kiosk.actions import lockdown_facts
from kiosk.actions.lockdown import room_of
from kiosk.actors import authorised
from kiosk.errors import Conflict, NotFound, Refused
from kiosk.lockdown.seb_file import locked_file, plain_file
from kiosk.lockdown.seb_json import config_key, header_value
from kiosk.lockdown.seb_settings import exam_settings
from kiosk.store import lockdown as store
from kiosk.store.lockdown import SebRow

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.lockdown.seb_json import Value
    from kiosk.store.sessions import Session
    from sync.db import Tx

NONCE_MS = 120_000
KEYS_MAX = 40
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
_HASH = re.compile(r"[0-9a-f]{64}")
Way = Literal["header", "script"]
Verdict = Literal["right", "wrong", "missing", "replayed"]


class Shown(NamedTuple):
    """What a browser showed for one address: hashes with the Config Key and with its own key, None when it did not."""

    way: Way
    config: str | None
    browser: str | None


def origin_of(kiosk: Kiosk) -> str:
    """Return the origin browsers of the room use; raises Conflict until it is settled."""
    address = kiosk.config.public_address.rstrip("/")
    if not address:
        if kiosk.secure:
            raise Conflict("lockdown.no_public_address")
        return f"http://127.0.0.1:{kiosk.config.port}"
    return address


async def settings(kiosk: Kiosk, actor: Actor, session: str) -> SebRow:
    """Return what a session asks of the browser, made the first time."""

    def job(tx: Tx) -> SebRow:
        authorised(tx, actor, session)
        return _row(tx, session)

    return await kiosk.db.write(job)


def _row(tx: Tx, session: str) -> SebRow:
    found = store.seb(tx, session)
    if found is None:
        found = SebRow(session, _password(), _password(), secrets.token_bytes(32), [])
        store.keep_seb(tx, found)
    return found


def _password() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(14))


async def keep_browser_keys(kiosk: Kiosk, actor: Actor, session: str, keys: list[str]) -> SebRow:
    """Keep the Browser Exam Keys a session takes (none: any); raises Refused for what is no key."""
    tidy = list(dict.fromkeys(key.strip().lower() for key in keys if key.strip()))
    if len(tidy) > KEYS_MAX or not all(_HASH.fullmatch(key) for key in tidy):
        raise Refused("lockdown.bad_browser_key", field="browser_keys")

    def job(tx: Tx) -> SebRow:
        authorised(tx, actor, session)
        row = _row(tx, session)._replace(browser_keys=tidy)
        store.keep_seb(tx, row)
        return row

    return await kiosk.db.write(job)


async def file_of(kiosk: Kiosk, actor: Actor, session: str, *, plain: bool) -> tuple[int, bytes]:
    """Return a session's number and its file, locked by its file password unless `plain`."""
    origin = origin_of(kiosk)

    def job(tx: Tx) -> tuple[Session, SebRow]:
        return authorised(tx, actor, session), _row(tx, session)

    found, row = await kiosk.db.write(job)
    asked = _settings(origin, found.number, row)
    return found.number, plain_file(asked) if plain else locked_file(asked, row.file_password)


def _settings(origin: str, number: int, row: SebRow) -> dict[str, Value]:
    return exam_settings(origin, number, row.quit_password, row.salt)


async def new_nonce(kiosk: Kiosk, candidate: str) -> str:
    """Return the path whose address is to be shown with its hash, once."""
    nonce, now = secrets.token_hex(16), kiosk.clock.now_ms()
    await kiosk.db.write(lambda tx: store.add_nonce(tx, nonce, candidate, now))
    return path_of(candidate, nonce)


def path_of(candidate: str, nonce: str) -> str:
    """Return the path of a nonce."""
    return f"/exam/{candidate}/seb/{nonce}"


async def check(kiosk: Kiosk, seb: dict[str, int], candidate: str, nonce: str, shown: Shown) -> Verdict:
    """Return what a browser's hashes prove for this nonce, which is used by it, and write it into the chain.

    A browser that shows no header may still show its hash by script: the nonce then stays good.
    """
    room = await room_of(kiosk, candidate)
    if room is None or room.session.lockdown != "seb":
        raise NotFound("page.unknown")
    if shown.config is None and shown.way == "header":
        return "missing"
    now, number = kiosk.clock.now_ms(), room.session.number

    def job(tx: Tx) -> tuple[bool, SebRow]:
        good = store.use_nonce(tx, nonce, candidate, now - NONCE_MS, now)
        return good, _row(tx, room.session.id)

    good, row = await kiosk.db.write(job)
    origin = origin_of(kiosk)
    key = config_key(_settings(origin, number, row))
    verdict: Verdict = _verdict(origin + path_of(candidate, nonce), key, row, shown) if good else "replayed"
    if verdict == "right":
        seb[candidate] = room.clock.now()
        await lockdown_facts.note(kiosk, candidate, "seb", f"{shown.way} {key[:16]}", holds=True)
    else:
        now = kiosk.clock.now_ms()
        where = (room.session.id, candidate, "")
        await kiosk.db.write(lambda tx: store.count_refusal(tx, where, f"seb_{verdict}", now))
        await _tell(kiosk, candidate, f"{shown.way} {verdict}", stops=verdict != "replayed")
    return verdict


async def _tell(kiosk: Kiosk, candidate: str, code: str, *, stops: bool) -> None:
    """Write that a check failed; another browser or file stops a test that has begun, an old address does not."""
    if stops:
        await lockdown_facts.freeze(kiosk, candidate, "seb", code)
    else:
        await lockdown_facts.note(kiosk, candidate, "seb", code, holds=False)


def _verdict(url: str, key: str, row: SebRow, shown: Shown) -> Verdict:
    if not shown.config:
        return "missing"
    right = _same(shown.config, header_value(url, key))
    if not row.browser_keys:
        return "right" if right else "wrong"
    # Every key is compared, in a time that says nothing of which was close.
    ours = [_same(shown.browser or "", header_value(url, known)) for known in row.browser_keys]
    return "right" if right and any(ours) else "wrong"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.lower().encode(), other.encode())
