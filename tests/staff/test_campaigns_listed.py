"""The list of campaigns: the newest first unless asked otherwise, narrowed by state and by who made them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from kiosk_site import Site, open_site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk_site import Client


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Give a school with three campaigns made one minute after the other, the first by Inès Faure; the second is archived."""
    async with open_site(tmp_path / "home") as opened:
        for name, maker in (("Zinnia", opened.ines), ("Iris", opened.roy), ("Aster", opened.roy)):
            await made(maker, name)
            opened.clock.pass_s(60)
        yield opened


async def made(maker: Client, name: str) -> None:
    reply = await maker.post("/api/v1/campaigns", {"name": name, "course": "toy"})
    assert reply.status == 200
    if name == "Iris":
        await maker.post(f"/api/v1/campaigns/{reply.body['campaign']['id']}/archive")


async def names(site: Site, query: str) -> list[str]:
    reply = await site.diaz.get(f"/staff?filter=all{query}")
    assert reply.status == 200
    return re.findall(r'<a href="/staff/campaigns/[0-9a-f]{16}">(\w+)</a>', reply.data.decode())


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Aster", "Zinnia"]),
        ("&sort=oldest", ["Zinnia", "Aster"]),
        ("&sort=name", ["Aster", "Zinnia"]),
        ("&sort=nonsense", ["Aster", "Zinnia"]),
    ],
)
async def test_the_newest_come_first_and_may_be_sorted_otherwise(
    site: Site, query: str, shown: list[str]
) -> None:
    assert await names(site, query) == shown


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("&archived=1", ["Iris"]),
        ("&owner=faure", ["Zinnia"]),
        ("&owner=ROY", ["Aster"]),
        ("&owner=roy&archived=1", ["Iris"]),
        ("&owner=roy&q=ast", ["Aster"]),
        ("&owner=nobody", []),
    ],
)
async def test_state_and_creator_filter_the_list(site: Site, query: str, shown: list[str]) -> None:
    assert await names(site, query) == shown
