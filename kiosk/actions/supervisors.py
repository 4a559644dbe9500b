"""Supervisors come into a session and out of it: a phone asks with a ticket, somebody compares a number, somebody revokes.

A key that was revoked is refused at the next request; it never comes back, its owner asks again with another ticket. What
happens to keys stands in the session's chain, with the key itself, so that every proof in it can be checked later.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.session.room_events import Acted
from kiosk.actions import supervisor_tickets as tickets
from kiosk.actors import authorised
from kiosk.campaign_rules import visible
from kiosk.errors import Conflict, Forbidden, NotFound, Refused
from kiosk.logins import digest_of, new_secret
from kiosk.room_news import tell_room
from kiosk.store import supervisors as store
from kiosk.store.supervisors import RefusalRow, Supervisor
from kiosk.supervisor_keys import number_of, proof_of, statement
from sync.room_proofs import BadKey, check_key, is_signed

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from kiosk.supervisor_keys import Claim
    from sync.db import Tx
    from sync.room_proofs import Algorithm

MOST = 40
"""Browsers that may be in a session or ask, at a time."""
LONGEST_NAME = 60
SEEN_MS = 20_000


class Came(NamedTuple):
    """Who asks or came in, and the secret its browser keeps, the one time it is known."""

    supervisor: Supervisor
    secret: str


class Known(msgspec.Struct, frozen=True):
    """A session's supervisors: who asks, is in, or went, how many kits wait, and what was refused."""

    supervisors: list[Supervisor]
    kits: int
    refusals: list[RefusalRow]


async def ask(kiosk: Kiosk, ticket: str, algorithm: Algorithm, public_key: str) -> Came:
    """Use a ticket up for this key and return who asks; raises Refused for a ticket or a key that is not good."""
    try:
        check_key(algorithm, public_key)
    except BadKey:
        raise Refused("supervisor.bad_key", field="public_key") from None
    now, secret, nonce = kiosk.clock.now_ms(), new_secret(), secrets.token_hex(16)
    # Whoever has no ticket at all never reaches the writer, which has answers to keep.
    if await kiosk.db.read(lambda conn: store.ticket(conn, digest_of(ticket))) is None:
        raise Refused("supervisor.bad_ticket")

    def job(tx: Tx) -> Supervisor:
        session = tickets.use(tx, ticket, now)
        made = Supervisor(
            id=secrets.token_hex(8),
            session=session.id,
            name="",
            way="key",
            algorithm=algorithm,
            public_key=public_key,
            digest=digest_of(secret),
            number=number_of(public_key, nonce),
            nonce=nonce,
            counter=0,
            status="asking",
            asked_ms=now,
            seen_ms=now,
        )
        keep(tx, made)
        return made

    made = await kiosk.db.write(job)
    _tell(kiosk, made.session)
    return Came(made, secret)


def keep(tx: Tx, made: Supervisor) -> None:
    """Keep who asks or comes in; raises Conflict when too many are there already."""
    there = [one for one in store.of_session(tx, made.session) if one.status in {"asking", "in"}]
    if len(there) >= MOST:
        raise Conflict("supervisor.too_many")
    store.add(tx, made)


async def call_oneself(kiosk: Kiosk, asking: Supervisor, name: str) -> None:
    """Keep how somebody who asks calls themselves, for whoever compares the number."""
    said = visible(" ".join(name.split()))[:LONGEST_NAME]
    await kiosk.db.write(lambda tx: store.keep_name(tx, asking.id, said))
    _tell(kiosk, asking.session)


async def let_in(kiosk: Kiosk, actor: Actor, session: str, supervisor: str, number: str) -> None:
    """Let in who asks, once the number on their screen was compared; raises Conflict when it is another."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        found = _of(tx, actor, session, supervisor)
        tickets.check_may_let_in(tx, actor)
        if found.status != "asking":
            raise Conflict("supervisor.not_asking")
        if not secrets.compare_digest(found.number.encode(), number.encode()):
            raise Conflict("supervisor.other_number")
        store.keep_in(tx, supervisor, actor.key, now)
        _chain(kiosk, tx, actor, msgspec.structs.replace(found, let_in_by=actor.key), now)

    await kiosk.db.write(job)
    _tell(kiosk, session)


async def put_out(kiosk: Kiosk, actor: Actor, session: str, supervisor: str, why: str = "") -> None:
    """Refuse who asks, or revoke who is in: at once, and for good."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        found = _of(tx, actor, session, supervisor)
        if found.status not in {"asking", "in"}:
            raise Conflict("supervisor.gone")
        status: store.Status = "refused" if found.status == "asking" else "revoked"
        store.keep_out(tx, supervisor, status, actor.key, why.strip()[:200], now)
        room = kiosk.rooms.find(session)
        if room is not None and status == "revoked":
            done = Acted(room.clock.now(), actor.key, "revoke", [], found.key, actor.proof)
            kiosk.log.append_event(tx, session, done, now)

    await kiosk.db.write(job)
    _tell(kiosk, session)


async def known(kiosk: Kiosk, actor: Actor, session: str) -> Known:
    """Return who supervises a session; raises NotFound for anyone else's."""

    def job(conn: Reader) -> Known:
        authorised(conn, actor, session)
        return Known(
            store.of_session(conn, session), store.count_kits(conn, session), store.refusals(conn, session)
        )

    return await kiosk.db.read(job)


async def fresh_nonce(kiosk: Kiosk, supervisor: Supervisor) -> str:
    """Return what the next act of this supervisor must repeat; an earlier one is void."""
    nonce = secrets.token_hex(16)
    await kiosk.db.write(lambda tx: store.keep_nonce(tx, supervisor.id, nonce))
    return nonce


async def prove(kiosk: Kiosk, supervisor: Supervisor, address: str, claim: Claim, body: bytes) -> str:
    """Return the proof for the chain once the key has signed this request; its nonce and counter are used up.

    Raises Forbidden for a signature that is not this key's, Conflict for what was used before; both are counted.
    """
    now = kiosk.clock.now_ms()
    said = statement(supervisor.session, address, claim, body)
    algorithm: Algorithm = "p256" if supervisor.algorithm == "p256" else "ed25519"
    if not is_signed(algorithm, supervisor.public_key or "", said, claim.signature):
        await note_refusal(kiosk, supervisor, "supervisor.bad_signature")
        raise Forbidden("supervisor.bad_signature")

    def job(tx: Tx) -> str:
        found = store.by_id(tx, supervisor.id)
        if found is None or found.status != "in":
            return "supervisor.revoked"
        if claim.counter <= found.counter:
            return "supervisor.replayed"
        if found.nonce is None or not secrets.compare_digest(found.nonce.encode(), claim.nonce.encode()):
            return "supervisor.stale"
        store.use_nonce(tx, found.id, claim.counter, now)
        _remember(kiosk, tx, found, now)
        return ""

    refused = await kiosk.db.write(job)
    if refused:
        await note_refusal(kiosk, supervisor, refused)
        raise Forbidden(refused) if refused == "supervisor.revoked" else Conflict(refused)
    return proof_of(claim, said)


async def note_refusal(kiosk: Kiosk, supervisor: Supervisor, code: str) -> None:
    """Count what was refused to this supervisor's browser, and tell those in charge."""
    now = kiosk.clock.now_ms()
    await kiosk.db.write(lambda tx: store.count_refusal(tx, supervisor.session, supervisor.id, code, now))
    _tell(kiosk, supervisor.session)


async def note_seen(kiosk: Kiosk, supervisor: Supervisor) -> None:
    """Note now and then that a supervisor's page is there."""
    now = kiosk.clock.now_ms()
    if now - supervisor.seen_ms >= SEEN_MS:
        await kiosk.db.write(lambda tx: store.keep_seen(tx, supervisor.id, now))


def _of(tx: Tx, actor: Actor, session: str, supervisor: str) -> Supervisor:
    authorised(tx, actor, session)
    found = store.by_id(tx, supervisor)
    if found is None or found.session != session:
        raise NotFound("supervisor.unknown")
    return found


def _remember(kiosk: Kiosk, tx: Tx, supervisor: Supervisor, now: int) -> None:
    """Write a key into the chain before its first act, when it came in before the session opened."""
    if not supervisor.chained:
        _chain(kiosk, tx, None, supervisor, now)


def _chain(kiosk: Kiosk, tx: Tx, actor: Actor | None, supervisor: Supervisor, now: int) -> None:
    room = kiosk.rooms.find(supervisor.session)
    if room is None:
        return
    by = supervisor.let_in_by or supervisor.key
    words = f"{supervisor.key} {supervisor.algorithm or 'password'} {supervisor.public_key or ''}".strip()
    done = Acted(room.clock.now(), by, "join", [], words, actor.proof if actor is not None else "")
    kiosk.log.append_event(tx, supervisor.session, done, now)
    store.keep_chained(tx, supervisor.id)


def remember(kiosk: Kiosk, tx: Tx, supervisor: Supervisor, now: int) -> None:
    """Write into the chain that somebody is in, unless it says so."""
    _remember(kiosk, tx, supervisor, now)


def _tell(kiosk: Kiosk, session: str) -> None:
    """Tell the screens of those in charge that who is in charge has changed."""
    tell_room(kiosk, session, "supervisors", "all", {})
