"""What national systems ask: the certifications of a school's pupils, or of one pupil known by number, identity or code.

Identities are opened one by one for the answer and kept nowhere. Nothing that is not published is told, but that it is pending.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.certification.scale import SCALE
from exam.framework import AREAS, COMPETENCES
from sync.central.errors import NotFound, Refused
from sync.central.jury import stand
from sync.central.store import certifications, jury, schools
from sync.central.store import statements as said_store

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.identities import Identities, Known
    from sync.central.store.certifications import Certification, ManifestRow
    from sync.central.store.jury import ResultRow
    from sync.central.store.schools import School
    from sync.central.store.statements import IdentityRow

LANG = "fr"


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of three keys: a national number, an identity at a school, or a verification code."""

    ine: str = ""
    uai: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: str = ""
    code: str = ""


class Found(NamedTuple):
    """One certification with all that is told of it; `published_at` is None while it is pending."""

    one: Certification
    result: ResultRow | None
    manifest: ManifestRow
    school: School
    person: Known
    published_at: int | None


async def search(
    conn: AsyncConnection, identities: Identities, wanted: Search, now: int
) -> dict[str, object]:
    """Return the certification asked for; raises Refused (not one key, several pupils) or NotFound."""
    identity = (wanted.uai, wanted.last_name, wanted.first_name, wanted.birth_date)
    keys = [bool(wanted.ine), any(identity), bool(wanted.code)]
    if sum(keys) != 1 or (any(identity) and not all(identity)):
        raise Refused("search.one_key", 400)
    if wanted.code:
        one = await certifications.by_number(conn, wanted.code.strip().upper())
        row = await said_store.identity_of(conn, one.site, one.candidate) if one is not None else None
        rows = [row] if row is not None else []
    elif wanted.ine:
        rows = await said_store.identities_by(conn, who=identities.by_ine(wanted.ine))
    else:
        rows = await said_store.identities_by(conn, named=identities.by_name(*identity))
        if len({row.who for row in rows if row.who}) > 1:
            raise Refused("search.several", 409)
    found = [one for one in [await _read(conn, identities, row) for row in rows] if one is not None]
    year = str(datetime.fromtimestamp(now // 1000, UTC).year)
    told = [
        one
        for one in found
        if one.published_at is not None and (wanted.code or one.manifest.date.startswith(year))
    ]
    if not told:
        raise Refused("search.nothing", 404)
    return _as_parcoursup(max(told, key=lambda one: (one.manifest.date, one.published_at or 0)))


async def of_school(conn: AsyncConnection, identities: Identities, uai: str) -> dict[str, object]:
    """Return the latest certification of each pupil of the schools of this number, by name; raises NotFound."""
    known = [one for one in await schools.all_schools(conn) if one.uai == uai.upper()]
    if not known:
        raise NotFound
    latest: dict[str, Found] = {}
    for school in known:
        for row in await said_store.identities_at(conn, school.site):
            found = await _read(conn, identities, row)
            if found is None or (found.result is not None and found.result.status == "cancelled"):
                continue
            key = row.who or row.named
            if key not in latest or latest[key].manifest.date <= found.manifest.date:
                latest[key] = found
    ordered = sorted(latest.values(), key=lambda one: _name(one.person))
    return {
        "certifications": [_as_livret(one) for one in ordered],
        "competences": [
            {"id": code, "name": one.name[LANG], "area": AREAS[one.area].name[LANG]}
            for code, one in COMPETENCES.items()
        ],
    }


async def _read(conn: AsyncConnection, identities: Identities, row: IdentityRow) -> Found | None:
    one = await certifications.by_candidate(conn, row.site, row.candidate)
    manifest = await certifications.manifest_of(conn, row.site, row.session)
    school = await schools.read_school(conn, row.site)
    if one is None or manifest is None or school is None or not one.began:
        return None
    final = await certifications.final_of(conn, row.site, row.session)
    standing = stand(final.seq if final else None, await jury.acts_of(conn, row.site, row.session))
    result = await jury.last_result(conn, row.site, row.candidate)
    try:
        person = identities.open(row)
    except ValueError:
        return None
    return Found(one, result, manifest, school, person, standing.published_at)


def _name(person: Known) -> tuple[str, str, str]:
    sheet = person.sheet
    return sheet.last_name.casefold(), sheet.first_name.casefold(), sheet.birth_date


def _levels(found: Found) -> list[tuple[str, int]]:
    if found.result is None or found.result.status != "validated":
        return []
    return msgspec.json.decode(found.result.levels, type=list[tuple[str, int]])


def _day(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms // 1000, UTC).date().isoformat()


def _as_livret(found: Found) -> dict[str, object]:
    sheet, details = found.person.sheet, found.person.letter.details
    out = found.published_at is not None and found.result is not None
    status = found.result.status if found.result is not None and out else "pending"
    return {
        "id": found.one.candidate,
        "firstName": sheet.first_name,
        "middleName": details.middle_name,
        "thirdName": details.third_name,
        "lastName": sheet.last_name,
        "birthdate": sheet.birth_date,
        "nationalStudentId": details.ine,
        "status": status,
        "pixScore": found.result.score if found.result is not None and status == "validated" else None,
        "verificationCode": found.one.number if status == "validated" else None,
        "date": found.manifest.date,
        "deliveredAt": _day(found.published_at),
        "certificationCenter": found.school.name,
        "competenceResults": [{"competenceId": code, "level": level} for code, level in _levels(found)]
        if out
        else [],
    }


def _as_parcoursup(found: Found) -> dict[str, object]:
    sheet, details, result = found.person.sheet, found.person.letter.details, found.result
    mesh = result.mesh if result is not None else None
    return {
        "certificationCourseId": found.one.candidate,
        "verificationCode": found.one.number,
        "organizationUai": found.school.uai,
        "ine": details.ine,
        "lastName": sheet.last_name,
        "firstName": sheet.first_name,
        "birthdate": sheet.birth_date,
        "status": result.status if result is not None else "error",
        "pixScore": result.score if result is not None else None,
        "globalLevel": SCALE.intervals[mesh].mesh if mesh else None,
        "certificationDate": found.manifest.date,
        "deliveredAt": _day(found.published_at),
        "maximumReachableScore": SCALE.highest,
        "competences": [
            {
                "code": code,
                "name": COMPETENCES[code].name[LANG],
                "level": level,
                "areaName": AREAS[COMPETENCES[code].area].name[LANG],
            }
            for code, level in _levels(found)
        ],
    }
