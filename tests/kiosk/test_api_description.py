"""The OpenAPI description: valid, complete, and true of a live server whatever is thrown at it."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from kiosk_site import Pupil, Site, open_site
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from kiosk.logins import LOOPBACK_COOKIE
from kiosk.openapi import OPERATIONS, described
from kiosk.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemathesis import Case

API_ROUTES = tuple(row for row in ROUTES if row.path.startswith("/api/v1/"))
DESCRIPTION = described(API_ROUTES)
schema = schemathesis.openapi.from_dict(DESCRIPTION)


def test_the_description_is_valid_openapi() -> None:
    validate(DESCRIPTION)


def test_every_line_of_the_table_is_described_and_nothing_else() -> None:
    rows = {row.handler for row in API_ROUTES if row.path.removeprefix("/api/v1") != "/openapi.json"}
    assert rows == set(OPERATIONS)


async def test_the_server_gives_its_own_description(site: Site) -> None:
    assert (await site.stranger.get("/api/v1/openapi.json")).body == DESCRIPTION


class Running:
    """A kiosk in a thread of its own, with what the generated requests need to reach further than the door."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ready = threading.Event()
        self.base = ""
        self.cookies: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.loop = asyncio.new_event_loop()
        self.stop = asyncio.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with open_site(self.home) as site:
            campaign = await site.campaign()
            joined = await site.lea.post("/api/v1/participations", {"code": campaign["code"]})
            pid = joined.body["participation"]["id"]
            await Pupil(site.lea, pid).take()
            self.base = site.stranger.base
            for name in ("lea", "roy"):
                jar = getattr(site, name).session.cookie_jar
                self.cookies[name] = next(iter(jar)).value
            self.ids = {"pid": pid, "campaign": campaign["id"], "code": campaign["code"]}
            self.ready.set()
            await self.stop.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running(tmp_path_factory.mktemp("described"))
    server.thread.start()
    assert server.ready.wait(60)
    yield server
    server.loop.call_soon_threadsafe(server.stop.set)
    server.thread.join()


@schema.parametrize()
@settings(
    max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
)
def test_no_generated_request_breaks_the_server_or_the_description(case: Case[Any], running: Running) -> None:
    pupil = "/participations" in case.path and "/campaigns" not in case.path
    # Nobody signs out: the requests that follow go on using the login.
    who = None if "logout" in case.path else "lea" if pupil else "roy"
    ids = {
        "/api/v1/participations/{id}": running.ids["pid"],
        "/api/v1/campaigns/{id}": running.ids["campaign"],
    }
    for start, known in ids.items():
        if case.path.startswith(start):
            case.path_parameters["id"] = known
    if "pid" in case.path_parameters:
        case.path_parameters["pid"] = running.ids["pid"]
    case.cookies = {LOOPBACK_COOKIE: running.cookies[who]} if who else {}
    case.call_and_validate(
        base_url=running.base,
        checks=[
            not_a_server_error,
            status_code_conformance,
            response_schema_conformance,
        ],
    )
