"""A whole certification day in real processes: the central instance is out of reach until evening, then results come back.

Three candidates sit in Chromium, one of them with the packaged extension, and nine over HTTP; two phones supervise. What the
pages said and what the server acknowledged are held against the log, read from the files once everything is over.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from day_log import (
    ALL,
    AWAY,
    DISMISSED,
    GIVEN_UP,
    INES,
    LATE,
    TOM,
    WITH_EXTRA,
    ZOE,
    Told,
    check_acts,
    check_answers,
    check_incidents_of_the_day,
    check_time,
    log_of,
)
from day_room import (
    IN_CHROMIUM,
    act,
    answer,
    come_in,
    give_code,
    machine_p07,
    morning,
    phone_in,
    question_on,
    sign_in,
)
from processes import preau_json
from town import OFFICER_PASSWORD, PASSWORD

from kiosk.lockdown.crx import extension_id, public_der
from kiosk.provision.package import load_or_make_key
from kiosk.session_codes import head_words

if TYPE_CHECKING:
    from pathlib import Path

    from day_room import Day
    from playwright.async_api import Page
    from town import Town


pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

SWITCH = "([id, on]) => new Promise(done => chrome.management.setEnabled(id, on, done))"


@dataclass
class Room:
    """The browsers of the day: who supervises, who sits, and what the pages said at the end."""

    day: Day
    principal: Page
    first: Page
    second: Page
    ines: Page
    tom: Page
    zoe: Page


async def opened(day: Day) -> Room:
    """Bring both phones in, and the three who sit in Chromium to their door."""
    principal = await day.here()
    await sign_in(principal, f"{day.url}/sign-in", "p.diaz", PASSWORD)
    first = await phone_in(day, principal, "Mme Arnaud")
    second = await phone_in(day, principal, "M. Petit")
    return Room(day, principal, first, second, await machine_p07(day), await day.here(), await day.here())


async def everyone_waits(room: Room) -> None:
    """Check everybody in but the late one; who has no extension is let in without it by a reason of the principal's."""
    day = room.day
    early = [one for name, one in day.seated.items() if name != LATE]
    await asyncio.gather(
        come_in(day, room.ines, INES),
        come_in(day, room.tom, TOM),
        come_in(day, room.zoe, ZOE),
        *(one.arrive() for one in early),
    )
    waived = [day.ids[TOM], day.ids[ZOE], *(one.id for one in early)]
    await day.chief.act("waive_lockdown", waived, reason="Postes non préparés")
    await room.ines.wait_for_selector("[data-lockdown=there]:visible")
    await asyncio.gather(
        *(give_code(day, page) for page in (room.ines, room.tom, room.zoe)),
        *(one.give_code() for one in early),
    )


async def admitted(room: Room) -> None:
    """Turn away whoever shows another's name, admit everyone else from a phone, and let the late one join."""
    day = room.day
    await act(day, room.second, day.ids[AWAY], "turn_away", reason="Ce n’est pas cette personne")
    await room.first.goto(f"{day.url}/supervise/{day.session.id}/room")
    await room.first.click("[data-all]")
    async with room.first.expect_navigation(url=lambda one: "done=admit" in one):
        await room.first.click("form[data-act=admit] button.do")
    for page in (room.ines, room.tom, room.zoe):
        await question_on(page)
    await asyncio.gather(*(one.begin() for name, one in day.seated.items() if name not in {AWAY, LATE}))
    late = day.seated[LATE]
    await late.arrive()
    await act(day, room.second, late.id, "waive_lockdown", reason="Poste non préparé")
    await late.give_code()
    await act(day, room.second, late.id, "admit")
    await late.begin()


async def extension_disabled(room: Room) -> None:
    """Switch the extension off in the middle of the test: the page stops, and only a supervisor lets it go on."""
    day, ines = room.day, room.ines
    await answer(ines, 2)
    own = extension_id(public_der(load_or_make_key(day.town.school_home).public_key()))
    switch = await ines.context.new_page()
    await switch.goto("chrome://extensions")
    await switch.evaluate(SWITCH, [own, False])
    await ines.wait_for_selector("#held-title:visible")
    await switch.evaluate(SWITCH, [own, True])
    await switch.close()
    await ines.reload()
    await ines.wait_for_selector("#held-title:visible")
    await act(day, room.first, day.ids[INES], "clear_lockdown", reason="Réactivée devant moi")
    await question_on(ines)


async def killed_while_one_is_stopped(room: Room) -> None:
    """Kill the server while some answer: the same questions and, for who is stopped by an alert, the very same time."""
    day, chief = room.day, room.day.chief
    await answer(room.tom, 1)
    reported = await question_on(room.tom)
    await room.tom.click("#report-open")
    await room.tom.click("#report-form button.do")
    await room.tom.wait_for_selector("#held-title:text('en pause')")
    asked = await question_on(room.zoe)
    before = await chief.room()
    working = [day.seated[name] for name in ("Albert", "Etienne", "Garnier", "Joly")]
    sitting = [asyncio.create_task(one.answer(ALL, right=one.last_name != "Joly")) for one in working]
    seen = len(day.session.acknowledged)
    while len(day.session.acknowledged) < seen + 8:  # noqa: ASYNC110 - what is waited for is other tasks' work
        await asyncio.sleep(0.01)  # polls the condition above
    day.town.school.kill()
    await asyncio.to_thread(day.town.school.start)
    after = await chief.room()
    assert [after[day.ids[TOM]][name] for name in ("number", "alert", "remaining_s", "epoch")] == [
        before[day.ids[TOM]][name] for name in ("number", "alert", "remaining_s", "epoch")
    ]
    assert after[day.ids[ZOE]]["number"] == before[day.ids[ZOE]]["number"]
    await asyncio.gather(*sitting)
    assert await question_on(room.zoe) == asked
    await act(day, room.first, day.ids[TOM], "rule", ":has([name=ruling][value=validated])", reason="E9")
    await room.tom.wait_for_function(
        "before => { const now = document.getElementById('instruction'); return now.checkVisibility() && now.innerText !== before; }",
        arg=reported,
    )
    assert "2 sur" in await room.tom.inner_text("#place")


async def the_rest_of_the_morning(room: Room) -> None:
    """Dismiss an alert, change a machine, add time, note an incident; everyone goes on, one gives up."""
    day, seated = room.day, room.day.seated
    dubois = seated[DISMISSED]
    await dubois.answer(2)
    await dubois.report()
    kept = dubois.state["number"]
    await act(day, room.second, dubois.id, "rule", ":has([name=ruling][value=dismissed])")
    await dubois.look()
    assert (dubois.state["number"], dubois.state["state"]) == (kept, "question")
    await act(
        day, room.second, day.ids[WITH_EXTRA], "add_time", minutes="5", reason="Évacuation d’une rangée"
    )
    await act(day, room.second, dubois.id, "incident", category="C6", text="Signalé pour rien")
    await answer(room.zoe, 3)
    room.zoe = await moved_to_a_spare(room, room.zoe)
    await seated[GIVEN_UP].answer(5)
    going = [seated[name] for name in (WITH_EXTRA, DISMISSED, LATE)]
    await asyncio.gather(
        *(one.answer(ALL) for one in going), *(answer(page, ALL) for page in (room.ines, room.tom, room.zoe))
    )


async def moved_to_a_spare(room: Room, former: Page) -> Page:
    """Move Zoé to a spare machine by its code: the same question there, and the former page is fenced."""
    day, spare = room.day, await room.day.here()
    asked = await question_on(former)
    await spare.goto(f"{day.url}/exam")
    await spare.wait_for_function(
        "() => /[A-Z0-9]{4}/.test(document.getElementById('machine-code').textContent)"
    )
    code = re.sub(r"\s", "", await spare.locator("#machine-code").text_content() or "")
    await act(day, room.first, day.ids[ZOE], "move", machine=code, reason="Écran noir")
    await spare.wait_for_url(f"**/exam/{day.ids[ZOE]}/question")
    while (await day.chief.room())[day.ids[ZOE]]["state"] == "moved":
        await spare.wait_for_timeout(100)  # until the page there has taken the passage
    assert await question_on(spare) == asked
    await former.wait_for_selector("#elsewhere:visible")
    return spare


async def a_phone_is_lost(room: Room) -> None:
    """Take the second phone out from the first: it can do nothing any more."""
    day = room.day
    await room.first.goto(f"{day.url}/supervise/{day.session.id}/phones")
    await room.second.goto(f"{day.url}/supervise/{day.session.id}")
    await room.first.click("li:has-text('M. Petit') button:has-text('Retirer')")
    await room.second.wait_for_selector("text=Ce téléphone n’est plus dans la salle")
    refused = await room.second.request.post(
        f"{day.url}/api/v1/sessions/{day.session.id}/acts",
        data={"act": "pause_all", "reason": "essai"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert refused.status in {401, 403}


async def finalised(room: Room) -> Told:
    """Close and finalise on the principal's page, with an incident and the reason of the one who gave up."""
    day, page = room.day, room.principal
    told = Told(await day.chief.room(), {})
    for name, one in zip(IN_CHROMIUM, (room.ines, room.tom, room.zoe), strict=True):
        await one.wait_for_url("**/end")
        assert f"{ALL} réponses enregistrées" in await one.inner_text("main")
        told.words[day.ids[name]] = (await one.locator("aside .plate b").inner_text()).split()
    await page.goto(f"{day.url}/staff/sessions/{day.session.id}/finalise")
    await page.click("form[action$='/finalise/close'] button")
    await page.select_option(f"#reason-{day.ids[GIVEN_UP]}", "candidate")
    await page.check("[name=has_incident]")
    await page.fill("#comment", "Serveur redémarré, reprise immédiate.")
    await page.click("button[value=finalise]")
    await page.wait_for_selector("text=La session est finalisée")
    return told


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


async def test_a_whole_day_from_tickets_to_certificates_agrees_with_the_log(
    town: Town, tmp_path: Path
) -> None:
    async with morning(town, tmp_path) as day:
        room = await opened(day)
        await everyone_waits(room)
        await admitted(room)
        await extension_disabled(room)
        await killed_while_one_is_stopped(room)
        await the_rest_of_the_morning(room)
        await a_phone_is_lost(room)
        told = await finalised(room)
        rows = await judged_and_published(room, await evening(room))
        assert {row["Nom"] for row in rows} == set(day.ids) - {AWAY}
        printed = await papers(room, rows)
        assert day.strangers == []
    await asyncio.to_thread(town.stop)
    log = await log_of(day)
    assert " · ".join(head_words(log.head(day.session.id))) in printed
    assert told.words == {day.ids[name]: head_words(log.head(day.ids[name])) for name in IN_CHROMIUM}
    check_answers(day, log)
    check_time(day, log, told)
    check_incidents_of_the_day(day, log)
    check_acts(day, log)
    checked = preau_json(town.school_home, "log", "check")
    assert checked["verdict"] == "verified", checked
