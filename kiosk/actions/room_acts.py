"""How an act of those in charge is done: once for each candidate it names, one commit for all, told after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.errors import ExamError
from exam.session.passage import ACTIVE
from exam.session.room_events import Act, Acted
from kiosk.actors import authorised
from kiosk.errors import Conflict, KioskError, NotFound
from kiosk.passage_place import place_of
from kiosk.refused_by_exam import as_refusal
from kiosk.room_news import tell_places
from kiosk.session_names import names_in, without_names
from kiosk.store import candidates as store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exam.session.attempt import ChainEvent
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.passage_place import Place
    from kiosk.passages import Entry
    from kiosk.rooms import Room
    from sync.db import Tx

    Decide = Callable[[Entry, int], Sequence[ChainEvent]]
    DecideIn = Callable[[Tx, Entry, int], Sequence[ChainEvent]]

MOST_AT_ONCE = 2000


class Done(msgspec.Struct, frozen=True):
    """What an act did for one candidate: `code` is empty, or the refusal's."""

    candidate: str
    code: str


class Order(NamedTuple):
    """One act on candidates (None: everyone whose passage is open) and the reason given."""

    act: Act
    candidates: Sequence[str] | None
    reason: str = ""


async def each(kiosk: Kiosk, actor: Actor, session: str, order: Order, decide: Decide) -> list[Done]:
    """Do an act that only concerns what is folded; return what became of it for each candidate."""
    return await each_in(kiosk, actor, session, order, lambda _, entry, t: decide(entry, t))


async def each_in(kiosk: Kiosk, actor: Actor, session: str, order: Order, decide: DecideIn) -> list[Done]:
    """Do an act that also reads or writes tables; return what became of it for each candidate.

    Raises NotFound when the session is not this actor's, Conflict when it is not open.
    """
    now = kiosk.clock.now_ms()
    if order.candidates is not None and len(order.candidates) > MOST_AT_ONCE:
        raise Conflict("session.too_many_at_once")

    def job(tx: Tx) -> tuple[list[Done], list[Place]]:
        authorised(tx, actor, session)
        room = kiosk.rooms.get(session)
        done, places, t = [], [], room.clock.now()
        names = names_in(tx, session) if order.reason else frozenset()

        def decided(tx: Tx, entry: Entry, t: int) -> Sequence[ChainEvent]:
            return [_nameless(event, names) for event in decide(tx, entry, t)]

        for wanted in _targets(tx, session, order):
            code, where = _one(kiosk, tx, room, wanted, decided, now)
            done.append(Done(wanted, code))
            if where is not None:
                places.append(where)
        if places:
            acted = Acted(
                t,
                actor.key,
                order.act,
                [one.candidate for one in places],
                without_names(order.reason[:300], names),
                actor.proof,
            )
            kiosk.log.append_event(tx, session, acted, now)
        return done, places

    done, places = await kiosk.db.write(job)
    tell_places(kiosk, places)
    return done


def _nameless(event: ChainEvent, names: frozenset[str]) -> ChainEvent:
    """Return the event, no name left in its reason."""
    reason = getattr(event, "reason", "")
    clean = without_names(reason, names) if names and reason else reason
    return event if clean == reason else msgspec.structs.replace(event, reason=clean)


def _targets(tx: Tx, session: str, order: Order) -> list[str]:
    if order.candidates is not None:
        return list(dict.fromkeys(order.candidates))
    return [row.id for row in store.of_session(tx, session) if row.state in ACTIVE]


def _one(  # noqa: PLR0913, PLR0917 - one act on one candidate
    kiosk: Kiosk, tx: Tx, room: Room, candidate: str, decide: DecideIn, now: int
) -> tuple[str, Place | None]:
    """Do the act for one candidate; return the refusal's code, or where the passage then stands."""
    try:
        entry = kiosk.passages.get(tx, candidate)
        if entry.room is not room:
            raise NotFound("candidate.unknown")
        t = room.clock.now()
        kiosk.passages.append(tx, entry, decide(tx, entry, t), now)
    except ExamError as refusal:
        return as_refusal(refusal).code, None
    except KioskError as refusal:
        return refusal.code, None
    return "", place_of(entry, t)
