"""Faults 25 and 26: a whole room stopped wrongly, and phones of supervisors that are lost or empty, down to the last one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from exam_site import exam_day
from supervise_browser import hall

from kiosk.actions import lockdown_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.journey


async def test_with_the_last_phone_dead_the_principals_screen_leads_and_nobody_waits(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        principal = await around.staff(day.site.diaz)
        dead = await around.let_in(principal, "Batterie vide")
        ines, tom = await day.begun("ines", "tom")
        await dead.context.close()
        began = time.monotonic()
        for _ in range(3):
            assert (await tom.answer()).status == 200
        await ines.report()
        await principal.goto(f"{around.base}/staff/sessions/{day.session.id}")
        await principal.click("text=Voir la salle")
        await principal.click("#now a:has-text('Traiter')")
        await principal.click("text=Rien à signaler")
        await principal.wait_for_selector("#flash:has-text('Décision prise')")
        took = time.monotonic() - began
        assert (await ines.refresh())["state"] == "question"
        await principal.goto(f"{around.base}/staff/sessions/{day.session.id}/phones")
        await principal.click("li:has-text('Batterie vide') button:has-text('Retirer')")
        await principal.wait_for_selector("text=refusé à partir de maintenant")
        second = await around.let_in(principal, "Second téléphone")
        assert (await tom.client.post(f"{tom.api}/call", {"wanted": True})).status == 200
        await second.click("#now a:has-text('Répondre')")
        await second.click("text=Vu, je réponds")
        await second.wait_for_selector("#flash:has-text('Appel noté')")
        replaced = time.monotonic() - began
        record_property(
            "figure",
            f"the principal's screen ruled after {took:.0f} s, a second phone acted after {replaced:.0f} s",
        )


async def test_a_room_stopped_wrongly_goes_on_by_one_act_with_its_reason(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        pages = await day.begun("ines", "tom", "zoe")
        for page in pages:
            await lockdown_facts.freeze(day.site.kiosk, page.id, "extension", "gone")
        await phone.click("#all-stopped a")
        act = phone.locator("form[data-act=clear_lockdown]")
        await act.locator("button:not([type=button])").click()
        assert {(await day.row(page.name)).state for page in pages} == {"extension_missing"}, (
            "a reason is needed"
        )
        await act.locator("[name=reason]").fill("mise à jour de l’antivirus")
        await act.locator("button:not([type=button])").click()
        await phone.wait_for_selector("#nobody:visible")
        for page in pages:
            await page.refresh()
            assert (await page.answer()).status == 200
