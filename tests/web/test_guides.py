"""The guides that pages show: each is written, named in both languages, linked from where it helps, and leads nowhere that is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from kiosk_site import Site, open_site

from web.guides import GUIDES, guide_text, parts_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk_site import Client


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path / "home") as opened:
        yield opened


async def read(client: Client, path: str) -> str:
    reply = await client.get(path)
    assert reply.status == 200, path
    return reply.data.decode()


@pytest.mark.parametrize("name", GUIDES)
async def test_a_guide_is_written_and_links_only_to_pages_there_are(site: Site, name: str) -> None:
    text = guide_text(name)
    assert text is not None
    title, body = parts_of(text)
    assert title
    assert body
    html = await read(site.stranger, f"/guides/{name}")
    for address in set(
        re.findall(r'<a [^>]*href="([^"]+)"', html.partition("<article")[2].partition("</article")[0])
    ):
        assert address.startswith("/"), address
        assert (await site.stranger.get(address)).status != 404


@pytest.mark.parametrize(
    ("page", "guides"),
    [
        ("/help", GUIDES),
        ("/staff", ("annee-enseignant", "enseignant")),
        ("/staff/team", ("annee-chef",)),
        ("/staff/pupils/import", ("imports", "annee-chef")),
        ("/staff/documentation", ("annee-enseignant", "enseignant", "annee-chef", "imports")),
    ],
)
async def test_a_page_leads_to_the_guides_that_help_there(
    site: Site, page: str, guides: tuple[str, ...]
) -> None:
    html = await read(site.diaz, page)
    for name in guides:
        assert f'href="/guides/{name}"' in html


async def test_a_teacher_is_led_to_what_a_teacher_does(site: Site) -> None:
    html = await read(site.roy, "/staff/documentation")
    assert 'href="/guides/annee-enseignant"' in html
    assert 'href="/guides/imports"' not in html
