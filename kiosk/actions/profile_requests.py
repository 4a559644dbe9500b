"""Asking, through the central instance, for the profile a pupil made in another school; only by an administrator.

The question waits in a table until the sync daemon carries it, however long that takes. The answer is believed when the central
instance signed it, the other school signed the record in it, and the record names the very document.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import certifiability
from kiosk.errors import Conflict, Forbidden, NotFound
from kiosk.store import learners, pieces, receipts
from kiosk.store import profile_requests as store
from kiosk.store.pieces import Carried, CarriedState
from kiosk.store.profile_requests import Request
from sync import frames, letters
from sync.box_keys import load_or_make_box
from sync.enrolment import NotEnrolled, load_enrolment
from sync.keys import KeyFileError, public_from_hex
from sync.pieces import BadPiece, is_person, piece_hash, plain_ine, read_piece
from sync.profile_exchange import AnswerLine, Found, unpacked
from sync.records import ProfileState, Record

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.profile_requests import Waiting
    from kiosk.store.receipts import Answer
    from sync.box_keys import Box
    from sync.db import Tx
    from sync.keys import PublicKey

MOST = 500
"""Learners asked for by one click."""
AGAIN_MS = 24 * 3_600_000
"""How long before a learner is asked for again."""

_found = msgspec.json.Decoder(list[Found])
_state = msgspec.json.Decoder(CarriedState)


class BadAnswer(Exception):  # noqa: N818 - says what came
    """What came back does not prove itself."""


async def ask(kiosk: Kiosk, person: Person, learner: str) -> None:
    """Ask for the profile of one learner of the administrator's organisation.

    Raises Forbidden, NotFound, Conflict (not enrolled, no number or birth date, asked less than a day ago).
    """
    organisation = _may_ask(kiosk, person)
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        found = learners.by_id(tx, learner)
        if found is None or found.organisation != organisation or found.disabled_ms is not None:
            raise NotFound("learner.unknown")
        if not is_person(plain_ine(found.ine or ""), found.birth_date or ""):
            raise Conflict("profile.no_number")
        last = store.last_of(tx, learner)
        if last is not None and last.state != "refused" and now - last.at_ms < AGAIN_MS:
            raise Conflict("profile.asked_lately")
        store.add(tx, _request(organisation, learner, person, now))

    await kiosk.db.write(job)


async def ask_for_new(kiosk: Kiosk, person: Person) -> int:
    """Ask for every learner nobody asked for yet, within a bound; return how many. Raises Forbidden, Conflict."""
    organisation = _may_ask(kiosk, person)
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> int:
        wanted = store.never_asked(tx, organisation, MOST)
        return sum(store.add(tx, _request(organisation, learner, person, now)) for learner in wanted)

    return await kiosk.db.write(job)


def enrolled(kiosk: Kiosk) -> bool:
    """Return whether there is a central instance to ask."""
    try:
        load_enrolment(kiosk.config.home)
    except (NotEnrolled, KeyFileError):
        return False
    return True


def _may_ask(kiosk: Kiosk, person: Person) -> str:
    if person.role != "principal" or person.organisation is None:
        raise Forbidden("role.wrong")
    if not enrolled(kiosk):
        raise Conflict("profile.not_enrolled")
    return person.organisation


def _request(organisation: str, learner: str, person: Person, now: int) -> Request:
    return Request(secrets.token_hex(8), organisation, learner, person.id, now, "queued", "", None)


async def settle(kiosk: Kiosk) -> int:
    """Take in the answers that came; return how many requests they settle."""
    rows = await kiosk.db.read(store.waiting)
    if not rows:
        return 0
    answers = await asyncio.to_thread(receipts.profile_answers, kiosk.config.sync_database)
    ready = [(row, answers[row.id]) for row in rows if row.id in answers]
    # A learner who lost their number since cannot be asked for any more.
    lost = [
        row for row in rows if row.id not in answers and not is_person(plain_ine(row.ine), row.birth_date)
    ]
    if not ready and not lost:
        return 0
    now = kiosk.clock.now_ms()
    read = await asyncio.to_thread(_read_all, kiosk.config.home, ready, now)
    await kiosk.db.write(lambda tx: _keep(tx, read, lost, now))
    for row, outcome in read:
        if row.person is not None and outcome and not isinstance(outcome, str):
            await certifiability.refresh(kiosk, row.person)
    return len(ready) + len(lost)


def _keep(tx: Tx, read: list[tuple[Waiting, list[Carried] | str]], lost: list[Waiting], now: int) -> None:
    for row in lost:
        store.settle(tx, row.id, "dropped", "", now)
    for row, outcome in read:
        if isinstance(outcome, str):
            store.settle(tx, row.id, "refused", outcome, now)
        elif learners.by_id(tx, row.learner) is None:
            store.settle(tx, row.id, "dropped", "", now)
        else:
            for carried in outcome:
                pieces.keep_carried(tx, carried, row.id)
            store.settle(tx, row.id, "found" if outcome else "none", "", now)


def _read_all(
    home: Path, ready: list[tuple[Waiting, Answer]], now: int
) -> list[tuple[Waiting, list[Carried] | str]]:
    """Return what each answer brings, or the code of its refusal."""
    central, box = load_enrolment(home).central_key, load_or_make_box(home)
    read: list[tuple[Waiting, list[Carried] | str]] = []
    for row, answer in ready:
        try:
            outcome: list[Carried] | str = answer.code or _read(answer, row, (central, box), now)
        except BadAnswer:
            outcome = "profile.bad_answer"
        read.append((row, outcome))
    return read


def _read(answer: Answer, row: Waiting, keys: tuple[PublicKey, Box], now: int) -> list[Carried]:
    central, box = keys
    try:
        body = frames.open_frame(answer.line, frames.ANSWER, central)
        said = msgspec.json.decode(body, type=AnswerLine)
        context = letters.ANSWER + said.asked.encode()
        found = _found.decode(letters.open_letter(box, context, unpacked(said.sealed)))
    except (frames.FrameError, letters.LetterError, ValueError) as error:
        raise BadAnswer(str(error)) from error
    return [proved(one, row, now) for one in found if one.number == answer.number]


def proved(found: Found, row: Waiting, now: int) -> Carried:
    """Return the state in an answer once it proves itself. Raises BadAnswer."""
    try:
        key = public_from_hex(found.public_key)
        body = frames.open_frame(found.record.encode(), frames.RECORD, key)
        record = msgspec.json.decode(body, type=Record)
        said = msgspec.json.decode(record.body, type=ProfileState)
        data = found.piece.encode()
        piece = read_piece(data)
        state = _state.decode(msgspec.json.encode(piece.state))
    except (frames.FrameError, KeyFileError, BadPiece, ValueError) as error:
        raise BadAnswer(str(error)) from error
    if record.type != "profile.state" or said.piece != piece_hash(data) or record.site != f"s-{key.key_id}":
        raise BadAnswer("the record is not about this document, or not of this school")
    if (piece.ine, piece.birth_date) != (plain_ine(row.ine), row.birth_date):
        raise BadAnswer("the document is about somebody else")
    return Carried(
        row.learner,
        record.site,
        found.uai[:8],
        found.school[:200],
        said.piece,
        state,
        min(piece.at, now),
        now,
    )


def brought(
    conn: sqlite3.Connection, organisation: str, learner: str
) -> tuple[list[Carried], Request | None]:
    """Return what other schools said of a learner, and the last request. Raises NotFound."""
    found = learners.by_id(conn, learner)
    if found is None or found.organisation != organisation:
        raise NotFound("learner.unknown")
    return pieces.carried_of_learner(conn, learner), store.last_of(conn, learner)
