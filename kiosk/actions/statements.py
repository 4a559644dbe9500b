"""What the central instance said, taken in: results of a published session, results withdrawn, a session given back.

Each statement is checked again (signature, school, number) and applied once, in order, in the transaction that keeps it.
Nothing a statement says of another school's session, or of an unknown one, changes anything.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from kiosk.errors import Forbidden, Refused
from kiosk.store import brought, candidates, sessions
from kiosk.store import certificates as store
from kiosk.store import finalisation as finalised
from kiosk.store.certificates import Certificate
from sync import frames, letters
from sync.box_keys import load_or_make_box
from sync.enrolment import NotEnrolled, load_enrolment
from sync.identities import CORRECTED, read_sheet
from sync.profile_exchange import unpacked
from sync.statements import (
    PUBLISHED,
    UNFINALISED,
    UNPUBLISHED,
    SessionGivenBack,
    SessionPublished,
    StatementError,
    read_statement,
)

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from sync.box_keys import Box
    from sync.db import Tx
    from sync.statements import Body, PublishedResult, Statement

MOST_BYTES = 32 * 1024 * 1024
STATUSES = frozenset({"validated", "rejected", "cancelled"})


async def take_in(kiosk: Kiosk) -> int:
    """Apply what the daemon brought; return how many statements. Raises NotEnrolled, KeyFileError."""
    last = await kiosk.db.read(store.last_number)
    lines = await asyncio.to_thread(brought.statements_after, kiosk.config.home, last)
    return await apply(kiosk, lines) if lines else 0


async def import_file(kiosk: Kiosk, person: Person, data: bytes) -> int:
    """Apply a file of statements, from a USB key; return how many were new. Raises Refused, Forbidden, NotEnrolled."""
    if person.role != "principal":
        raise Forbidden("role.wrong")
    return await import_bytes(kiosk, data)


async def import_bytes(kiosk: Kiosk, data: bytes) -> int:
    """Apply a file of statements for whoever holds the home; return how many were new. Raises Refused, NotEnrolled."""
    if len(data) > MOST_BYTES:
        raise Refused("statements.too_big", field="file")
    try:
        return await apply(kiosk, frames.split_lines(data))
    except StatementError as error:
        code = "bad_signature" if error.code in {"bad_signature", "other_school"} else "malformed"
        raise Refused(f"statements.{code}", field="file") from error


async def given_back(kiosk: Kiosk, session: str) -> str:
    """Return why the central instance gave a session back to be finalised again, empty when it did not do so last."""
    line = await kiosk.db.read(lambda conn: store.last_said(conn, session))
    if line is None:
        return ""
    try:
        enrolled = await asyncio.to_thread(load_enrolment, kiosk.config.home)
        said, body = read_statement(line, enrolled.central_key, kiosk.identity.site)
    except (NotEnrolled, StatementError):
        return ""  # said by a central instance this school no longer belongs to
    return body.reason if said.type == UNFINALISED and isinstance(body, SessionGivenBack) else ""


async def apply(kiosk: Kiosk, lines: list[bytes]) -> int:
    """Apply statements in order, once each; raises StatementError and then changes nothing."""
    enrolled = load_enrolment(kiosk.config.home)
    site = kiosk.identity.site
    read = await asyncio.to_thread(
        lambda: [(*read_statement(line, enrolled.central_key, site), line) for line in lines]
    )
    box = await asyncio.to_thread(load_or_make_box, kiosk.config.home)
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> int:
        last = store.last_number(tx)
        applied = 0
        for said, body, line in sorted(read, key=lambda one: one[0].number):
            if said.number <= last:
                continue
            if said.number != last + 1:
                raise StatementError("missing", "a statement is missing before this one")
            session = body.session if body is not None else ""
            store.keep_statement(tx, (said.number, said.type, session, said.at, line, now))
            if body is not None and sessions.by_id(tx, session) is not None:
                _apply(tx, site, box, said, body)
            last, applied = said.number, applied + 1
        return applied

    return await kiosk.db.write(job)


def _apply(tx: Tx, site: str, box: Box, said: Statement, body: Body) -> None:
    if said.type == PUBLISHED and isinstance(body, SessionPublished):
        store.forget_session(tx, body.session)
        for result in body.results:
            _keep(tx, site, box, said, body, result)
        store.keep_published(tx, body.session, said.at)
    elif said.type == UNPUBLISHED:
        store.forget_session(tx, body.session)
        store.keep_published(tx, body.session, None)
    elif said.type == UNFINALISED:
        finalised.reopen(tx, body.session)


def _keep(  # noqa: PLR0913, PLR0917 - one result's parts
    tx: Tx, site: str, box: Box, said: Statement, body: SessionPublished, result: PublishedResult
) -> None:
    row = candidates.by_id(tx, result.candidate)
    if row is None or row.session != body.session or result.status not in STATUSES:
        return
    corrected = _opened(site, box, result.corrected) if result.corrected else None
    kept = Certificate(
        candidate=row.id,
        session=row.session,
        person=row.person,
        learner=row.learner,
        status=result.status,
        comment=result.comment,
        candidate_words=result.candidate_words,
        organisation_words=result.organisation_words,
        score=result.score,
        highest=body.highest,
        mesh=result.mesh,
        levels=msgspec.json.encode(result.levels).decode(),
        code=result.code,
        token=unpacked(result.token) if result.token else None,
        sheet=corrected,
        published_ms=said.at,
        statement=said.number,
    )
    store.keep(tx, kept)


def _opened(site: str, box: Box, sealed: str) -> str:
    """Return a corrected identity sheet; raises StatementError when it is not for this school."""
    try:
        sheet = letters.open_letter(box, CORRECTED + site.encode(), unpacked(sealed))
        read_sheet(sheet)
    except (letters.LetterError, ValueError) as error:
        raise StatementError("malformed", "a corrected identity does not open here") from error
    return sheet.decode()
