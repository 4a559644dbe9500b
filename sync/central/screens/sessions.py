"""Sessions as a jury reads them: the list, one session with its reasons and reports, one certification with its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Request, Response

from exam.certification.scale import SCALE
from sync.central.appkeys import INSTANCE
from sync.central.certification_trail import lines_of
from sync.central.errors import NotFound
from sync.central.jury import offered, stand
from sync.central.publication import facts_of
from sync.central.screens.page import page, signed_in
from sync.central.screens.publish_many import rows_of
from sync.central.screens.schools import school_or_refuse
from sync.central.session_checks import reasons
from sync.central.store import certifications, jury
from sync.central.store import statements as said_store

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.identities import Known

HIGHEST = SCALE.highest


async def listing(request: Request) -> Response:
    """Show every session with where it stands and whether a person must look."""
    signed_in(request)
    async with request.app[INSTANCE].database.read() as conn:
        rows = await rows_of(conn)
    shown = [{"line": row.line, "facts": row.facts, "reasons": reasons(row.facts)} for row in rows]
    return page(request, "central/sessions.html", rows=shown, ready=sum(row.ready for row in rows))


async def one(request: Request) -> Response:
    """Show one session."""
    return await show_session(request)


async def show_session(request: Request, error: str = "", status: int = 200) -> Response:
    """Show one session, with the refusal of an act when there is one."""
    officer = signed_in(request)
    site, session = request.match_info["site"], request.match_info["session"]
    async with request.app[INSTANCE].database.read() as conn:
        school = await school_or_refuse(conn, site)
        facts = await facts_of(conn, site, session)
        context: dict[str, object] = {
            "acts": await jury.acts_of(conn, site, session),
            "said": await said_store.of_session(conn, site, session),
        }
    found = reasons(facts)
    return page(
        request,
        "central/session.html",
        status=status,
        school=school,
        session=session,
        facts=facts,
        codes={one.candidate: one.number for one in facts.certifications},
        reasons=found,
        blocked=any(reason.blocks for reason in found),
        offered=lambda candidate: offered(facts.standing, candidate),
        officer=officer.username,
        error=error,
        **context,
    )


async def certification(request: Request) -> Response:
    """Show one certification."""
    return await show_certification(request)


async def show_certification(request: Request, error: str = "", status: int = 200) -> Response:
    """Show one certification: its verdict, every result it had, what a jury may do, who it is."""
    signed_in(request)
    instance = request.app[INSTANCE]
    site, session = request.match_info["site"], request.match_info["session"]
    candidate = request.match_info["candidate"]
    async with instance.database.read() as conn:
        school = await school_or_refuse(conn, site)
        found = await certifications.by_candidate(conn, site, candidate)
        if found is None or found.session != session:
            raise NotFound
        final = await certifications.final_of(conn, site, session)
        acts = await jury.acts_of(conn, site, session)
        results = (await jury.results_of(conn, site, session)).get(candidate, [])
        person = await _person(conn, request, site, candidate)
        frame = await certifications.frame_of(conn, site, found.record)
    standing = stand(final.seq if final else None, acts)
    return page(
        request,
        "central/certification.html",
        status=status,
        school=school,
        session=session,
        one=found,
        person_of=person,
        results=results,
        questions=lines_of(frame),
        levels=msgspec.json.decode(results[-1].levels, type=list[tuple[str, int]]) if results else [],
        acts=[act for act in acts if act.candidate == candidate],
        ruled=standing.of(candidate),
        standing=standing,
        offered=offered(standing, candidate),
        highest=HIGHEST,
        error=error,
    )


async def _person(conn: AsyncConnection, request: Request, site: str, candidate: str) -> Known | None:
    row = await said_store.identity_of(conn, site, candidate)
    if row is None:
        return None
    try:
        return request.app[INSTANCE].identities.open(row)
    except ValueError:
        return None


async def statements(request: Request) -> Response:
    """Hand over what was said to a school, as one file for a USB key."""
    signed_in(request)
    site = request.match_info["site"]
    async with request.app[INSTANCE].database.read() as conn:
        await school_or_refuse(conn, site)
        rows = await said_store.after(conn, site, 0, 10_000)
    headers = {"Content-Disposition": f'attachment; filename="{site}-statements.preau"'}
    return Response(
        body=b"".join(row.line for row in rows), content_type="application/octet-stream", headers=headers
    )
