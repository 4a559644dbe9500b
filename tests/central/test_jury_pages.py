"""The jury's pages: sessions with what must be looked at, rulings by forms, refusals said where they were asked; officers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exam_site import exam_day
from finalisation_kit import answer_all, answer_right, over
from jury_kit import add_sealed_bank, enrol, hand_in

from kiosk.actions import finalisation, incidents
from kiosk.actions.incidents import Noted
from kiosk.finalisation_rules import Finalisation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central_room import Central
    from exam_site import Day


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    async with exam_day(tmp_path / "school") as opened:
        ines, tom = await opened.begun("ines", "tom")
        await answer_right(ines)
        await answer_all(tom, 20)
        noted = Noted("C1", "Prénom mal écrit", candidate=opened.ids["ines"])
        await incidents.note(opened.site.kiosk, opened.principal, opened.session.id, noted)
        await over(opened)
        said = Finalisation({opened.ids["tom"]: "technical"}, comment="Bruit dans le couloir")
        await finalisation.finalise(opened.site.kiosk, opened.chief, opened.session.id, said)
        yield opened


async def arrived(central: Central, day: Day) -> str:
    """Take everything in, sign in, and return the address of the session."""
    site = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)
    await central.sign_in()
    return f"/schools/{site}/sessions/{day.session.id}"


async def test_a_session_is_read_ruled_and_published_by_forms(central: Central, day: Day) -> None:
    base = await arrived(central, day)
    listing = await central.page("/sessions")
    assert f'href="{base}"' in listing
    assert "2 points à voir" in listing
    page = await central.page(base)
    assert "Bruit dans le couloir" in page
    assert "Prénom mal écrit" in page
    about = page.partition('name="about" value="')[2].partition('"')[0]
    assert (await central.post(f"{base}/acts", act="resolve", about=about, text="Corrigé")).status == 303
    assert (await central.post(f"{base}/acts", act="assign")).status == 303
    assert "Traitée par" in await central.page(base)
    one = f"{base}/certifications/{day.ids['ines']}"
    assert "Benali" in await central.page(one)
    assert (await central.page(one)).count("Juste") == 32
    fixed = await central.post(
        f"{one}/identity", last_name="Benali", first_name="Ines", birth_date="2012-03-14", birth_place=""
    )
    assert fixed.status == 303
    assert "Benali Ines" in await central.page(one)
    assert (await central.post(f"{one}/acts", act="cancel", text="Essai")).status == 303
    assert "Annulée" in await central.page(one)
    assert (await central.post(f"{one}/acts", act="uncancel")).status == 303
    assert (await central.post(f"{base}/acts", act="publish")).status == 303
    assert "Publiée" in await central.page(base)
    refused = await central.post(f"{one}/acts", act="cancel", text="Trop tard")
    assert refused.status == 409
    assert "La session est publiée" in await refused.text()


async def test_a_ruling_without_a_reason_or_of_no_kind_is_refused_where_it_was_asked(
    central: Central, day: Day
) -> None:
    base = await arrived(central, day)
    one = f"{base}/certifications/{day.ids['tom']}"
    silent = await central.post(f"{one}/acts", act="reject", text="")
    assert (silent.status, "Dites pourquoi" in await silent.text()) == (422, True)
    for path, act in ((one, "publish"), (base, "cancel"), (base, "identity"), (one, "nonsense")):
        assert (await central.post(f"{path}/acts", act=act, text="x")).status == 422
    nobody = await central.post(f"{base}/certifications/inconnu/acts", act="rescore")
    assert nobody.status == 404
    nameless = await central.post(f"{one}/identity", last_name="", first_name="X", birth_date="2012-01-01")
    assert nameless.status == 422


async def test_strangers_see_no_session_and_change_nothing(central: Central, day: Day) -> None:
    base = await arrived(central, day)
    await central.post("/logout")
    for path in ("/sessions", base, f"{base}/certifications/{day.ids['ines']}"):
        reply = await central.client.get(path, allow_redirects=False)
        assert (reply.status, reply.headers["Location"].startswith("/login")) == (303, True)
    assert (await central.post(f"{base}/acts", act="publish")).status == 401
    foreign = await central.client.post(
        f"{base}/acts", data={"act": "publish"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status in {401, 403}
