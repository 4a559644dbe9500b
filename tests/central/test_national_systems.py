"""School reports and admissions ask with a token of their scope, and learn of published certifications only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from central_kit import UAI
from exam_site import exam_day
from finalisation_kit import answer_right, over
from jury_kit import add_sealed_bank, certification, enrol, hand_in

from kiosk.actions import finalisation
from kiosk.finalisation_rules import Finalisation
from sync.central.publication import Ordered
from sync.central.store import tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central_room import Central
    from exam_site import Day

LIVRET = f"/api/v1/livret-scolaire/{UAI.lower()}/certifications"
SEARCH = "/api/v1/parcoursup/certification/search"
INES = {"uai": UAI, "last_name": "BENALI", "first_name": "ines", "birth_date": "2012-03-14"}


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    async with exam_day(tmp_path / "school") as opened:
        (ines,) = await opened.begun("ines")
        await answer_right(ines)
        await over(opened)
        await finalisation.finalise(opened.site.kiosk, opened.chief, opened.session.id, Finalisation())
        yield opened


class Systems:
    """The two systems, each with its token."""

    def __init__(self, central: Central, day: Day, site: str, secrets: dict[str, str]) -> None:
        self.central, self.day, self.site, self.secrets = central, day, site, secrets

    async def ask(self, method: str, path: str, scope: str, body: object = None) -> tuple[int, Any]:
        """Return the status and what was answered."""
        headers = {"Authorization": f"Bearer {self.secrets.get(scope, scope)}"} if scope else {}
        reply = await self.central.client.request(method, path, json=body, headers=headers)
        return reply.status, await reply.json()

    async def publish(self) -> None:
        """Publish the session."""
        order = Ordered(self.site, self.day.session.id, "publish", "helene")
        await self.central.instance.publication.do(order, self.central.clock())


@pytest.fixture
async def systems(central: Central, day: Day) -> Systems:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)

    async def made(scope: str) -> str:
        return await central.instance.database.write(lambda conn: tokens.add(conn, scope, scope, 1))

    return Systems(central, day, site, {scope: await made(scope) for scope in tokens.SCOPES})


async def test_a_schools_report_says_pending_then_the_result(systems: Systems) -> None:
    status, told = await systems.ask("GET", LIVRET, "livret-scolaire")
    assert status == 200
    assert [(one["lastName"], one["status"], one["pixScore"]) for one in told["certifications"]] == [
        ("Benali", "pending", None)
    ]
    await systems.publish()
    _, told = await systems.ask("GET", LIVRET, "livret-scolaire")
    (one,) = told["certifications"]
    assert (one["status"], one["nationalStudentId"], one["date"]) == (
        "validated",
        "1234567890A",
        "2026-11-26",
    )
    assert one["pixScore"] > 0
    assert len(one["competenceResults"]) == 16 == len(told["competences"])
    assert (await systems.ask("GET", LIVRET.replace(UAI.lower(), "0000000a"), "livret-scolaire"))[0] == 404


async def test_admissions_find_a_pupil_by_each_of_three_keys(systems: Systems) -> None:
    code = (await certification(systems.central, systems.day, "ines")).number
    for key in ({"ine": "1234567890a"}, INES, {"code": code}):
        assert (await systems.ask("POST", SEARCH, "parcoursup", key))[0] == 404
    await systems.publish()
    for key in ({"ine": "1234567890a"}, INES, {"code": code}):
        status, told = await systems.ask("POST", SEARCH, "parcoursup", key)
        assert (status, told["verificationCode"], told["organizationUai"]) == (200, code, UAI)
        assert told["maximumReachableScore"] == 1024
        assert len(told["competences"]) == 16


@pytest.mark.parametrize(
    "key",
    [{}, {"ine": "1", "code": "P-AAAAAAAA"}, {"uai": UAI, "last_name": "Benali"}, {"nom": "Benali"}, ["ine"]],
)
async def test_anything_but_one_whole_key_is_refused(systems: Systems, key: object) -> None:
    assert (await systems.ask("POST", SEARCH, "parcoursup", key))[0] == 400


async def test_without_a_token_of_the_scope_nothing_is_told(systems: Systems) -> None:
    assert (await systems.ask("GET", LIVRET, ""))[0] == 401
    assert (await systems.ask("GET", LIVRET, "inconnu"))[0] == 401
    assert (await systems.ask("GET", LIVRET, "parcoursup"))[0] == 403
    assert (await systems.ask("POST", SEARCH, "livret-scolaire", INES))[0] == 403
    start = tokens.hash_of(systems.secrets["parcoursup"])[:12]
    await systems.central.instance.database.write(lambda conn: tokens.revoke(conn, start, 2))
    assert (await systems.ask("POST", SEARCH, "parcoursup", INES))[0] == 401
    for _ in range(30):
        status, _ = await systems.ask("GET", LIVRET, "essai")
    assert status == 429
