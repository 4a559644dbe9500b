"""A kiosk for each test that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio
from kiosk_site import Site, open_site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path / "home") as opened:
        yield opened
