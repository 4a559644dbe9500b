"""What tests of campaigns do again and again: make one of a kind, take it to its end, send it, let days pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from kiosk_site import Pupil

from sync.records import Record

if TYPE_CHECKING:
    from kiosk_site import Client, Site

DAY_S = 24 * 3600
CAMPAIGNS = "/api/v1/campaigns"
JOIN = "/api/v1/participations"


async def made(site: Site, by: Client | None = None, **fields: object) -> dict[str, Any]:
    """Return a campaign made by Alice Roy, or by somebody else of the staff."""
    body = {"name": "Rentrée", "course": "toy", **fields}
    if fields.get("kind") == "collection":
        body.pop("course")
    reply = await (by or site.roy).post(CAMPAIGNS, body)
    assert reply.status == 200, reply.body
    return dict(reply.body["campaign"])


async def join(client: Client, campaign: dict[str, Any], **fields: object) -> str:
    """Return the participation somebody opens with the code of a campaign."""
    reply = await client.post(JOIN, {"code": campaign["code"], **fields})
    assert reply.status == 200, reply.body
    return str(reply.body["participation"]["id"])


async def finished(client: Client, participation: str, answer: object = "yes") -> int:
    """Answer every question alike; return how many there were."""
    return await (await Pupil(client, participation).take()).finish(answer)


async def send(client: Client, participation: str) -> None:
    """Send the results."""
    reply = await client.post(f"{JOIN}/{participation}/share", {"consent": True})
    assert reply.status == 200, reply.body


async def sent(site: Site, answer: object = "no", **fields: Any) -> tuple[dict[str, Any], str]:  # noqa: ANN401 - fields of several types
    """Return a campaign and Léa's participation in it, finished and sent."""
    campaign = await made(site, **fields)
    participation = await join(site.lea, campaign)
    await finished(site.lea, participation, answer)
    await send(site.lea, participation)
    return campaign, participation


async def days_later(site: Site, days: int, seconds: int = 0) -> None:
    """Let days pass and sign everybody in again."""
    site.clock.pass_s(days * DAY_S + seconds)
    await site.gather_cast()


async def code_of(client: Client, path: str, body: object = None) -> str:
    """Return the code of a refusal; fails when the act was done."""
    reply = await client.post(path, body)
    assert reply.status >= 400, reply.body
    return reply.code


async def last_record(site: Site) -> Record:
    """Return the record signed last."""
    data = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT bytes FROM log_records ORDER BY seq DESC LIMIT 1").fetchone()[0]
    )
    return msgspec.json.decode(data, type=Record)
