"""Answers that a fenced machine had kept and brings back: offered to the supervisor, never merged silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from exam.session import decisions as rules
from exam.session.time_decisions import decide_leftover, decide_rule_leftover
from kiosk.actions.room_acts import Done, Order, each_in
from kiosk.errors import Conflict
from kiosk.passage_place import place_of
from kiosk.room_news import tell_place
from kiosk.store import room_notes as store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.events import Answer
    from exam.session.attempt import ChainEvent
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.passage_place import Place
    from kiosk.passages import Entry
    from kiosk.store.machines import Pass
    from sync.db import Tx

MOST = 20
_answer: msgspec.json.Decoder[Answer | None] = msgspec.json.Decoder(
    str | list[str] | dict[str, str] | None  # what exam.events.Answer may be
)


_Typed = Annotated[str, msgspec.Meta(max_length=4000)]


class Offered(msgspec.Struct, frozen=True):
    """An answer an old machine still had: the question's number, the page's key."""

    number: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    answer: (
        _Typed
        | Annotated[list[_Typed], msgspec.Meta(max_length=200)]
        | Annotated[dict[_Typed, _Typed], msgspec.Meta(max_length=200)]
        | None
    )


async def offer(kiosk: Kiosk, found: Pass, given: Offered) -> None:
    """Keep an answer of a machine that no longer holds the passage; the one it holds now answers by itself."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Place | None:
        entry = kiosk.passages.get(tx, found.candidate)
        if entry.attempt.sitting.is_resend(given.number, given.key):
            return None
        if store.count_leftovers(tx, entry.id) >= MOST:
            raise Conflict("leftover.too_many")
        kept = store.Leftover(
            entry.id, given.number, found.machine, given.key, msgspec.json.encode(given.answer).decode(), now
        )
        if not store.add_leftover(tx, kept):
            return None
        t = entry.room.clock.now()
        kiosk.passages.append(
            tx, entry, decide_leftover(entry.attempt.passage, given.number, found.machine, t), now
        )
        entry.leftovers += 1
        return place_of(entry, t)

    where = await kiosk.db.write(job)
    if where is not None:
        tell_place(kiosk, where, own=False)


async def rule(  # noqa: PLR0913, PLR0917 - an act, its object, and what it says
    kiosk: Kiosk, actor: Actor, session: str, candidate: str, number: int, machine: str, *, taken: bool
) -> list[Done]:
    """Take such an answer as the answer to the question that still waits, or put it aside."""

    def decide(tx: Tx, entry: Entry, t: int) -> Sequence[ChainEvent]:
        kept = store.leftover(tx, candidate, number, machine)
        if kept is None or kept.ruled is not None:
            raise Conflict("leftover.unknown")
        ruled = decide_rule_leftover(entry.attempt.passage, number, actor.key, t, taken=taken)
        answered: Sequence[ChainEvent] = []
        if taken:
            asked = entry.attempt.sitting.current
            lang = asked.lang if asked is not None else "fr"
            answered = rules.decide_answer(
                entry.attempt, entry.room.paper, number, kept.key, _answer.decode(kept.answer), t, lang
            )
        store.rule_leftover(tx, kept, taken=taken)
        entry.leftovers = max(0, entry.leftovers - 1)
        return [*ruled, *answered]

    return await each_in(kiosk, actor, session, Order("rule_leftover", [candidate]), decide)
