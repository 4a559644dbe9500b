"""The evening of a certification day: what went up, what a jury rules there, and the results that come back to the school."""

from __future__ import annotations

import asyncio
import csv
import io
import subprocess
from typing import TYPE_CHECKING

import pytest
from day_room import sign_in
from day_sizes import AWAY, INES
from town import OFFICER_PASSWORD

if TYPE_CHECKING:
    from day_story import Room
    from playwright.async_api import Page


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


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


async def judged_and_published(room: Room, officer: Page) -> list[dict[str, str]]:
    """Read the verdicts, publish, and return the lines of the results that come back to the school."""
    day, base = room.day, officer.url
    rows = officer.locator("tr:has(th a[href*='/certifications/'])")
    came = [name for name in day.ids if name != AWAY]
    verdicts = {}
    for row in await rows.all():
        about = (await row.locator("th a").get_attribute("href") or "").rpartition("/")[2]
        verdicts[about] = await row.inner_text()
    for name in came:
        assert "Vérifié" in verdicts[day.ids[name]], (name, verdicts)
    assert all("Échec" not in said for said in verdicts.values()), verdicts
    await until(officer, f"{base}/certifications/{day.ids[INES]}", f"dd:has-text('{INES} Camille')")
    await officer.goto(base)
    await officer.click("form:has([name=act][value=publish]) button")
    await officer.wait_for_selector("text=Publiée")
    await asyncio.to_thread(day.town.daemon.stop)  # it asks for results when it starts, then once a minute
    day.town.daemon.start()
    address = f"/staff/sessions/{day.session.id}/results.csv"
    await until(room.principal, f"{day.url}/staff/certifications", f"a[href='{address}']")
    results = await room.principal.request.get(f"{day.url}{address}")
    assert results.status == 200
    return list(csv.DictReader(io.StringIO((await results.body()).decode("utf-8-sig")), delimiter=";"))


async def papers(room: Room, rows: list[dict[str, str]]) -> str:
    """Check that certificates are for whoever is validated, and return the words of the report on paper."""
    day, get = room.day, room.principal.request.get
    report = await get(f"{day.url}/staff/sessions/{day.session.id}/report.pdf")
    printed = text_of(await report.body())
    certificates = await get(f"{day.url}/staff/sessions/{day.session.id}/certificates.pdf")
    granted = text_of(await certificates.body())
    for row in rows:
        assert (row["Numéro de certification"] in granted) == (row["Statut"] == "Validée"), row
        assert row["Nom"] in printed
    return " ".join(printed.split())
