"""What screens are told without asking: the room of those in charge, a candidate's own page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from exam_site import Day, exam_day

from kiosk.actions import lockdown_facts, opening, room_words, supervision

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import ClientResponse
    from kiosk_site import Client


class Stream:
    """One open stream, read event by event."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def take(self, wanted: str) -> Any:  # noqa: ANN401 - what JSON holds
        """Return the next event of this name, others passed over."""
        name = ""
        async with asyncio.timeout(20):
            async for line in self.response.content:
                if line.startswith(b"event: "):
                    name = line[7:].decode().strip()
                elif line.startswith(b"data: ") and name == wanted:
                    return msgspec.json.decode(line[6:])
        raise AssertionError(f"the stream ended before {wanted}")


async def follow(client: Client, path: str) -> Stream:
    response = await client.session.get(client.base + path)
    assert response.status == 200
    return Stream(response)


def of(day: Day, seen: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in seen["candidates"] if one["id"] == day.ids[name])


async def test_those_in_charge_see_the_room_then_everything_that_happens(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines, tom = await day.begun("ines", "tom")
        room = await follow(day.site.diaz, f"/live/sessions/{day.session.id}")
        seen = await room.take("snapshot")
        assert (of(day, seen, "ines")["state"], of(day, seen, "zoe")["state"]) == (
            "in_progress",
            "registered",
        )
        await ines.answer()
        moved = await room.take("candidate")
        assert (moved["id"], moved["number"], moved["answered"]) == (ines.id, 2, 1)
        await tom.report()
        alerted = await room.take("candidate")
        assert (alerted["need"], alerted["alert"], "E9" in alerted["alert_reasons"]) == ("alert", 1, True)
        assert "rule" in alerted["acts"]
        room.response.close()


async def test_a_silent_page_is_told_though_nothing_happens(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        room = await follow(day.site.diaz, f"/live/sessions/{day.session.id}")
        await room.take("snapshot")
        day.site.clock.pass_s(60)
        told = await room.take("candidate")
        assert (told["id"], told["need"], told["silent_s"], told["remaining_s"]) == (
            ines.id,
            "silent",
            60,
            105 * 60 * 133 // 100,
        )
        room.response.close()


async def test_a_page_heard_again_without_any_loss_is_silent_no_more(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        room = await follow(day.site.diaz, f"/live/sessions/{day.session.id}")
        await room.take("snapshot")
        day.site.clock.pass_s(60)
        assert (await room.take("candidate"))["need"] == "silent"
        assert (await ines.beat()).body["given_back"] == 0
        told = await room.take("candidate")
        while told["need"] == "silent":  # said before the beat was heard
            told = await room.take("candidate")
        assert (told["need"], told["silent_s"]) == ("", 0)
        room.response.close()


async def test_an_act_on_nobody_is_refused_rather_than_said_to_be_done(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        for act in ("admit", "cancel_admission", "allow_resume", "pause", "resume"):
            bodies: tuple[dict[str, object], ...] = ({"act": act}, {"act": act, "candidates": []})
            for body in bodies:
                refused = await day.site.diaz.post(f"/api/v1/sessions/{day.session.id}/acts", body)
                assert (refused.status, refused.code) == (400, "request.wrong_shape")


async def test_a_candidates_page_hears_ticks_messages_and_what_changes(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        own = await follow(ines.client, f"/live/passages/{ines.id}")
        await own.take("tick")
        await room_words.message(day.site.kiosk, day.supervisor(), day.session.id, "Plus que dix minutes")
        assert (await own.take("message"))["text"] == "Plus que dix minutes"
        await supervision.pause(day.site.kiosk, day.supervisor(), day.session.id, [ines.id])
        assert (await own.take("changed"))["room"] == "paused"
        own.response.close()


async def test_a_lockdown_that_flaps_stops_once_and_is_cleared_for_all_at_once(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines, tom = await day.begun("ines", "tom")
        kiosk = day.site.kiosk
        for page in (ines, tom):
            assert await lockdown_facts.note(kiosk, page.id, "extension", "present", holds=True)
            for _ in range(3):
                await lockdown_facts.freeze(kiosk, page.id, "extension", "gone")
                await lockdown_facts.note(kiosk, page.id, "extension", "present", holds=True)
        assert (await ines.refresh())["room"] == "extension_missing"
        done = await supervision.clear_lockdown(
            kiosk, day.supervisor(), day.session.id, None, "prise débranchée"
        )
        assert [one.code for one in done] == ["", ""]
        for page in (ines, tom):
            assert (await page.refresh())["state"] == "question"


async def test_the_principal_does_every_act_through_one_address(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        at = f"/api/v1/sessions/{day.session.id}/acts"
        one = [ines.id]
        for body in (
            {"act": "pause", "candidates": one},
            {"act": "resume", "candidates": one},
            {"act": "pause_all", "reason": "alarme"},
            {"act": "resume_all"},
            {"act": "add_time", "candidates": one, "minutes": 10, "reason": "bruit"},
            {"act": "incident", "category": "C6", "candidates": one},
            {"act": "message", "text": "Bonjour"},
            {"act": "end", "candidates": one, "reason": "malade"},
        ):
            reply = await day.site.diaz.post(at, body)
            assert (reply.status, [done["code"] for done in reply.body["done"]] in ([""], [])) == (
                200,
                True,
            ), body
        refused: list[tuple[dict[str, object], int]] = [
            ({"act": "join"}, 400),
            ({"act": "end", "candidates": None}, 400),
            ({"act": "incident", "category": "Z1"}, 422),
        ]
        for wrong, status in refused:
            assert (await day.site.diaz.post(at, wrong)).status == status
        for stranger in (day.site.roy, day.site.lea, day.site.stranger, ines.client):
            assert (await stranger.post(at, {"act": "pause_all"})).status in {401, 403}
        assert (await day.site.other_principal.post(at, {"act": "pause_all"})).status == 404


async def test_who_still_composes_when_the_session_closes_is_told_that_it_is_over(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        own = await follow(ines.client, f"/live/passages/{ines.id}")
        await own.take("tick")
        await opening.close_session(day.site.kiosk, day.principal, day.session.id)
        await own.take("over")
        again = await ines.client.get(f"/exam/{ines.id}/question")
        assert (again.status, again.headers["Location"]) == (303, f"/exam/{ines.id}/end")
