"""A central instance for each test, on SQLite and on PostgreSQL, reached through its own HTTP."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer
from central_room import PHC, Central, Clock
from postgres_server import Cluster

from sync.central.app import build_app
from sync.central.config import load_config, make_home
from sync.central.store import officers

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
    home, clock = tmp_path / "home", Clock()
    make_home(home, "Académie d'essai")
    app = build_app(load_config(home, database), clock)
    async with AsyncExitStack() as stack:
        server = TestServer(app, skip_url_asserts=True)
        await server.start_server(auto_decompress=False)
        client = await stack.enter_async_context(TestClient(server))
        found = Central(client, app, clock)
        now = clock()
        await found.instance.database.write(lambda conn: officers.add_officer(conn, "helene", PHC, now))
        yield found
