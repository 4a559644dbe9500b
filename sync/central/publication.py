"""What a jury does, written down and followed: an act, the results it gives, and the statement that goes to the school.

Every act is one transaction with its author and its instant. Publishing signs a certificate for each validated
certification, and one statement for all of them.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.certification.scale import SCALE
from sync.central.errors import NotFound, Refused
from sync.central.jury import JuryAct, check_act, stand
from sync.central.session_checks import SessionFacts, reasons
from sync.central.store import certifications, jury, schools
from sync.central.store import statements as said_store
from sync.central.store.statements import StatementRow
from sync.certificates import Claims, sign_certificate
from sync.identities import Sheet, read_sheet
from sync.profile_exchange import packed
from sync.statements import (
    PUBLISHED,
    UNFINALISED,
    UNPUBLISHED,
    PublishedResult,
    SessionGivenBack,
    SessionPublished,
    sign_statement,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.certify import Certify
    from sync.central.database import Database
    from sync.central.identities import Identities
    from sync.central.jury import Standing
    from sync.central.store.certifications import Certification
    from sync.central.store.jury import ResultRow
    from sync.central.store.statements import IdentityRow
    from sync.keys import Signer
    from sync.statements import Body


class Ordered(NamedTuple):
    """An act as an officer asks for it; a publication among many is `unread`: it names the finalisation that was listed."""

    site: str
    session: str
    act: str
    officer: str
    candidate: str = ""
    about: str = ""
    text: str = ""
    unread: int | None = None


async def facts_of(conn: AsyncConnection, site: str, session: str) -> SessionFacts:
    """Return all that is known of a session; raises NotFound when nothing is."""
    manifest = await certifications.manifest_of(conn, site, session)
    final = await certifications.final_of(conn, site, session)
    known = await certifications.of_session(conn, site, session)
    if manifest is None and final is None and not known:
        raise NotFound
    acts = await jury.acts_of(conn, site, session)
    results = await jury.results_of(conn, site, session)
    return SessionFacts(
        manifest=manifest,
        final=final,
        room=await certifications.room_of(conn, site, session),
        certifications=known,
        incidents=await certifications.incidents_of(conn, site, session),
        standing=stand(final.seq if final else None, acts),
        results={candidate: rows[-1] for candidate, rows in results.items()},
    )


class Publication:
    """Does what officers decide; `pool`, of one thread, signs and seals."""

    def __init__(
        self, database: Database, signer: Signer, identities: Identities, certify: Certify, pool: Executor
    ) -> None:
        self._database, self._signer = database, signer
        self._identities, self._certify, self._pool = identities, certify, pool

    async def do(self, order: Ordered, now: int) -> None:
        """Do one act; raises Refused, changing nothing, or NotFound."""
        if order.act == "publish":
            await self._certify.settle(order.site, order.session, now)
        number = await self._database.write(lambda conn: self._write(conn, order, now))
        if order.act == "rescore":
            await self._certify.judge_again(order.site, order.candidate, now)
        await self._certify.settle(order.site, order.session, now, order.officer, number)

    async def correct(self, order: Ordered, sheet: Sheet, now: int) -> None:
        """Correct who a candidate is; the act says that it was done, never the names."""

        async def job(conn: AsyncConnection) -> None:
            await self._write(conn, order, now)
            row = await said_store.identity_of(conn, order.site, order.candidate)
            school = await schools.read_school(conn, order.site)
            if row is None or row.erased or school is None:
                raise Refused("jury.no_identity", 409)
            await said_store.keep_identity(conn, self._identities.corrected(row, sheet, school.uai))

        try:
            read_sheet(msgspec.json.encode(sheet))
        except ValueError as error:
            raise Refused("jury.bad_identity", 422) from error
        await self._database.write(job)

    async def _write(self, conn: AsyncConnection, order: Ordered, now: int) -> int:
        """Write one act down, with what it says to the school; return its number."""
        if not await schools.hold_school(conn, order.site):
            raise NotFound
        facts = await facts_of(conn, order.site, order.session)
        _check(facts, order)
        number = await jury.next_act(conn, order.site, order.session)
        final = facts.final.seq if facts.final else 0
        about = str(final) if order.act == "unfinalise" else order.about
        act = JuryAct(
            order.site,
            order.session,
            number,
            order.candidate,
            order.act,
            about,
            order.text.strip(),
            order.officer,
            now,
        )
        await jury.add_act(conn, act)
        if order.act == "publish":
            await self._publish(conn, facts, order, now)
        elif order.act in {"unpublish", "unfinalise"}:
            kind = UNPUBLISHED if order.act == "unpublish" else UNFINALISED
            await self._say(conn, order, kind, SessionGivenBack(order.session, order.text.strip()), now)
        return number

    async def _publish(self, conn: AsyncConnection, facts: SessionFacts, order: Ordered, now: int) -> None:
        school = await schools.read_school(conn, order.site)
        people = await said_store.identities_of(conn, order.site, order.session)
        if school is None or facts.manifest is None:
            raise Refused("publication.blocked", 409, "no_manifest")
        base = Claims(
            code="", score=0, highest=SCALE.highest, mesh=-1, test_date=facts.manifest.date,
            delivered=datetime.fromtimestamp(now // 1000, UTC).date().isoformat(),
            centre=school.name, uai=school.uai, identity="",
        )  # fmt: skip
        known = [
            (one, facts.results[one.candidate])
            for one in facts.certifications
            if one.candidate in facts.results
        ]
        for one, row in known:
            if row.status == "validated" and one.candidate not in people:
                # Whoever was erased before their sheet came has a result and no certificate.
                person = await said_store.identity_of(conn, order.site, one.candidate)
                if person is None or not person.erased:
                    raise Refused("publication.no_identity", 409, one.candidate)

        def think() -> list[PublishedResult]:
            return [
                self._result(one, row, facts.standing, people.get(one.candidate), base) for one, row in known
            ]

        results = await asyncio.get_running_loop().run_in_executor(self._pool, think)
        await self._say(conn, order, PUBLISHED, SessionPublished(order.session, SCALE.highest, results), now)

    def _result(
        self, one: Certification, row: ResultRow, standing: Standing, person: IdentityRow | None, base: Claims
    ) -> PublishedResult:
        ruled, token = standing.of(one.candidate), ""
        if row.status == "validated" and person is not None and not person.erased:
            claims = base._replace(
                code=one.number,
                score=row.score or 0,
                mesh=row.mesh if row.mesh is not None else -1,
                identity=person.hash,
            )
            token = packed(sign_certificate(self._signer, claims))
        return PublishedResult(
            candidate=one.candidate,
            status=row.status,
            comment=row.comment,
            candidate_words=ruled.candidate_words,
            organisation_words=ruled.organisation_words,
            score=row.score,
            mesh=row.mesh,
            levels=msgspec.json.decode(row.levels, type=list[tuple[str, int]]),
            code=one.number,
            token=token,
            corrected=self._identities.for_school(person) if person is not None else "",
        )

    async def _say(self, conn: AsyncConnection, order: Ordered, kind: str, body: Body, now: int) -> None:
        number = await said_store.next_number(conn, order.site)
        line = sign_statement(self._signer, order.site, number, kind, body, now)
        await said_store.add(conn, StatementRow(order.site, number, kind, order.session, line, now, None))


def _check(facts: SessionFacts, order: Ordered) -> None:
    """Raise Refused or NotFound unless the act is possible."""
    if order.candidate and order.candidate not in {one.candidate for one in facts.certifications}:
        raise NotFound
    if order.act == "resolve" and order.about not in {one.incident for one in facts.incidents}:
        raise NotFound
    check_act(facts.standing, order.act, order.candidate, order.text)
    if order.act == "publish":
        blocks = [reason for reason in reasons(facts) if reason.blocks]
        if blocks:
            raise Refused("publication.blocked", 409, blocks[0].code)
    if order.unread is not None:
        if facts.final is None or facts.final.seq != order.unread:
            raise Refused("publication.finalised_again", 409)
        if reasons(facts):
            raise Refused("publication.needs_look", 409)
