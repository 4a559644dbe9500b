"""Incidents of a session: noted by those in charge, taken back by them, never edited; each travels as a record."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from exam.errors import ExamError
from exam.session.incidents import check_incident
from exam.session.room_events import Acted
from kiosk.actors import authorised
from kiosk.campaign_rules import visible
from kiosk.errors import Conflict, NotFound
from kiosk.refused_by_exam import as_refusal
from kiosk.room_news import tell_room
from kiosk.session_names import names_in, without_names
from kiosk.store import candidates
from kiosk.store import room_notes as store
from kiosk.store.room_notes import Incident
from sync.session_records import IncidentReported

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from sync.db import Tx

MOST = 2000


class Noted(NamedTuple):
    """What is noted: a category, in words, about a candidate and a question or about the room."""

    category: str
    text: str = ""
    candidate: str | None = None
    number: int | None = None


async def note(
    kiosk: Kiosk, actor: Actor, session: str, noted: Noted, *, automatic: bool = False
) -> Incident:
    """Return the incident as noted; raises Refused naming what the category needs, Conflict once finalised."""
    now = kiosk.clock.now_ms()
    try:
        check_incident(noted.category, noted.text, noted.number, candidate=noted.candidate is not None)
    except ExamError as refusal:
        raise as_refusal(refusal) from None

    def job(tx: Tx) -> Incident:
        found = authorised(tx, actor, session)
        if found.status in {"created", "finalised"}:
            raise Conflict("session.not_open")
        if noted.candidate is not None:
            row = candidates.by_id(tx, noted.candidate)
            if row is None or row.session != session:
                raise NotFound("candidate.unknown")
        if store.count_incidents(tx, session) >= MOST:
            raise Conflict("incident.too_many")
        made = Incident(
            id=secrets.token_hex(8),
            session=session,
            candidate=noted.candidate,
            category=noted.category,
            number=noted.number,
            text=visible(noted.text),
            by=actor.key,
            at_ms=now,
            automatic=automatic,
            resolved_ms=now if automatic else None,
        )
        store.add_incident(tx, made)
        kiosk.log.append_record(tx, "incident.reported", _record(tx, made), now)
        _tell_chain(kiosk, tx, actor, made, now)
        return made

    made = await kiosk.db.write(job)
    tell_room(kiosk, session, "incident", made.id, made)
    return made


async def withdraw(kiosk: Kiosk, actor: Actor, session: str, incident: str) -> None:
    """Take an incident back; it stays in the log, and central is told."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        found = authorised(tx, actor, session)
        known = store.incident(tx, incident)
        if known is None or known.session != session:
            raise NotFound("incident.unknown")
        if found.status == "finalised" or known.withdrawn_ms is not None:
            raise Conflict("incident.settled")
        store.withdraw_incident(tx, incident, now)
        kiosk.log.append_record(tx, "incident.reported", _record(tx, known, withdrawn=True), now)
        _tell_chain(kiosk, tx, actor, known, now, withdrawn=True)

    await kiosk.db.write(job)
    tell_room(kiosk, session, "incident", incident, {"id": incident, "withdrawn": True})


def _record(tx: Tx, i: Incident, *, withdrawn: bool = False) -> IncidentReported:
    """Return what travels: the words without the names, which stay in the table."""
    return IncidentReported(
        i.id,
        i.session,
        i.candidate or "",
        i.category,
        i.number or 0,
        without_names(i.text, names_in(tx, i.session)),
        i.by,
        i.automatic,
        withdrawn,
    )


def _tell_chain(  # noqa: PLR0913 - who, what, when
    kiosk: Kiosk, tx: Tx, actor: Actor, i: Incident, now: int, *, withdrawn: bool = False
) -> None:
    """Write the act in the session's chain; after the closing the chain is sealed, and the record alone speaks."""
    room = kiosk.rooms.find(i.session)
    if room is None:
        return
    about = [i.candidate] if i.candidate is not None else []
    done = Acted(
        room.clock.now(),
        actor.key,
        "withdraw_incident" if withdrawn else "incident",
        about,
        f"{i.category} {i.id}",
        actor.proof,
    )
    kiosk.log.append_event(tx, i.session, done, now)
