"""Time that is over cuts nobody off and is never silent: the candidate reads it, the supervisor's screen says it whatever else it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam_site import exam_day
from room_browser import begin
from supervise_browser import axe, hall

from kiosk.actions import supervision

if TYPE_CHECKING:
    from pathlib import Path

ALLOWED_S = 105 * 60


async def test_time_that_is_over_is_said_to_the_candidate_and_to_the_room(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        tom = await begin(day, around.browser, "tom", around.base)
        assert "105 min" in await tom.inner_text("#timer")
        day.site.clock.pass_s(ALLOWED_S + 130)
        api = day.candidate("tom").api
        async with tom.expect_response(f"**{api}/beat"):
            pass
        await tom.fill("#item input", "une réponse tardive")
        await tom.click("#validate")
        await tom.wait_for_selector("text=Question 2 sur 32")
        assert "Temps dépassé de" in await tom.inner_text("#timer")
        await tom.reload()
        await tom.wait_for_selector("#message:has-text('le surveillant vous dira quand arrêter')")
        await phone.wait_for_selector("#now li:has-text('NGUYEN'):has-text('Temps dépassé')")
        await tom.click("#call")
        await phone.wait_for_selector("#now li:has-text('Appelle'):has-text('temps dépassé de')")
        await phone.click("#now a:has-text('Répondre')")
        await phone.wait_for_selector("#left:has-text('dépassé de')")
        assert await phone.is_visible("text=Rien ne coupe l’épreuve")
        assert await axe(phone) == []
        await supervision.pause(day.site.kiosk, day.supervisor(), day.session.id, [day.ids["tom"]])
        await tom.wait_for_selector("#timer:has-text('(arrêté)')", state="attached")
