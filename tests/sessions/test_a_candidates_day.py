"""A candidate's whole day over HTTP: door, wait, questions, stops, other machines, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from exam_site import CandidatePage, Day, exam_day, led_again
from sealed_kit import SECRET

from kiosk.actions import incidents, opening, room_words, supervision
from kiosk.actions.incidents import Noted
from kiosk.passages import EVENTS_MAX
from kiosk.room_view import room_view

if TYPE_CHECKING:
    from pathlib import Path


async def rule(day: Day, page: CandidatePage, ruling: str, reason: str = "") -> str:
    """Rule on a candidate's report; return the refusal's code, empty when done."""
    done = await supervision.rule(
        day.site.kiosk,
        day.supervisor(),
        day.session.id,
        page.id,
        page.state["number"],
        "validated" if ruling == "validated" else "dismissed",
        reason,
    )
    return done[0].code


async def test_a_candidate_comes_in_waits_and_answers_thirty_two_questions(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        assert (ines.state["state"], ines.state["number"], ines.state["of"]) == ("question", 1, 32)
        count = 0
        while ines.state["state"] == "question":
            day.site.clock.pass_s(30)
            reply = await ines.answer()
            assert reply.status == 200, reply.body
            count += 1
        assert count == 32
        row = await day.row("ines")
        assert (row.state, row.answered, row.end_reason) == ("ended", 32, "complete")
        assert row.record is not None
        page = await ines.client.get(f"/exam/{ines.id}/end")
        assert "32 réponses enregistrées" in page.data.decode()
        assert (await led_again(day, ines.name)).identical


async def test_extra_time_is_really_added(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines, tom = await day.begun("ines", "tom")
        assert tom.left == 105 * 60
        assert ines.left == 105 * 60 * 133 // 100


async def test_the_page_receives_nothing_of_the_solution_nor_of_other_questions(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        shown = msgspec.json.encode(ines.state).decode()
        assert shown.count(SECRET) == 1
        assert "clef" not in shown


async def test_nobody_begins_before_the_supervisor_has_admitted_them(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines = day.candidate("ines")
        await ines.wait_at_door()
        refused = await ines.client.post(f"{ines.api}/start")
        assert (refused.status, refused.code) == (409, "session.not_now")


async def test_a_wrong_access_code_keeps_the_candidate_at_the_door(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines = day.candidate("ines")
        await ines.arrive()
        wrong = await ines.form(f"/exam/{ines.id}/code", {"code": "ZZZZ99"})
        assert wrong.status == 422
        assert (await day.row("ines")).state == "checked_in"


async def test_names_are_compared_without_case_accents_or_apostrophes(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        zoe = day.candidate("zoe")
        came = await zoe.arrive(last_name=" d'herouville", first_name="ZOE")
        assert came.status == 303


async def test_who_is_not_on_the_list_is_told_so_and_nothing_more(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines = day.candidate("ines")
        for changed in ({"first_name": "Agnès"}, {"year": "2011"}, {"day": "31", "month": "02"}):
            assert (await ines.arrive(**changed)).status in {404, 422}
        assert (await ines.arrive(number="99999")).status == 404
        assert (await day.row("ines")).state == "registered"


async def test_a_resent_answer_gets_the_same_receipt(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        serial = ines.state["serial"]
        first = await ines.answer("rien", key="k1")
        again = await ines.answer("rien", key="k1", number=1, serial=serial)
        assert first.body["saved"] == again.body["saved"]
        assert (await day.row("ines")).answered == 1


async def test_a_reload_shows_the_same_question_and_fences_the_other_tab(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        shown, old = ines.state["question"], ines.epoch
        day.site.clock.pass_s(5)
        await ines.take()
        assert ines.state["question"] == shown
        fenced = await ines.answer(epoch=old)
        assert (fenced.status, fenced.code) == (409, "sitting.fenced")


async def test_a_reported_question_is_frozen_and_its_replacement_keeps_the_number(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        await ines.answer()
        before = ines.state
        frozen = await ines.report()
        assert (frozen.body["state"], frozen.body["room"], frozen.body["question"]) == ("held", "alert", None)
        day.site.clock.pass_s(600)
        refused = await ines.answer()
        assert (refused.status, refused.body["state"]["room"]) == (409, "alert")
        assert await rule(day, ines, "validated", "E1") == "report.bad_category"
        assert await rule(day, ines, "validated", "E9") == ""
        after = await ines.refresh()
        assert after["number"] == before["number"]
        assert after["question"] != before["question"]
        assert after["clock"]["left"] == before["clock"]["left"]
        late = await ines.answer(serial=before["serial"])
        assert late.status == 409
        assert (await ines.answer()).status == 200
        assert (await led_again(day, ines.name)).identical
        noted = await room_view(day.site.kiosk, day.supervisor(), day.session.id)
        assert [(one.category, one.automatic, one.number) for one in noted.incidents] == [("E9", True, 2)]


async def test_a_dismissed_report_gives_the_question_back(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        shown = ines.state["question"]
        await ines.report()
        assert await rule(day, ines, "dismissed") == ""
        assert (await ines.refresh())["question"] == shown


async def test_a_candidate_takes_their_own_report_back_and_the_supervisor_sees_it(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        shown = ines.state["question"]
        await ines.report()
        day.site.clock.pass_s(70)
        await ines.beat()
        back = await ines.take_back()
        assert (back.status, back.body["state"], back.body["question"]) == (200, "question", shown)
        assert back.body["clock"]["left"] == ines.left
        view = await room_view(day.site.kiosk, day.supervisor(), day.session.id)
        seen = next(one for one in view.candidates if one.id == ines.id)
        assert (seen.need, [(one.number, one.seconds) for one in seen.taken_back]) == ("", [(1, 70)])
        assert await rule(day, ines, "dismissed") == "certification.no_alert"
        again = await ines.take_back()
        assert (again.status, again.code) == (409, "session.not_now")
        assert (await ines.answer()).status == 200
        assert (await led_again(day, ines.name)).identical


async def test_nobody_but_its_page_takes_a_report_back(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines, tom = await day.begun("ines", "tom")
        await ines.report()
        for client in (tom.client, day.site.diaz, day.site.client(None)):
            refused = await client.post(f"{ines.api}/report/withdraw", {"number": 1, "epoch": ines.epoch})
            assert refused.status in {401, 403, 404}
        old = ines.epoch
        await ines.take()
        refused = await ines.client.post(f"{ines.api}/report/withdraw", {"number": 1, "epoch": old})
        assert (refused.status, refused.code) == (409, "sitting.fenced")
        assert (await day.row("ines")).state == "alert"


async def test_a_paused_room_stands_still_and_goes_on_with_the_same_time(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines, tom = await day.begun("ines", "tom")
        kiosk, who = day.site.kiosk, day.supervisor()
        await supervision.pause(kiosk, who, day.session.id, None, "exercice d'incendie")
        day.site.clock.pass_s(1200)
        assert (await tom.answer()).status == 409
        await supervision.resume(kiosk, who, day.session.id, None)
        for page in (ines, tom):
            left = page.left
            assert (await page.refresh())["clock"]["left"] == left


async def test_who_leaves_the_seat_comes_back_when_allowed(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        shown = ines.state["question"]
        assert (await ines.client.post(f"{ines.api}/leave")).body["room"] == "left"
        assert (await ines.client.post(f"{ines.api}/return")).status == 409
        await supervision.allow_resume(day.site.kiosk, day.supervisor(), day.session.id, [ines.id])
        back = await ines.client.post(f"{ines.api}/return")
        assert back.body["question"] == shown


async def test_a_cut_connection_is_given_back_once(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        day.site.clock.pass_s(120)
        first = await tom.beat(cut_s=110)
        again = await tom.beat(cut_s=110)
        assert (first.body["given_back"], again.body["given_back"]) == (110, 0)
        assert (await tom.refresh())["clock"]["left"] == 105 * 60 - 10


async def test_a_page_cannot_claim_time_during_which_it_was_heard(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        for _ in range(5):
            day.site.clock.pass_s(5)
            assert (await tom.beat(cut_s=3600)).body["given_back"] == 0


async def test_a_supervisor_ends_a_test_and_the_candidate_reads_why(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        await supervision.end(day.site.kiosk, day.supervisor(), day.session.id, ines.id, "malade")
        assert (await ines.answer()).status == 409
        assert "Le surveillant y a mis fin" in (await ines.client.get(f"/exam/{ines.id}/end")).data.decode()
        assert (await led_again(day, ines.name)).identical


async def test_overtime_is_shown_and_nobody_is_cut_off(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        day.site.clock.pass_s(105 * 60 + 90)
        assert (await tom.answer()).status == 200
        view = await room_view(day.site.kiosk, day.supervisor(), day.session.id)
        seen = next(one for one in view.candidates if one.id == tom.id)
        assert seen.overtime_s == 90


async def test_after_a_whole_day_a_passage_nobody_ended_is_over(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        day.site.clock.pass_s(24 * 3600)
        assert (await tom.client.get(f"{tom.api}/next?epoch={tom.epoch}")).body["state"] == "finished"
        assert (await day.row("tom")).end_reason == "expired"


async def test_supervisors_note_incidents_and_speak_and_all_of_it_is_in_the_sessions_chain(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        kiosk, who, session = day.site.kiosk, day.supervisor(), day.session.id
        made = await incidents.note(kiosk, who, session, Noted("C7", "souris changée", ines.id))
        await incidents.withdraw(kiosk, who, session, made.id)
        await room_words.message(kiosk, who, session, "Encore dix minutes.")
        await room_words.hand_over(kiosk, who, session, "k-faure")
        lines = await kiosk.db.read(lambda conn: kiosk.log.events(conn, session))
        acts = [msgspec.json.decode(line)["body"].get("act") for line in lines]
        assert acts == [None, "admit", "incident", "withdraw_incident", "message", "hand_over"]
        assert all("souris" not in line.decode() for line in lines)


async def test_who_calls_without_end_is_stopped_and_may_still_answer(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        entry = await day.site.kiosk.db.write(lambda tx: day.site.kiosk.passages.get(tx, ines.id))
        entry.seq = EVENTS_MAX + 1
        refused = await ines.client.post(f"{ines.api}/call", {"wanted": True})
        assert (refused.status, refused.code) == (409, "passage.too_many_acts")
        assert (await ines.answer()).status == 200


async def test_the_end_page_stays_readable_once_the_session_is_closed(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        await opening.close_session(day.site.kiosk, day.principal, day.session.id)
        there = await ines.client.get(f"/exam/{ines.id}")
        assert there.headers["Location"] == f"/exam/{ines.id}/end"
        assert "La session est finie" in (await ines.client.get(f"/exam/{ines.id}/end")).data.decode()
