"""The evening of a certification day: what went up, what a jury rules there, and the results that come back to the school."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from day_papers import Papers, rows_of
from day_room import sign_in
from day_sizes import AWAY, DISMISSED, GIVEN_UP, INES, LATE, TOM, ZOE
from town import OFFICER_PASSWORD

if TYPE_CHECKING:
    from day_room import Day
    from day_story import Room
    from playwright.async_api import Page

CORRECTED = "Zoé-Camille"
"""What the jury makes of Zoé's first name."""
WORDS = "Arrivé en retard, sans effet"
"""What the jury tells the school of the late one."""


async def evening(room: Room) -> Page:
    """Let the central instance be reached, and return the officer's page of the session once it may be published."""
    day, town = room.day, room.day.town
    await asyncio.to_thread(town.daemon.stop)
    await asyncio.to_thread(town.central.start)
    town.daemon.start()
    officer = await day.here()
    await sign_in(officer, f"{town.central_url}/", "helene", OFFICER_PASSWORD)
    await until(officer, f"{town.central_url}/sessions", f"a[href$='/sessions/{day.session.id}']")
    await officer.click(f"a[href$='/sessions/{day.session.id}']")
    await officer.wait_for_url(f"**/sessions/{day.session.id}")
    await until(officer, officer.url, "form:has([name=act][value=publish]) button")
    return officer


async def until(page: Page, address: str, selector: str) -> None:
    """Open a page again and again until it shows what is waited for, for a minute at most."""
    for _ in range(240):
        await page.goto(address)
        if await page.locator(selector).count():
            return
        await page.wait_for_timeout(250)  # then the condition above is looked at again
    pytest.fail(f"{address} never shows {selector}: {await page.inner_text('main')}")


async def codes_of_the_verified(day: Day, officer: Page) -> dict[str, str]:
    """Return the code of each certification, all of which the central instance led again to the same end."""
    codes, verdicts = {}, {}
    for row in await officer.locator("tr:has(th a[href*='/certifications/'])").all():
        link = row.locator("th a")
        about = (await link.get_attribute("href") or "").rpartition("/")[2]
        codes[about], verdicts[about] = await link.inner_text(), await row.inner_text()
    for name in day.ids:
        if name != AWAY:
            assert "Vérifié" in verdicts[day.ids[name]], (name, verdicts)
    assert all("Échec" not in said for said in verdicts.values()), verdicts
    return {name: codes[one] for name, one in day.ids.items() if name != AWAY}


async def judged(day: Day, officer: Page) -> None:
    """Look at the replaced question, settle what the school reported, correct a name, change a reason, undo a ruling."""
    base = officer.url

    async def about(name: str) -> None:
        await until(officer, f"{base}/certifications/{day.ids[name]}", f"dd:has-text('{name} Camille')")

    async def press(act: str, text: str = "") -> None:
        form = officer.locator(f"form:has([name=act][value={act}])").first
        if text:
            await form.locator("[name=text]").fill(text)
        async with officer.expect_navigation():
            await form.locator("button").click()

    await press("resolve", "Entendu : rien à reprocher")
    await about(GIVEN_UP)
    await officer.select_option("#abandonment", "technical")
    await press("abandonment")
    await about(LATE)
    await press("organisation_words", WORDS)
    await about(DISMISSED)
    await press("cancel", "Vérification en cours")
    assert "Annulée" in await officer.inner_text("main")
    await press("uncancel")
    await about(ZOE)
    await officer.fill("#first_name", CORRECTED)
    await officer.click("form[action$='/identity'] button")
    await officer.wait_for_selector(f"dd:has-text('{CORRECTED}')")
    await about(INES)
    await about(TOM)
    (replaced,) = await officer.locator("tr.gone").all()
    assert (await replaced.locator("th").inner_text()).strip() == "2"
    assert "E9" in await replaced.inner_text()
    assert await officer.locator("tbody tr:has(th:text-is('2'))").count() == 2
    await officer.goto(base)


async def results_are_back(room: Room, officer: Page, codes: dict[str, str]) -> Papers:
    """Publish, let results come back to the school, and return every document and what the public page says."""
    day, principal = room.day, room.principal
    await officer.click("form:has([name=act][value=publish]) button")
    await officer.wait_for_selector("text=Publiée")
    await asyncio.to_thread(day.town.daemon.stop)  # it asks for results when it starts, then once a minute
    day.town.daemon.start()
    at = f"/staff/sessions/{day.session.id}"
    await until(principal, f"{day.url}/staff/certifications", f"a[href='{at}/results.csv']")

    async def file(name: str) -> bytes:
        reply = await principal.request.get(f"{day.url}{at}/{name}")
        assert reply.status == 200, name
        return await reply.body()

    anybody, said = await day.here(), {}
    for name in (INES, ZOE):
        await anybody.goto(f"{day.town.central_url}/verify")
        await anybody.fill("#code", codes[name])
        await anybody.click("main form button")
        said[name] = await anybody.inner_text("main [role=status]")
    return Papers(
        codes=codes,
        attendance=await file("attendance.pdf"),
        report=await file("report.pdf"),
        certificates=await file("certificates.pdf"),
        results=rows_of(await file("results.csv")),
        verified=said,
    )
