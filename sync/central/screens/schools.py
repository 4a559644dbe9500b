"""Schools: the list, one of them, and the code that lets a new one in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.central import codes
from sync.central.appkeys import INSTANCE
from sync.central.errors import NotFound
from sync.central.screens.activity import activity_of
from sync.central.screens.page import page, page_number, signed_in
from sync.central.screens.summary import summarise
from sync.central.store import participations, problems, records, schools
from sync.central.store.participations import FAILED, WAITING
from sync.uai import BadUai, check_uai

if TYPE_CHECKING:
    from aiohttp.web import Request, Response
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.store.schools import School

NAME_MAX = 200


async def home(request: Request) -> Response:
    """Show every school, and what failed anywhere."""
    signed_in(request)
    instance = request.app[INSTANCE]
    async with instance.database.read() as conn:
        summary = await summarise(conn)
        failed = await participations.list_participations(conn, verdict=FAILED)
        waiting = await participations.list_participations(conn, verdict=WAITING)
        open_codes = await schools.open_codes(conn, instance.clock())
    return page(
        request,
        "central/home.html",
        summary=summary,
        current="",
        failed=failed,
        waiting=waiting,
        codes=open_codes,
        now=instance.clock(),
    )


async def school_or_refuse(conn: AsyncConnection, site: str) -> School:
    """Return the school of this id. Raises `NotFound`."""
    school = await schools.read_school(conn, site)
    if school is None:
        raise NotFound
    return school


async def one(request: Request) -> Response:
    """Show one school: its participations, its problems, what is missing of its log."""
    signed_in(request)
    site = request.match_info["site"]
    async with request.app[INSTANCE].database.read() as conn:
        school = await school_or_refuse(conn, site)
        context: dict[str, Any] = {
            "summary": await summarise(conn),
            "participations": await participations.list_participations(
                conn, site=site, page=page_number(request)
            ),
            "problems": await problems.read_problems(conn, site),
            "gaps": await records.read_gaps(conn, site),
            "broken": await records.read_broken_links(conn, site),
            "forks": await records.read_forks(conn, site),
            "activity": await activity_of(conn, site),
        }
    return page(request, "central/school.html", school=school, current=site, **context)


async def new(request: Request) -> Response:
    """Show the form that asks for a code."""
    signed_in(request)
    return await _form(request, {})


async def _form(request: Request, given: dict[str, str], error: str = "", status: int = 200) -> Response:
    async with request.app[INSTANCE].database.read() as conn:
        summary = await summarise(conn)
    return page(
        request,
        "central/new_school.html",
        status=status,
        summary=summary,
        current="",
        uai=given.get("uai", ""),
        name=given.get("name", ""),
        error=error,
        code="",
    )


async def add(request: Request) -> Response:
    """Make a single-use code for a school and show it: this once, for only its hash is kept."""
    signed_in(request)
    posted = await request.post()
    given = {field: str(posted.get(field, "")) for field in ("uai", "name")}
    name = " ".join(given["name"].replace("\0", "").split())
    try:
        uai = check_uai(given["uai"][:20])
    except BadUai:
        return await _form(request, given, "uai", 422)
    if not 0 < len(name) <= NAME_MAX:
        return await _form(request, given, "name", 422)
    instance = request.app[INSTANCE]
    code, now = codes.make_code(), instance.clock()
    times = (now, now + codes.VALID_MS)
    await instance.database.write(
        lambda conn: schools.add_code(conn, codes.code_hash(code), uai, name, times)
    )
    async with instance.database.read() as conn:
        summary = await summarise(conn)
    return page(
        request,
        "central/new_school.html",
        summary=summary,
        current="",
        uai=uai,
        name=name,
        code=code,
        origin=f"{'https' if instance.config.secure else 'http'}://{request.host}",
        expires_at=times[1],
        error="",
    )
