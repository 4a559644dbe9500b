"""A passage that changes machines: the same question and time, the old page fenced, what it had kept offered and never merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam_site import CandidatePage, exam_day, led_again

from kiosk.actions import leftovers, supervision
from kiosk.room_view import room_view

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_passage_moves_to_another_machine_with_its_question_and_time(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        shown = ines.state["question"]
        spare = CandidatePage(day, "ines", day.site.client(None))
        await spare.client.get("/exam")
        here = await spare.client.get("/api/v1/machines/here")
        done = await supervision.move(
            day.site.kiosk, day.supervisor(), day.session.id, ines.id, here.body["code"], "écran noir"
        )
        assert done[0].code == ""
        assert (await spare.client.get("/api/v1/machines/here")).body["moved"] is True
        old = await ines.answer()
        assert (old.status, old.code) == (409, "sitting.fenced")
        taken = await spare.client.get("/exam/take")
        assert taken.headers["Location"] == f"/exam/{ines.id}"
        assert (await spare.take())["question"] == shown
        assert (await spare.answer()).status == 200
        assert (await day.row("ines")).machine is not None
        assert (await led_again(day, ines.name)).identical


async def test_what_the_old_machine_kept_is_offered_and_never_merged_by_itself(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        spare = CandidatePage(day, "ines", day.site.client(None))
        await spare.client.get("/exam")
        code = (await spare.client.get("/api/v1/machines/here")).body["code"]
        kiosk, who, session = day.site.kiosk, day.supervisor(), day.session.id
        await supervision.move(kiosk, who, session, ines.id, code, "panne")
        kept = {"number": 1, "key": "old-key", "answer": "ma réponse"}
        assert (await ines.client.post(f"{ines.api}/leftovers", kept)).status == 200
        assert (await ines.client.post(f"{ines.api}/leftovers", kept)).status == 200
        waiting = (await room_view(kiosk, who, session)).leftovers
        assert [(one.candidate, one.number) for one in waiting] == [(ines.id, 1)]
        assert (await day.row("ines")).answered == 0
        await spare.client.get("/exam/take")
        await spare.take()
        done = await leftovers.rule(kiosk, who, session, ines.id, 1, waiting[0].machine, taken=True)
        assert done[0].code == ""
        assert (await spare.refresh())["number"] == 2
        assert (await led_again(day, ines.name)).identical


async def test_a_begun_passage_is_taken_over_only_when_a_supervisor_allows_it(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        other = CandidatePage(day, "ines", day.site.client(None))
        assert (await other.arrive()).status == 303
        waiting = (await other.client.get(f"/exam/{ines.id}")).data.decode()
        assert ("déjà commencée" in waiting, "<b>P02</b>" in waiting) == (True, True)
        assert (await other.client.post(f"{ines.api}/hold")).code == "passage.pending"
        assert (await ines.answer()).status == 200
        view = await room_view(day.site.kiosk, day.supervisor(), day.session.id)
        assert next(one for one in view.candidates if one.id == ines.id).need == "resume_asked"
        await supervision.allow_resume(day.site.kiosk, day.supervisor(), day.session.id, [ines.id])
        assert (await other.take())["number"] == 2
        assert (await ines.answer()).status == 409


async def test_a_passage_is_not_moved_to_a_machine_where_somebody_works(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines, tom = await day.begun("ines", "tom")
        code = (await tom.client.get("/api/v1/machines/here")).body["code"]
        done = await supervision.move(
            day.site.kiosk, day.supervisor(), day.session.id, ines.id, code, "écran noir"
        )
        assert done[0].code == "machine.busy"
        assert (await ines.answer()).status == 200
