"""A central instance for each test, on SQLite and on PostgreSQL, reached through its own HTTP."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from central_room import Central, open_central
from exam_site import Day, exam_day
from finalisation_kit import answer_all, answer_right, over
from postgres_server import Cluster, migrate_central

from kiosk.actions import finalisation
from kiosk.finalisation_rules import Finalisation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    running = Cluster()
    yield running
    running.stop()


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'central.db'}"
    made: Callable[[], str] = request.getfixturevalue("cluster").make_database
    return made()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with the central instance's tables, to be copied."""
    path = tmp_path_factory.mktemp("central") / "central.db"
    migrate_central(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a database with the central instance's tables and nothing in them."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('migrated'), tmp_path / 'central.db')}"
    made: Callable[[], str] = request.getfixturevalue("cluster").make_central
    return made()


@pytest.fixture
async def central(database: str, tmp_path: Path) -> AsyncIterator[Central]:
    async with open_central(tmp_path / "home", database) as found:
        yield found


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Give a finalised day: Inès answered all, Tom twenty and stopped for a technical reason, Zoé never came."""
    async with exam_day(tmp_path / "school") as opened:
        ines, tom = await opened.begun("ines", "tom")
        await answer_right(ines)
        await answer_all(tom, 20)
        await over(opened)
        said = Finalisation({opened.ids["tom"]: "technical"})
        opened.session = await finalisation.finalise(opened.site.kiosk, opened.chief, opened.session.id, said)
        yield opened
