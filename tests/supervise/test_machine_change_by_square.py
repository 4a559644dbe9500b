"""Changing machine from a phone: the square leads to a page that knows the machine, and the passage goes on there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam_site import exam_day
from supervise_browser import axe, hall
from supervise_kit import phone_in

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_passage_goes_on_at_the_machine_whose_square_was_aimed_at(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        await day.begun("ines")
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        spare = await around.phone()
        await spare.goto(f"{around.base}/exam")
        await spare.click("#machine-square summary")
        await spare.wait_for_selector("#machine-square svg:not([hidden])")
        code = re.sub(r"\s", "", await spare.inner_text("#machine-code"))
        await phone.goto(f"{around.base}/supervise/machine#{code}")
        assert await phone.input_value("[name=machine]") == code
        assert await axe(phone) == []
        await phone.select_option("[name=candidate]", day.ids["ines"])
        await phone.fill("[name=reason]", "Poste en panne")
        await phone.click("main button.do")
        await phone.wait_for_selector("#flash:has-text('autre poste')")
        await spare.wait_for_url(f"**/exam/{day.ids['ines']}/question")


READER = """globalThis.BarcodeDetector = class {
  async detect(video) { return video.readyState > 1 ? [{rawValue: "http://here/supervise/machine#ABCD2345"}] : []; }
};"""
"""Chromium reads squares on phones only: what it finds is given, its camera and its permissions are its own."""


async def test_the_camera_fills_the_machines_code_where_the_browser_reads_squares(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        await day.begun("ines")
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        await phone.add_init_script(READER)
        await phone.goto(f"{around.base}/supervise/{day.session.id}/candidates/{day.ids['ines']}")
        await phone.click("#move summary")
        await phone.click("#scan-go")
        await phone.wait_for_selector("#scan-state:has-text('ABCD2345')")
        assert await phone.input_value("#machine") == "ABCD2345"


async def test_only_the_machine_itself_draws_its_square(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        assert (await day.site.stranger.get("/api/v1/machines/square")).status == 401


async def test_what_a_person_types_is_signed_as_it_is_whatever_its_letters(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        await day.begun("ines")
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        await phone.goto(f"{around.base}/supervise/{day.session.id}/candidates/{day.ids['ines']}#move")
        await phone.click("#move summary")
        await phone.fill("#move [name=machine]", 'é"\\\u2028\U0001f600')
        await phone.fill("#move [name=reason]", "«é»\u2028")
        await phone.click("#move button.wide:not([type=button])")
        await phone.wait_for_selector("#flash:has-text('code de poste')")


async def test_a_phone_lets_somebody_begin_without_the_protection_and_says_why(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.candidate("ines").arrive()
        phone = await phone_in(day)
        body = f'{{"act":"waive_lockdown","candidates":["{day.ids["ines"]}"],"reason":"Poste prêté"}}'
        done = await phone.tell(phone.acts, body.encode())
        assert done.body["done"][0]["code"] == ""
