"""The CSV of a campaign, sent as it is worked out: chunks made in a thread, so that no pupil's answer waits."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp.web import StreamResponse

from kiosk import exports
from kiosk.actions.results import folded_masks
from kiosk.errors import NotFound
from kiosk.exports.scope import LANG, Scope, SkillColumn
from kiosk.following import name_order
from kiosk.keys import EXPORTING, KIOSK
from kiosk.screens.staff_common import Opened, opened
from kiosk.store import following, organisations
from kiosk.store import results as store
from web.downloads import CSV_TYPE
from web.security import PAGE_HEADERS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from aiohttp.web import Request

    from kiosk.keys import Kiosk
    from kiosk.organisations import Organisation
    from kiosk.store.following import Taking
    from kiosk.store.results import Masks


LONGEST_REST_S = 0.05
"""On a machine that is busy elsewhere a chunk seems long: an export must still come to its end."""


async def csv(request: Request) -> StreamResponse:
    """Give every participation of the campaign as a CSV file."""
    found = await opened(request)
    gate = request.app[EXPORTING]
    async with gate:
        scope = await scope_of(request.app[KIOSK], found)
    kind = "campaign_profiles" if found.campaign.kind == "collection" else "campaign_results"
    chunks, disposition = exports.csv_chunks(kind, scope)
    headers = {**PAGE_HEADERS, "Content-Type": CSV_TYPE, "Content-Disposition": disposition}
    response = StreamResponse(headers=headers)
    await response.prepare(request)
    with suppress(ConnectionError):  # whoever closed the page wants no more of it
        while (chunk := await _paced(gate, chunks)) is not None:
            await response.write(chunk)
        await response.write_eof()
    return response


async def _paced(gate: asyncio.Semaphore, chunks: Iterator[bytes]) -> bytes | None:
    """Return the next chunk; one export works at a time, and leaves the interpreter twice as long as it took it."""
    async with gate:
        began = time.monotonic()
        chunk = await asyncio.to_thread(next, chunks, None)
        await asyncio.sleep(min(2 * (time.monotonic() - began), LONGEST_REST_S))
        return chunk


async def scope_of(kiosk: Kiosk, found: Opened) -> Scope:
    """Return all the CSV reads: names always, results only where they were sent."""
    skills: list[SkillColumn] = []

    def read(conn: sqlite3.Connection) -> tuple[Organisation, list[Taking], Mapping[str, Masks]]:
        organisation = organisations.by_id(conn, found.campaign.organisation)
        if organisation is None:
            raise NotFound("campaign.unknown")
        takings = following.takings(conn, found.campaign.id)
        masks: dict[str, Masks] = {}
        if organisation.settings.show_skills and found.campaign.kind == "assessment":
            skills.extend(skill_columns(found))
            masks = store.of_campaign(conn, found.campaign.id)
            for one in takings:
                if one.status == "shared" and one.id not in masks:
                    masks[one.id] = folded_masks(kiosk, conn, one.id)
        return organisation, takings, masks

    organisation, takings, masks = await kiosk.db.read(read)
    return Scope(
        organisation=organisation.name,
        kind=organisation.kind,
        imports=organisation.import_format != "none",
        campaign=found.campaign.id,
        code=found.campaign.code,
        name=found.campaign.name,
        external_label=found.campaign.external_label,
        course=found.course,
        steps=found.steps,
        competences=sorted({found.bank.topics[topic.id].competence for topic in found.course.topics}),
        takings=sorted(takings, key=lambda one: (*name_order(one)[:2], one.who, one.attempt)),
        made_at=datetime.fromtimestamp(kiosk.clock.now_ms() // 1000, UTC),
        skills=skills,
        masks=masks,
    )


def skill_columns(found: Opened) -> list[SkillColumn]:
    """Return one column for each targeted skill, in the order of the course, then of levels."""
    tubes = [tube for tube in found.engine.map.tubes if tube.targeted]
    return [
        SkillColumn(found.bank.skills[skill.id].name[LANG], place, skill.bit)
        for place, tube in enumerate(tubes)
        for skill in tube.skills(tube.targeted)
    ]
