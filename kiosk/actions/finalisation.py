"""Finalising a session: the principal says what the room could not, everything is signed once, and nothing is edited after.

The record carries the head of the session's chain, of every candidate's, and of what each person in charge did, and who
signed it with a key of their own (`kiosk.actions.signing`). A correction is another record, after the central instance
has given the session back.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.certification.events import Abandoned
from exam.session.attempt import fold_passage
from exam.session.decisions import decide_abandon
from exam.session.room_events import Acted, RoomEvent
from kiosk.actors import authorised, principal
from kiosk.campaign_rules import visible
from kiosk.errors import Conflict
from kiosk.finalisation_rules import check_candidates, check_finalisable, check_words, standing
from kiosk.identity_sheets import make_sheet, new_salt
from kiosk.passages import StoredEvent, seal_chain
from kiosk.session_names import names_in, without_names
from kiosk.store import candidates, learners, room_notes, signatures
from kiosk.store import finalisation as store
from sync.chain import head_of
from sync.session_records import ActsHead, FinalisedCandidate, SessionFinalised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.certification.results import Abandonment
    from kiosk.actors import Actor
    from kiosk.finalisation_rules import Finalisation
    from kiosk.identity_sheets import Made
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.candidates import Candidate
    from kiosk.store.sessions import Session
    from sync.db import Tx
    from sync.session_records import KeySignature


class _RoomLink(msgspec.Struct, frozen=True):
    body: RoomEvent


_stored = msgspec.json.Decoder(StoredEvent)
_room = msgspec.json.Decoder(_RoomLink)


async def keep_draft(kiosk: Kiosk, person: Person, session: str, said: Finalisation) -> None:
    """Keep what the principal said so far; raises Conflict once finalised, Refused for what may not be said."""
    actor = principal(person)
    check_words(said)

    def job(tx: Tx) -> None:
        found = authorised(tx, actor, session)
        if found.status == "finalised":
            raise Conflict("finalisation.already")
        check_candidates(candidates.of_session(tx, session), said.reasons)
        store.keep_draft(tx, session, said)

    await kiosk.db.write(job)


class Settling(NamedTuple):
    """How a session is finalised: what is said, when, the salts of the sheets, and whether the principal's key signs."""

    session: str
    said: Finalisation
    now: int
    salts: Mapping[str, str]
    by_key: bool = False


class Settled(NamedTuple):
    """A session with everything in place but its record: whoever raises now changes nothing."""

    session: Session
    body: SessionFinalised
    sheets: dict[str, Made]


async def finalise(kiosk: Kiosk, person: Person, session: str, said: Finalisation) -> Session:
    """Finalise a session that is over and return it; raises Conflict or Refused, changing nothing, as the rules say.

    No key of the principal's signs: the record says that their hand on the printed report does.
    """
    actor = principal(person)
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Session:
        return record(kiosk, tx, settle(kiosk, tx, actor, Settling(session, said, now, {})), now)

    return await kiosk.db.write(job)


def settle(kiosk: Kiosk, tx: Tx, actor: Actor, how: Settling) -> Settled:
    """Close what is open and return what the record will say; raises Conflict or Refused as the rules say."""
    found = authorised(tx, actor, how.session)
    rows = candidates.of_session(tx, how.session)
    check_finalisable(found, rows, how.said)
    store.keep_draft(tx, how.session, how.said)
    heads = {row.id: _close_chain(kiosk, tx, row, how.said.reasons.get(row.id), how.now) for row in rows}
    sheets = {
        row.id: make_sheet(
            row, learners.by_id(tx, row.learner) if row.learner else None, how.salts.get(row.id) or new_salt()
        )
        for row in rows
        if standing(row) != "absent"
    }
    return Settled(found, _body(kiosk, tx, actor.key, how, (found, rows, heads, sheets)), sheets)


def record(kiosk: Kiosk, tx: Tx, settled: Settled, now: int, own: KeySignature | None = None) -> Session:
    """Write the record down with its signatures, and return the session."""
    found, session = settled.session, settled.session.id
    signed = signatures.countersigned(tx, session, settled.body.head)
    named = [one.said for one in signed if one.said is not None]
    body = msgspec.structs.replace(settled.body, signatures=[*([own] if own else []), *named])
    number = kiosk.log.append_record(tx, "session.finalised", body, now)
    for candidate, made in settled.sheets.items():
        store.keep_sheet(tx, candidate, session, made, number, now)
    store.keep_finalised(tx, session, now, number)
    signatures.forget_asked(tx, session)
    return msgspec.structs.replace(found, status="finalised", finalised_ms=now, finalisation=number)


def _close_chain(kiosk: Kiosk, tx: Tx, row: Candidate, reason: str | None, now: int) -> str:
    """Say why an unfinished passage is unfinished, seal the chain where it grew, and return its head."""
    lines = kiosk.log.events_in(tx, row.id)
    if not lines:
        return ""
    grew = False
    if reason is not None:
        events = [_stored.decode(line).body for line in lines]
        said = [event.reason for event in events if isinstance(event, Abandoned)]
        if not said or said[-1] != reason:
            why: Abandonment = "technical" if reason == "technical" else "candidate"
            kiosk.log.append_events(tx, row.id, decide_abandon(fold_passage(events), why), now)
            grew = True
    if grew or row.record is None:
        seal_chain(kiosk.log, tx, (row.id, row.session), now, final=True)
    return head_of(kiosk.log.events_in(tx, row.id))


def _body(
    kiosk: Kiosk,
    tx: Tx,
    by: str,
    how: Settling,
    known: tuple[Session, list[Candidate], dict[str, str], dict[str, Made]],
) -> SessionFinalised:
    session, rows, heads, sheets = known
    room = kiosk.log.events_in(tx, session.id)
    head = head_of(room)
    unsigned = [
        one.supervisor.key for one in signatures.countersigned(tx, session.id, head) if one.said is None
    ]
    said = how.said
    return SessionFinalised(
        session=session.id,
        head=head,
        candidates=[
            FinalisedCandidate(
                candidate=row.id,
                state=standing(row),
                answered=row.answered,
                ended=row.end_reason or "",
                abandonment=said.reasons.get(row.id, ""),
                head=heads[row.id],
                identity=sheets[row.id].hash if row.id in sheets else "",
            )
            for row in rows
        ],
        incidents=[one.id for one in room_notes.incidents_of(tx, session.id)],
        comment=without_names(visible(said.comment), names_in(tx, session.id)),
        has_incident=said.has_incident,
        has_joining_issue=said.has_joining_issue,
        by=by,
        acts=acts_heads(room),
        on_paper=[*([] if how.by_key else [by]), *unsigned],
    )


def acts_heads(lines: list[bytes]) -> list[ActsHead]:
    """Return, for each person in charge, how many acts a session's chain tells and the hash of the last."""
    found: dict[str, tuple[int, str]] = {}
    for line in lines:
        event = _room.decode(line).body
        if isinstance(event, Acted):
            count, _ = found.get(event.by, (0, ""))
            found[event.by] = count + 1, hashlib.sha256(line).hexdigest()
    return [ActsHead(by, count, head) for by, (count, head) in sorted(found.items())]
