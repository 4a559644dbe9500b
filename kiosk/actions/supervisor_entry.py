"""The way in for browsers without a key: number of the session, password of the session, with a lock-out.

Counted in the database, so that a restart forgives nothing: five failures from one address block it for two minutes, then
twice as long each time; thirty wrong passwords of a session, from anywhere, close this way until the principal gives
another. A number that does not exist is refused in the same words.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions.supervisor_tickets import ENTERED
from kiosk.actions.supervisors import LONGEST_NAME, Came, keep, remember
from kiosk.actions.throttle import FOR_GOOD_MS, FORGET_MS, block_ms
from kiosk.actors import authorised
from kiosk.campaign_rules import visible
from kiosk.errors import Forbidden, Refused, TooMany
from kiosk.logins import digest_of, new_secret
from kiosk.room_news import tell_room
from kiosk.session_codes import new_password
from kiosk.store import people, sessions
from kiosk.store import supervisors as store
from kiosk.store.supervisors import Supervisor

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from kiosk.store.sessions import Session
    from sync.db import Tx

FROM_ONE_ADDRESS = 5
FROM_ANYWHERE = 30
LONGEST_NUMBER = 9


class Typed(NamedTuple):
    """What somebody typed: the session's number, its password with or without C-, how they call themselves."""

    number: str
    password: str
    name: str


async def enter(kiosk: Kiosk, typed: Typed, address: str) -> Came:
    """Return who came in; raises Refused when number or password is wrong, TooMany when this way is closed for now."""
    now, secret = kiosk.clock.now_ms(), new_secret()
    name = visible(" ".join(typed.name.split()))[:LONGEST_NAME]

    def job(tx: Tx) -> Supervisor | None:
        found = _session(tx, typed.number.strip())
        number = str(found.number) if found is not None else ""
        _check(tx, number, address, now)
        if found is None or found.status not in ENTERED or not _same(found.password, typed.password):
            _count(tx, number, address, now)
            if found is not None:
                store.count_refusal(tx, found.id, "", "supervisor.wrong_password", now)
            return None
        people.drop_attempts(tx, _subject("address", address))
        made = Supervisor(
            id=secrets.token_hex(8),
            session=found.id,
            name=name,
            way="password",
            algorithm=None,
            public_key=None,
            digest=digest_of(secret),
            number="",
            nonce=None,
            counter=0,
            status="in",
            asked_ms=now,
            seen_ms=now,
            let_in_ms=now,
        )
        keep(tx, made)
        remember(kiosk, tx, made, now)
        return made

    await kiosk.db.read(
        lambda conn: _check(conn, "", address, now)
    )  # an address that is blocked waits for nobody
    made = await kiosk.db.write(job)
    if made is None:
        raise Refused("supervisor.wrong_password", field="password")
    tell_room(kiosk, made.session, "supervisors", "all", {})
    return Came(made, secret)


async def change_password(kiosk: Kiosk, actor: Actor, session: str) -> str:
    """Give a session another password and return it; whoever is in stays in. The principal's alone."""
    if actor.kind != "principal":
        raise Forbidden("role.wrong")
    fresh = new_password()

    def job(tx: Tx) -> None:
        found = authorised(tx, actor, session)
        store.keep_password(tx, session, fresh)
        people.drop_attempts(tx, _subject("session", str(found.number)))

    await kiosk.db.write(job)
    return fresh


def _session(conn: Reader, number: str) -> Session | None:
    sound = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return sessions.by_number(conn, int(number)) if sound else None


def _same(password: str, typed: str) -> bool:
    bare = "".join(typed.split())
    bare = bare[2:] if bare[:2].upper() == "C-" else bare
    return hmac.compare_digest(password.encode(), bare.encode("utf-8", "surrogatepass"))


def _check(conn: Reader, number: str, address: str, now: int) -> None:
    until = max(people.attempts_of(conn, subject)[1] for subject, _ in _subjects(number, address))
    if until >= FOR_GOOD_MS:
        raise TooMany("supervisor.blocked")
    if until > now:
        seconds = -(-(until - now) // 1000)
        raise TooMany("supervisor.throttled", params={"count": -(-seconds // 60)}, retry_after=seconds)


def _count(tx: Reader, number: str, address: str, now: int) -> None:
    """Count a failure of this address, and of this session when there is one: made-up numbers leave nothing behind."""
    for subject, limit in _subjects(number, address):
        failures = people.attempts_of(tx, subject)[0] + 1
        until = (
            FOR_GOOD_MS if limit == FROM_ANYWHERE and failures >= limit else now + block_ms(failures, limit)
        )
        people.keep_attempts(tx, subject, failures, until, now)
    people.sweep_attempts(tx, now - FORGET_MS)


def _subjects(number: str, address: str) -> list[tuple[str, int]]:
    named = [(_subject("session", number), FROM_ANYWHERE)] if number else []
    return [(_subject("address", address), FROM_ONE_ADDRESS), *named]


def _subject(kind: str, text: str) -> str:
    said = f"supervisor\0{kind}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).hexdigest()
