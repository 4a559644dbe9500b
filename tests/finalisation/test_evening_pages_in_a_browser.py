"""The pages of the evening, in a browser: finalisation, jury, publication, results, certificates, the public check.

Each is held at both sizes and in every theme; buttons are pressed as people press them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from central_room import PASSWORD
from evening_room import beside
from exam_site import exam_day
from finalisation_kit import answer_all, answer_right
from page_browser import LARGE, LOOKS
from supervise_browser import axe, hall

from kiosk.actions import incidents, supervision
from kiosk.actions.incidents import Noted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from evening_room import Both
    from exam_site import Day
    from playwright.async_api import Page
    from supervise_browser import Hall

    from sync.db import Tx

pytestmark = pytest.mark.journey


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Give a day that is over: Inès answered all, Tom twenty after one was replaced, Zoé never came; things were noted."""
    async with exam_day(tmp_path / "school") as day:
        ines, tom = await day.begun("ines", "tom")
        await answer_right(ines)
        kiosk, session = day.site.kiosk, day.session.id
        await tom.report()
        await supervision.rule(kiosk, day.supervisor(), session, day.ids["tom"], 1, "validated", "E9")
        await tom.refresh()
        await answer_all(tom, 20)
        await incidents.note(
            kiosk, day.principal, session, Noted("C1", "Prénom à corriger", candidate=day.ids["ines"])
        )
        await incidents.note(kiosk, day.principal, session, Noted("R3", "Coupure de deux minutes"))

        def link(tx: Tx) -> None:
            tx.execute(
                "UPDATE candidates SET person = 'id-lea', division = '3B' WHERE id = ?", (day.ids["ines"],)
            )

        await kiosk.db.write(link)
        yield day


async def faults(page: Page, name: str) -> list[str]:
    """Return what axe finds on a page in every theme and size."""
    found: list[str] = []
    for theme, size in LOOKS:
        await page.set_viewport_size(size)
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        found += [f"{name} {theme} {size['width']}: {fault}" for fault in await axe(page)]
    await page.set_viewport_size(LARGE)
    return found


async def finalise(page: Page, base: str, day: Day) -> list[str]:
    """Close, be refused for want of a reason, say it, finalise; return the faults of what was seen."""
    await page.goto(f"{base}/staff/sessions/{day.session.id}/finalise")
    found = await faults(page, "still open")
    await page.click("form[action$='/finalise/close'] button")
    await page.wait_for_selector("button[value=finalise]")
    found += await faults(page, "to finalise")
    await page.click("button[value=finalise]")
    await page.wait_for_selector("[aria-invalid=true]")
    found += await faults(page, "refused")
    await page.select_option(f"#reason-{day.ids['tom']}", "technical")
    await page.fill("#comment", "Coupure de courant à 9 h 40, reprise sans perte.")
    await page.check("[name=has_incident]")
    await page.click("button[value=finalise]")
    await page.wait_for_selector("text=La session est finalisée")
    return found + await faults(page, "finalised")


async def judge(around: Hall, both: Both) -> list[str]:
    """Sign an officer in, resolve, correct a name, rule and publish; return the faults of what was seen."""
    page, day, address = await around.elsewhere(both.address), both.day, both.address
    await page.goto(f"{address}/login")
    await page.fill("input[name=username]", "helene")
    await page.fill("input[name=password]", PASSWORD)
    await page.click("main button.do")
    await page.wait_for_url(f"{address}/")
    await page.goto(f"{address}/sessions")
    found = await faults(page, "sessions")
    await page.click(f"a[href$='/sessions/{day.session.id}']")
    await page.wait_for_selector("h1:has-text('Session')")
    base = page.url
    found += await faults(page, "a session to judge")
    await page.fill("form:has([value=resolve]) [name=text]", "Prénom corrigé")
    await page.click("form:has([value=resolve]) button")
    await page.wait_for_selector("text=Prénom corrigé")
    for who in ("ines", "tom"):
        await page.goto(f"{base}/certifications/{day.ids[who]}")
        found += await faults(page, f"certification of {who}")
    assert "Remplacée" in await page.locator("tr.gone").inner_text()
    await page.select_option("#abandonment", "candidate")
    await page.click("form:has(#abandonment) button")
    await page.goto(f"{base}/certifications/{day.ids['ines']}")
    await page.fill("#first_name", "Inès-Aurore")
    await page.click("form[action$='/identity'] button")
    await page.wait_for_selector("dd:has-text('Inès-Aurore')")
    await page.goto(base)
    await page.click("form:has([value=publish]) button")
    await page.wait_for_selector("text=Publiée")
    return found + await faults(page, "a session published")


async def check_in_public(around: Hall, both: Both, code: str) -> list[str]:
    """Check certificates as anybody may: a wrong code, then a true one; return the faults of what was seen."""
    page = await around.elsewhere(both.address)
    await page.goto(f"{both.address}/verify")
    found = await faults(page, "verify")
    for typed, sign in (("bonjour", "[aria-invalid=true]"), (code, "[role=status]")):
        await page.fill("#code", typed)
        await page.click("main form button")
        await page.wait_for_selector(sign)
        found += await faults(page, f"verify {sign}")
    shown = await page.inner_text("[role=status]")
    assert "Inès-Aurore Benali" in shown
    assert code in shown
    return found


async def test_the_pages_of_the_evening_are_for_everyone(day: Day, tmp_path: Path) -> None:
    async with hall(day) as around, beside(day, tmp_path / "central") as both:
        chief, pupil = await around.staff(day.site.diaz), await around.staff(day.site.lea)
        found = []
        for page, address in ((chief, "/staff/certifications"), (pupil, "/certifications")):
            await page.goto(f"{around.base}{address}")
            found += await faults(page, f"{address} before")
        found += await finalise(chief, around.base, day)
        await both.sync()
        found += await judge(around, both)
        await both.later()
        await chief.goto(f"{around.base}/staff/certifications")
        found += await faults(chief, "results at school")
        async with chief.expect_download() as pdf:
            await chief.click(f"a[href='/staff/sessions/{day.session.id}/certificates.pdf']")
        assert (await pdf.value).suggested_filename.endswith(".pdf")
        await pupil.goto(f"{around.base}/certifications")
        words = await pupil.inner_text("main")
        assert "Validée" in words
        found += await faults(pupil, "a pupil's certificate")
        (code,) = re.findall(r"P-[A-Z0-9]{8}", words)
        found += await check_in_public(around, both, code)
        assert found == []
