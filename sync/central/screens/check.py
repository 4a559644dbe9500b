"""The public page: a verification code or the text of a square in, the certificate out. Counted, so that nobody tries codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from exam.certification.scale import SCALE
from sync.central import throttle
from sync.central.appkeys import INSTANCE, LANG, PAGES
from sync.central.errors import Refused
from sync.central.jury import stand
from sync.central.origin import address_of
from sync.central.refusals import words_of
from sync.central.screens.page import page
from sync.central.store import certifications, jury, schools
from sync.central.store import statements as said_store
from sync.central.throttle import Limit
from sync.certificates import CertificateError, check_certificate, from_text
from sync.keys import public_from_hex

if TYPE_CHECKING:
    from aiohttp.web import Request, Response
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.identities import Sheet

CHECKS = Limit("certificate.address", 20, 10 * 60_000)
_CODE = re.compile(r"P-[A-Z0-9]{8}")


class Shown(NamedTuple):
    """A certificate that holds: published, validated, not withdrawn."""

    code: str
    person: Sheet
    school: str
    date: str
    score: int
    mesh: int


async def form(request: Request) -> Response:
    """Show the field."""
    return page(request, "central/verify.html", shown=None, error="", typed="", highest=SCALE.highest)


async def look(request: Request) -> Response:
    """Show the certificate of a code; unknown, withdrawn and never granted are told apart from nothing."""
    instance = request.app[INSTANCE]
    posted = await request.post()
    typed = str(posted.get("code", ""))[:4000].strip()
    now, place = instance.clock(), throttle.network_of(address_of(request))
    await instance.database.write(lambda conn: throttle.take(conn, CHECKS, place, now))
    try:
        code = _code_of(typed, instance.signer.public_hex)
    except CertificateError as error:
        return _refused(request, typed, f"certificate.{error.code}", 422)
    if not _CODE.fullmatch(code):
        return _refused(request, typed, "certificate.bad_code", 422)
    async with instance.database.read() as conn:
        shown = await _found(conn, request, code)
    if shown is None:
        return _refused(request, typed, "certificate.unknown", 404)
    # Trying codes is what is counted: a school that checks a whole class is not stopped.
    await instance.database.write(lambda conn: throttle.give_back(conn, CHECKS, place))
    return page(request, "central/verify.html", shown=shown, error="", typed=code, highest=SCALE.highest)


def _code_of(typed: str, public_hex: str) -> str:
    """Return the code typed, or the one a square of ours holds; raises CertificateError."""
    if not typed.startswith("PREAU1:"):
        return typed.upper()
    return check_certificate(from_text(typed), public_from_hex(public_hex)).claims.code


async def _found(conn: AsyncConnection, request: Request, code: str) -> Shown | None:
    one = await certifications.by_number(conn, code)
    if one is None:
        return None
    final = await certifications.final_of(conn, one.site, one.session)
    standing = stand(final.seq if final else None, await jury.acts_of(conn, one.site, one.session))
    result = await jury.last_result(conn, one.site, one.candidate)
    row = await said_store.identity_of(conn, one.site, one.candidate)
    manifest = await certifications.manifest_of(conn, one.site, one.session)
    school = await schools.read_school(conn, one.site)
    if standing.published_at is None or result is None or result.status != "validated":
        return None
    if row is None or manifest is None or school is None:
        return None
    try:
        person = request.app[INSTANCE].identities.open(row).sheet
    except ValueError:
        return None
    mesh = result.mesh if result.mesh is not None else -1
    return Shown(code, person, school.name, manifest.date, result.score or 0, mesh)


def _refused(request: Request, typed: str, code: str, status: int) -> Response:
    words = words_of(request.app[PAGES], request[LANG], Refused(code, status))
    return page(
        request,
        "central/verify.html",
        status=status,
        shown=None,
        error=words,
        typed=typed,
        highest=SCALE.highest,
    )
