"""A central instance for each test, on SQLite and on PostgreSQL, reached through its own HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from central_room import Central, open_central
from postgres_server import Cluster

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    running = Cluster()
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    made: Callable[[], str] = request.getfixturevalue("cluster").make_database
    return made()


@pytest.fixture
async def central(database: str | None, tmp_path: Path) -> AsyncIterator[Central]:
    async with open_central(tmp_path / "home", database) as found:
        yield found
