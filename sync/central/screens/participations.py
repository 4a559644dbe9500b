"""One participation: its verdict, the first step that differs, what holds and what does not, its signed record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Request, Response

from exam.replay_report import Step
from sync.central.appkeys import INSTANCE
from sync.central.errors import NotFound
from sync.central.screens.page import page, page_number, signed_in
from sync.central.screens.schools import school_or_refuse
from sync.central.screens.summary import summarise
from sync.central.store import banks, participations, records
from sync.central.store.participations import FAILED, VERIFIED, WAITING, Participation

if TYPE_CHECKING:
    from collections.abc import Sequence

AROUND = 2
EVERY_STEP = 400

_steps = msgspec.json.Decoder(list[Step])


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that holds, or does not: the end of a text's key, its icon, and what the text names."""

    key: str
    glyph: str
    holds: bool
    says: str = ""


def around(steps: Sequence[Step], step: int | None) -> list[Step]:
    """Return the steps to show: those about the one that differs, or all when none does."""
    if not step:
        return list(steps[:EVERY_STEP])
    return [one for one in steps if abs(one.number - step) <= AROUND]


def checks(found: Participation, version: str | None) -> list[Check]:
    """Return what holds and what does not, in the order it was checked."""
    broken = found.code.startswith(("chain.", "participation."))
    replayed = bool(version) and not broken
    rows = [
        Check("signature", "key", holds=True),
        Check("chain", "check", not broken, str(found.events)),
        Check("bank" if version else "bank_unknown", "check", bool(version), version or found.bank[:12]),
    ]
    if replayed:
        rows.append(Check("engine", "check", found.code != "replay.wrong_engine", found.engine))
        rows.append(Check("replay", "shield", found.verdict == VERIFIED, str(found.answered)))
    return rows


async def one(request: Request) -> Response:
    """Show one participation of one school."""
    signed_in(request)
    site, participation = request.match_info["site"], request.match_info["participation"]
    async with request.app[INSTANCE].database.read() as conn:
        school = await school_or_refuse(conn, site)
        found = await participations.read_participation(conn, site, participation)
        if found is None:
            raise NotFound
        summary = await summarise(conn)
        campaign = await participations.campaign_name(conn, site, found.campaign)
        version = await banks.read_version(conn, found.bank)
    steps = _steps.decode(found.steps)
    held = checks(found, version)
    return page(
        request,
        "central/participation.html",
        summary=summary,
        current=site,
        school=school,
        copy=found,
        campaign=campaign,
        steps=steps,
        shown=around(steps, found.step),
        last=steps[-1].number if steps else 0,
        holds=[check for check in held if check.holds],
        fails=[check for check in held if not check.holds],
    )


async def failures(request: Request) -> Response:
    """Show everything that failed, the latest first."""
    return await _of_verdict(request, FAILED)


async def waiting(request: Request) -> Response:
    """Show everything that waits for its bank, the latest first."""
    return await _of_verdict(request, WAITING)


async def _of_verdict(request: Request, verdict: str) -> Response:
    signed_in(request)
    async with request.app[INSTANCE].database.read() as conn:
        summary = await summarise(conn)
        found = await participations.list_participations(conn, verdict=verdict, page=page_number(request))
    return page(request, f"central/{verdict}.html", summary=summary, current="", found=found)


async def record(request: Request) -> Response:
    """Hand over a record as its school signed it, byte for byte."""
    signed_in(request)
    site, hashed = request.match_info["site"], request.match_info["hash"]
    async with request.app[INSTANCE].database.read() as conn:
        frame = await records.read_frame(conn, site, hashed)
    if frame is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{site}-{hashed[:16]}.preau"'}
    return Response(body=frame, content_type="application/octet-stream", headers=headers)
