"""Tickets: what a square on the principal's screen or on a printed kit holds, good once and for a short while.

The secret stands after the # of an address, which no browser ever sends: it is in no log. The database holds its hash.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from kiosk.actors import authorised
from kiosk.errors import Conflict, Forbidden, Refused
from kiosk.logins import digest_of
from kiosk.store import sessions
from kiosk.store import supervisors as store
from kiosk.store.supervisors import Ticket

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from kiosk.store.sessions import Session

SCREEN_MS = 60_000
KITS_MAX = 12
_TICKET_BYTES = 18
ENTERED = frozenset({"created", "open"})
"""States of a session in which supervisors come in."""


class Shown(NamedTuple):
    """A ticket just made: its secret, the one time it is known, and until when it is good."""

    secret: str
    until_ms: int


async def show_ticket(kiosk: Kiosk, actor: Actor, session: str) -> Shown:
    """Return a ticket for a screen, good for a minute; raises Conflict once the session is over."""
    now, secret = kiosk.clock.now_ms(), secrets.token_urlsafe(_TICKET_BYTES)
    made = Ticket(digest_of(secret), session, "screen", actor.key, now, now + SCREEN_MS)

    def job(tx: Reader) -> None:
        _check_entered(authorised(tx, actor, session))
        check_may_let_in(tx, actor)
        store.sweep_tickets(tx, session, now - SCREEN_MS)
        store.add_ticket(tx, made)

    await kiosk.db.write(job)
    return Shown(secret, now + SCREEN_MS)


async def kit_ticket(kiosk: Kiosk, actor: Actor, session: str) -> str:
    """Return the secret of a ticket for a printed kit: one use, on the session's own day. Raises Conflict after a dozen."""
    now, secret = kiosk.clock.now_ms(), secrets.token_urlsafe(_TICKET_BYTES)
    made = Ticket(digest_of(secret), session, "kit", actor.key, now, None)

    def job(tx: Reader) -> None:
        _check_entered(authorised(tx, actor, session))
        check_may_let_in(tx, actor)
        if store.count_kits(tx, session) >= KITS_MAX:
            raise Conflict("supervisor.too_many_kits")
        store.add_ticket(tx, made)

    await kiosk.db.write(job)
    return secret


async def call_in_kits(kiosk: Kiosk, actor: Actor, session: str) -> None:
    """End the tickets of kits that nobody used."""
    now = kiosk.clock.now_ms()

    def job(tx: Reader) -> None:
        authorised(tx, actor, session)
        store.end_kits(tx, session, now)

    await kiosk.db.write(job)


def use(tx: Reader, secret: str, now_ms: int) -> Session:
    """Use a ticket up and return its session; raises Refused, always in the same words, when it is not good."""
    found = store.ticket(tx, digest_of(secret))
    session = sessions.by_id(tx, found.session) if found is not None else None
    if found is None or session is None or found.ended_ms is not None or not _in_time(found, session, now_ms):
        raise Refused("supervisor.bad_ticket")
    _check_entered(session)
    store.end_ticket(tx, found.digest, now_ms)
    return session


def _in_time(ticket: Ticket, session: Session, now_ms: int) -> bool:
    if ticket.until_ms is not None:
        return now_ms < ticket.until_ms
    day = datetime.fromtimestamp(now_ms // 1000, UTC).astimezone().date()
    return day.isoformat() == session.date


def _check_entered(session: Session) -> None:
    if session.status not in ENTERED:
        raise Conflict("session.closed")


def check_may_let_in(tx: Reader, actor: Actor) -> None:
    """Raise Forbidden unless this actor may bring supervisors in: the principal, or a supervisor who has a key."""
    if actor.kind == "principal":
        return
    found = store.by_id(tx, actor.key.removeprefix("supervisor:"))
    if found is None or found.way != "key":
        raise Forbidden("supervisor.needs_key")
