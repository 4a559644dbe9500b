"""Signing the end of a session: the principal's browser signs the finalisation, supervisors' phones the session's chain.

A principal's key is made in the browser they finalise in, and is theirs from then on. What it signs is worked out by leading
the finalisation to its end and taking it back: the record then says those very words, or nothing is finalised.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions.finalisation import Settled, Settling, record, settle
from kiosk.actors import authorised, principal
from kiosk.errors import Conflict, Forbidden, Refused
from kiosk.identity_sheets import new_salt
from kiosk.store import candidates, supervisors
from kiosk.store import signatures as store
from kiosk.store.signatures import Asked
from sync.canonical import canonical
from sync.chain import head_of
from sync.finalisation_proofs import PRINCIPAL, PRINCIPAL_DOMAIN, content_of, principal_statement
from sync.room_proofs import BadKey, check_key, is_signed
from sync.session_records import KeySignature

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.finalisation_rules import Finalisation
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.sessions import Session
    from kiosk.store.signatures import Countersigned
    from sync.db import Tx
    from sync.room_proofs import Algorithm

VALID_MS = 5 * 60_000


class BrowserKey(NamedTuple):
    """The public half of a key a browser made, in hex."""

    algorithm: Algorithm
    public_key: str


class Signing(NamedTuple):
    """Where a session's signatures stand: the head of its chain, and who is in with what they signed."""

    head: str
    supervisors: list[Countersigned]


class _TakenBack(Exception):  # noqa: N818 - not an error: how a finalisation is led to its end and nothing kept
    def __init__(self, settled: Settled) -> None:
        super().__init__("taken back")
        self.settled = settled


async def statement(kiosk: Kiosk, person: Person, session: str, said: Finalisation, key: BrowserKey) -> str:
    """Return what this principal's browser must sign to finalise a session with what is said; nothing is finalised.

    Raises what finalising would, Refused for a key that is none, Forbidden for somebody else's.
    """
    actor, now = principal(person), kiosk.clock.now_ms()
    try:
        check_key(key.algorithm, key.public_key)
    except BadKey:
        raise Refused("supervisor.bad_key", field="public_key") from None
    salts: dict[str, str] = {}

    def led(tx: Tx) -> None:
        if store.owner_of_key(tx, key.public_key) not in {None, person.id}:
            raise Forbidden("finalisation.key_of_another")
        salts.update({row.id: new_salt() for row in candidates.of_session(tx, session)})
        raise _TakenBack(settle(kiosk, tx, actor, Settling(session, said, now, salts, by_key=True)))

    try:
        await kiosk.db.write(led)
    except _TakenBack as done:
        content = content_of(canonical(done.settled.body))
    nonce = secrets.token_hex(16)
    text = principal_statement(session, content, nonce).decode()

    def keep(tx: Tx) -> None:
        store.keep_key(tx, person.id, key.algorithm, key.public_key, now)
        store.ask(tx, Asked(session, person.id, key.public_key, text, nonce, salts, now))

    await kiosk.db.write(keep)
    return text


async def finalise_signed(
    kiosk: Kiosk, person: Person, session: str, said: Finalisation, signature: str
) -> Session:
    """Finalise a session by a signature of what `statement` gave, and return it.

    Raises Conflict when that was too long ago, or would no longer be what the record says; Forbidden for a signature that
    is not the key's. Nothing is changed then.
    """
    actor, now = principal(person), kiosk.clock.now_ms()

    def job(tx: Tx) -> Session:
        authorised(tx, actor, session)
        asked = store.asked_of(tx, session)
        if asked is None or asked.person != person.id or not 0 <= now - asked.at_ms <= VALID_MS:
            raise Conflict("finalisation.too_late")
        how = Settling(session, said, asked.at_ms, asked.salts, by_key=True)
        settled = settle(kiosk, tx, actor, how)
        text = principal_statement(session, content_of(canonical(settled.body)), asked.nonce)
        if text.decode() != asked.said:
            raise Conflict("finalisation.changed")
        algorithm: Algorithm = "p256" if store.algorithm_of(tx, asked.public_key) == "p256" else "ed25519"
        if not is_signed(algorithm, asked.public_key, text, signature, PRINCIPAL_DOMAIN):
            raise Forbidden("finalisation.bad_signature")
        own = KeySignature(actor.key, PRINCIPAL, signature, algorithm, asked.public_key, asked.said)
        return record(kiosk, tx, settled, asked.at_ms, own)

    return await kiosk.db.write(job)


async def countersign(kiosk: Kiosk, actor: Actor, session: str, head: str) -> None:
    """Keep that a supervisor's phone signed the head of a closed session's chain; the same again changes nothing.

    Raises Forbidden for whoever has no key or came in after the closing, Conflict for a session that is not over or for another head.
    """
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        found = authorised(tx, actor, session)
        one = supervisors.by_id(tx, actor.key.partition(":")[2]) if actor.kind == "supervisor" else None
        if one is None or not actor.proof or (found.status == "closed" and not one.chained):
            raise Forbidden("supervisor.no_key")
        if found.status != "closed":
            raise Conflict("finalisation.still_open" if found.status == "open" else "session.closed")
        if head != head_of(kiosk.log.events_in(tx, session)):
            raise Conflict("finalisation.other_head")
        store.countersign(tx, one, head, actor.proof, now)

    await kiosk.db.write(job)


def signing_of(kiosk: Kiosk, conn: Reader, session: str) -> Signing:
    """Return where a closed session's signatures stand."""
    head = head_of(kiosk.log.events(conn, session))  # type: ignore[arg-type] # a read connection
    return Signing(head, store.countersigned(conn, session, head))
