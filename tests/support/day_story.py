"""What happens in the room on a certification day, scene by scene, from the tickets to the principal's finalisation."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from day_log import ALL, UNTIL_GIVEN_UP, Told
from day_room import act, answer, come_in, give_code, labels, phone_in, question_on, sign_in
from day_sizes import AWAY, DISMISSED, GIVEN_UP, INES, LATE, SWIFT, TOM, WITH_EXTRA, ZOE
from town import PASSWORD

from kiosk.lockdown.crx import extension_id, public_der
from kiosk.provision.package import load_or_make_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from day_people import Chief, Seated
    from day_room import Day
    from playwright.async_api import Page

SWITCH = "([id, on]) => new Promise(done => chrome.management.setEnabled(id, on, done))"
OTHERS_FIRST = 4
"""Answers that whoever has no story of their own gives before the switch goes out."""


@dataclass
class Room:
    """The browsers of the day: who supervises, and the page of each candidate who sits in Chromium."""

    day: Day
    principal: Page
    first: Page
    second: Page
    pages: dict[str, Page]

    @property
    def quiet(self) -> list[Seated]:
        """The simulated candidates without a story of their own."""
        return [self.day.seated[name] for name in self.day.size.quiet]

    @property
    def slow(self) -> list[Seated]:
        """The simulated candidates who still sit after the server was killed."""
        return [*(self.day.seated[name] for name in (WITH_EXTRA, DISMISSED, LATE, GIVEN_UP)), *self.quiet]


async def opened(day: Day) -> Room:
    """Bring both phones in, and those who sit in Chromium to their door."""
    principal = await day.here()
    await sign_in(principal, f"{day.url}/sign-in", "p.diaz", PASSWORD)
    first = await phone_in(day, principal, "Mme Arnaud")
    second = await phone_in(day, principal, "M. Petit")
    prepared = labels(day.size)[: day.size.extensions]
    desks = await asyncio.gather(
        *(day.machine(label) for label in prepared), *(day.desk() for _ in day.size.plain)
    )
    return Room(day, principal, first, second, dict(zip(day.size.in_chromium, desks, strict=True)))


async def everyone_waits(room: Room) -> None:
    """Check everybody in but the late one; who has no extension is let in without it by a reason of the principal's."""
    day = room.day
    early = [one for name, one in day.seated.items() if name != LATE]
    await asyncio.gather(
        *(come_in(day, page, name) for name, page in room.pages.items()), *(one.arrive() for one in early)
    )
    waived = [*(day.ids[name] for name in day.size.plain), *(one.id for one in early)]
    await day.chief.act("waive_lockdown", waived, reason="Postes non préparés")
    for name in day.size.in_chromium[: day.size.extensions]:
        await room.pages[name].wait_for_selector("[data-lockdown=there]:visible")
    await asyncio.gather(
        *(give_code(day, page) for page in room.pages.values()), *(one.give_code() for one in early)
    )


async def begun(day: Day, everyone: Iterable[Seated]) -> None:
    """Let simulated candidates begin, and answer the server's ticks from then on."""
    for one in everyone:
        await one.begin()
        day.keep_in_touch(one)


async def admitted(room: Room) -> None:
    """Turn away whoever shows another's name, admit everyone else from a phone, and let the late one join."""
    day = room.day
    await act(day, room.second, day.ids[AWAY], "turn_away", reason="Ce n’est pas cette personne")
    await room.first.goto(f"{day.url}/supervise/{day.session.id}/room")
    await room.first.click("[data-all]")
    async with room.first.expect_navigation(url=lambda one: "done=admit" in one):
        await room.first.click("form[data-act=admit] button.do")
    for page in room.pages.values():
        await question_on(page)
    await begun(day, (one for name, one in day.seated.items() if name not in {AWAY, LATE}))
    late = day.seated[LATE]
    await late.arrive()
    await act(day, room.second, late.id, "waive_lockdown", reason="Poste non préparé")
    await late.give_code()
    await act(day, room.second, late.id, "admit")
    await begun(day, [late])


async def extension_disabled(room: Room) -> None:
    """Switch the extension off in the middle of the test: the page stops, and only a supervisor lets it go on."""
    day, ines = room.day, room.pages[INES]
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
    day, chief, tom, zoe = room.day, room.day.chief, room.pages[TOM], room.pages[ZOE]
    await answer(tom, 1)
    reported = await question_on(tom)
    await tom.click("#report-open")
    await tom.click("#report-form button.do")
    await tom.wait_for_selector("#held-title:text('en pause')")
    asked = await question_on(zoe)
    before = await chief.room()
    sitting = [asyncio.create_task(day.seated[name].answer(ALL)) for name in SWIFT]
    sitting += [asyncio.create_task(one.answer(OTHERS_FIRST)) for one in room.quiet]
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
    assert await question_on(zoe) == asked
    await act(day, room.first, day.ids[TOM], "rule", ":has([name=ruling][value=validated])", reason="E9")
    await tom.wait_for_function(
        "before => { const now = document.getElementById('instruction'); return now.checkVisibility() && now.innerText !== before; }",
        arg=reported,
    )
    assert "2 sur" in await tom.inner_text("#place")


async def an_alert_is_dismissed(room: Room) -> None:
    """Let one report a question for nothing, and another answer all they ever will."""
    day = room.day
    dubois = day.seated[DISMISSED]
    await dubois.answer(2)
    await dubois.report()
    kept = dubois.state["number"]
    await act(day, room.second, dubois.id, "rule", ":has([name=ruling][value=dismissed])")
    await dubois.look()
    assert (dubois.state["number"], dubois.state["state"]) == (kept, "question")
    await day.seated[GIVEN_UP].answer(UNTIL_GIVEN_UP)


async def the_switch_is_out(room: Room, told: Told) -> None:
    """Pull the switch's plug: answers wait where they are, phones go on and see the silence, and time comes back once.

    Meanwhile the second phone does its work and is lost: neither needs the switch.
    """
    day, chief, zoe = room.day, room.day.chief, room.pages[ZOE]
    sitting = {*room.pages, *(one.last_name for one in room.slow)}
    told.sat_through = sorted(sitting)
    began = time.monotonic()
    await day.switch.down()
    waiting = asyncio.create_task(answer(zoe, 1, patience_s=day.size.outage_s + 90))
    waiting_too = [asyncio.create_task(one.answer(1)) for one in room.quiet]
    ids = day.ids
    await act(day, room.second, ids[WITH_EXTRA], "add_time", minutes="5", reason="Évacuation d’une rangée")
    await act(day, room.second, ids[DISMISSED], "incident", category="C6", text="Signalé pour rien")
    await a_phone_is_lost(room)
    wanted = {ids[name] for name in sitting}
    await room_shows(chief, lambda seen: {one["id"] for one in seen if one["silent_s"] > 0} == wanted)
    await asyncio.sleep(max(0.0, day.size.outage_s - (time.monotonic() - began)))  # how long the fault lasts
    told.outage_ms = int((time.monotonic() - began) * 1000)
    assert not waiting.done()
    await day.switch.up()
    await asyncio.gather(waiting, *waiting_too)
    await room_shows(
        chief, lambda seen: all(given_back(one, told.outage_ms) for one in seen if one["id"] in wanted)
    )
    assert all(one["silent_s"] == 0 for one in (await chief.room()).values())


async def room_shows(chief: Chief, wanted: Callable[[list[dict[str, Any]]], bool]) -> None:
    """Wait until the room as those in charge see it is as wanted."""
    while not wanted(list((await chief.room()).values())):  # noqa: ASYNC110 - pages and the server's clock move it
        await asyncio.sleep(0.25)  # polls the condition above


def given_back(one: dict[str, Any], outage_ms: int) -> bool:
    """Say whether the room's page shows the time of the outage among what was given back to a candidate."""
    least = outage_ms // 1000
    return any(credit["cause"] == "network" and credit["seconds"] >= least for credit in one["credits"])


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


async def a_machine_is_changed(room: Room) -> None:
    """Move Zoé to a spare machine by its code: the same question there, and the former page is fenced."""
    day, former = room.day, room.pages[ZOE]
    spare = await (day.machine(labels(day.size)[-1]) if day.size.spare_extended else day.desk())
    await answer(former, 2)
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
    room.pages[ZOE] = spare


async def everyone_goes_on(room: Room) -> None:
    """Let everybody answer to the end, but the one who gives up."""
    going = [one for one in room.slow if one.last_name != GIVEN_UP]
    await asyncio.gather(
        *(one.answer(ALL) for one in going), *(answer(page, ALL) for page in room.pages.values())
    )


async def finalised(room: Room, told: Told) -> None:
    """Close and finalise on the principal's page, with an incident and the reason of the one who gave up."""
    day, page = room.day, room.principal
    told.room = await day.chief.room()
    for name, one in room.pages.items():
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
