"""What those in charge of a session do: one function an act, authorised on the session, signed into its chain.

An act on several candidates does what it can and says for each why not. Each leaves one `Acted` in the session's chain, with
the proof the actor's own device signed, in the same commit as what it means in the candidates' chains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import BadReport
from exam.session import decisions as rules
from exam.session import time_decisions as times
from kiosk.actions import incidents
from kiosk.actions.room_acts import Done, Order, each, each_in
from kiosk.errors import Conflict
from kiosk.room_news import tell_page
from kiosk.store import candidates, machines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.certification.events import Ruling
    from exam.session.attempt import ChainEvent
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from kiosk.passages import Entry
    from sync.db import Tx

MINUTE_MS = 60_000


async def admit(kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str]) -> list[Done]:
    """Let candidates who wait begin."""
    return await each(
        kiosk,
        actor,
        session,
        Order("admit", candidates),
        lambda entry, t: rules.decide_admit(entry.attempt.passage, actor.key, t),
    )


async def cancel_admission(kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str]) -> list[Done]:
    """Take back admissions not used yet."""
    return await each(
        kiosk,
        actor,
        session,
        Order("cancel_admission", candidates),
        lambda entry, t: rules.decide_cancel_admission(entry.attempt.passage, actor.key, t),
    )


async def turn_away(kiosk: Kiosk, actor: Actor, session: str, candidate: str, reason: str) -> list[Done]:
    """Send away who is not the candidate; they may check in again."""
    return await each(
        kiosk,
        actor,
        session,
        Order("turn_away", [candidate], reason),
        lambda entry, t: rules.decide_turn_away(entry.attempt.passage, actor.key, reason, t),
    )


async def allow_resume(kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str]) -> list[Done]:
    """Let back who left their seat, and let a machine that asks take a passage over."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx, entry: Entry, t: int) -> Sequence[ChainEvent]:
        asking = machines.pending_pass(tx, entry.id)
        if asking is None:
            return rules.decide_allow_resume(entry.attempt.passage, actor.key, t)
        moved = rules.decide_move(entry.attempt.passage, asking.machine, actor.key, "reprise", t)
        machines.grant_pass(tx, asking, now)
        entry.asking = ""
        return [*rules.decide_back(entry.attempt.passage, actor.key, t), *moved]

    done = await each_in(kiosk, actor, session, Order("allow_resume", candidates), job)
    for one in done:
        kiosk.passes.forget(one.candidate)
    return done


async def pause(
    kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str] | None, reason: str = ""
) -> list[Done]:
    """Stop candidates and their clocks; None: everyone."""
    return await each(
        kiosk,
        actor,
        session,
        Order("pause" if candidates is not None else "pause_all", candidates, reason),
        lambda entry, t: times.decide_stop(entry.attempt.passage, "pause", actor.key, reason, t),
    )


async def resume(kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str] | None) -> list[Done]:
    """Let paused candidates go on; None: everyone."""
    return await each(
        kiosk,
        actor,
        session,
        Order("resume" if candidates is not None else "resume_all", candidates),
        lambda entry, t: times.decide_resume(entry.attempt.passage, "pause", actor.key, "", t),
    )


async def add_time(  # noqa: PLR0913, PLR0917 - an act, its object, and what it says
    kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str] | None, minutes: int, reason: str
) -> list[Done]:
    """Give candidates whole minutes more, for a reason."""
    return await each(
        kiosk,
        actor,
        session,
        Order("add_time", candidates, reason),
        lambda entry, t: times.decide_add_time(
            entry.attempt.passage, minutes * MINUTE_MS, actor.key, reason, t
        ),
    )


async def end(kiosk: Kiosk, actor: Actor, session: str, candidate: str, reason: str) -> list[Done]:
    """End a candidate's test for good."""
    return await each(
        kiosk,
        actor,
        session,
        Order("end", [candidate], reason),
        lambda entry, t: rules.decide_end(entry.attempt, "supervisor", actor.key, reason, t),
    )


async def move(  # noqa: PLR0913, PLR0917 - an act, its object, and what it says
    kiosk: Kiosk, actor: Actor, session: str, candidate: str, machine_code: str, reason: str
) -> list[Done]:
    """Send a passage to the machine that shows this code; the old machine is fenced. Raises Conflict for an unknown code."""
    machine = kiosk.rooms.machine_of(machine_code, kiosk.clock.now_ms())
    now = kiosk.clock.now_ms()

    def job(tx: Tx, entry: Entry, t: int) -> Sequence[ChainEvent]:
        known = machines.by_id(tx, machine)
        if known is None:
            raise Conflict("machine.unknown_code")
        if candidates.busy(tx, machine, entry.id):
            raise Conflict("machine.busy")
        passage = entry.attempt.passage
        entry.room.labels[known.id] = known.label
        moved = rules.decide_move(passage, machine, actor.key, reason, t)
        machines.end_passes(tx, entry.id, now)
        entry.asking = ""
        return [*rules.decide_back(passage, actor.key, t), *moved]

    done = await each_in(kiosk, actor, session, Order("move", [candidate], reason), job)
    kiosk.passes.forget(candidate)
    tell_page(kiosk, candidate, "fenced", {"machine": machine})
    return done


async def rule(  # noqa: PLR0913, PLR0917 - an act, its object, and what it says
    kiosk: Kiosk, actor: Actor, session: str, candidate: str, number: int, ruling: Ruling, reason: str
) -> list[Done]:
    """Rule on a reported question: validated gives another under the same number, dismissed gives it back."""

    def decide(entry: Entry, t: int) -> Sequence[ChainEvent]:
        asked = entry.attempt.sitting.current
        lang = asked.lang if asked is not None else "fr"
        if ruling == "validated" and reason not in entry.alert_reasons():
            raise BadReport
        return rules.decide_rule(entry.attempt, number, ruling, reason, actor.key, t, lang)

    done = await each(kiosk, actor, session, Order("rule", [candidate], reason), decide)
    if ruling == "validated" and not done[0].code:
        noted = incidents.Noted(reason, "", candidate, number)
        await incidents.note(kiosk, actor, session, noted, automatic=True)
    return done


async def clear_lockdown(
    kiosk: Kiosk, actor: Actor, session: str, candidates: Sequence[str] | None, reason: str
) -> list[Done]:
    """Let candidates go on whose lock-down had failed; None: all of them."""
    return await each(
        kiosk,
        actor,
        session,
        Order("clear_lockdown", candidates, reason),
        lambda entry, t: times.decide_resume(entry.attempt.passage, "lockdown", actor.key, reason, t),
    )


async def veto(  # noqa: PLR0913, PLR0917 - an act, its object, and what it says
    kiosk: Kiosk, actor: Actor, session: str, candidate: str, credit: int, reason: str
) -> list[Done]:
    """Refuse a credit: the candidate caused the loss."""
    return await each(
        kiosk,
        actor,
        session,
        Order("veto", [candidate], reason),
        lambda entry, t: times.decide_veto(entry.attempt.passage, credit, actor.key, reason, t),
    )


async def reinstate(kiosk: Kiosk, actor: Actor, session: str, candidate: str, credit: int) -> list[Done]:
    """Take a veto back."""
    return await each(
        kiosk,
        actor,
        session,
        Order("reinstate", [candidate]),
        lambda entry, t: times.decide_reinstate(entry.attempt.passage, credit, actor.key, t),
    )


async def answer_call(kiosk: Kiosk, actor: Actor, session: str, candidate: str) -> list[Done]:
    """Say that the candidate who called was seen."""
    return await each(
        kiosk,
        actor,
        session,
        Order("answer_call", [candidate]),
        lambda entry, t: rules.decide_call(entry.attempt.passage, wanted=False, t=t),
    )
