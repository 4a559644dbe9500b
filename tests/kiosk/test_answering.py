"""Answering questions: once, in order, by the page that holds the sitting, and never lost by a restart."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from kiosk_site import FrozenClock, Pupil, Site, open_site

from kiosk.sittings import read_events

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_pupil_answers_every_question_and_reaches_the_end(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    count = await pupil.finish()
    assert count >= 5
    assert pupil.state["state"] == "finished"
    assert pupil.state["answered"] == count
    found = await site.lea.get(pupil.at)
    assert found.body["participation"]["status"] == "to_share"
    assert found.body["participation"]["progress"] == 100


async def test_the_same_answer_sent_again_gets_the_same_receipt_and_changes_nothing(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    first = await pupil.answer("yes", number=1, key="k")
    await pupil.answer("no")
    again = await pupil.answer("yes", number=1, key="k")
    assert again.status == 200
    assert again.body["saved"] == first.body["saved"]
    assert again.body["state"]["number"] == 3
    assert again.body["state"]["answered"] == 2


async def test_an_answer_sent_twice_at_once_is_recorded_once(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    body = {"number": 1, "key": "same", "epoch": pupil.epoch, "answer": "yes"}
    replies = await asyncio.gather(*(site.lea.post(f"{pupil.at}/answers", body) for _ in range(8)))
    assert {r.status for r in replies} == {200}
    assert len({r.body["saved"]["head"] for r in replies}) == 1
    lines = await site.kiosk.db.read(lambda conn: site.kiosk.log.events(conn, pupil.id))
    assert [type(e).__name__ for e in read_events(lines)].count("Answered") == 1


async def test_another_answer_to_an_answered_question_is_refused_with_the_state(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    await pupil.answer("yes")
    refused = await pupil.answer("no", number=1)
    assert (refused.status, refused.code) == (409, "sitting.wrong_number")
    assert refused.body["state"]["number"] == 2
    assert refused.body["state"]["question"]["kind"] == "single_choice"


async def test_a_question_not_asked_yet_cannot_be_answered(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    refused = await pupil.answer("yes", number=2)
    assert (refused.status, refused.code) == (409, "sitting.wrong_number")


async def test_a_page_that_lost_the_sitting_is_fenced(site: Site) -> None:
    old = await Pupil(site.lea, await site.joined()).take()
    new = await Pupil(site.lea, old.id).take()
    refused = await old.answer("yes")
    assert (refused.status, refused.code) == (409, "sitting.fenced")
    assert (await site.lea.get(f"{old.at}/next?epoch={old.epoch}")).code == "sitting.fenced"
    assert (await new.answer("yes")).status == 200


async def test_an_answer_of_the_wrong_shape_is_refused_and_nothing_changes(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    for answer in ("maybe", ["yes"], {"a": "yes"}, ""):
        refused = await pupil.answer(answer)
        assert refused.status == 422, refused.body
        assert refused.code.startswith("answer.")
        assert refused.body["error"]["field"] == "answer"
    assert (await pupil.refresh())["answered"] == 0


async def test_a_clock_put_back_does_not_hold_a_page_that_was_reloaded_often(site: Site) -> None:
    pupil = Pupil(site.lea, await site.joined())
    for _ in range(30):
        await pupil.take()
    assert (await site.lea.post(f"{pupil.at}/hold")).code == "sitting.held_too_often"
    site.clock.wall -= 3_600_000
    await pupil.take()


async def test_passing_is_an_answer(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    assert (await pupil.answer(None)).body["state"]["answered"] == 1


@pytest.mark.parametrize("who", ["tom", "roy", "diaz", "other_principal", "stranger"])
async def test_nobody_else_can_answer_or_even_see_the_sitting(site: Site, who: str) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    other = getattr(site, who)
    body = {"number": 1, "key": "k", "epoch": pupil.epoch, "answer": "yes"}
    expected = 401 if who == "stranger" else 404
    assert (await other.post(f"{pupil.at}/answers", body)).status == expected
    assert (await other.post(f"{pupil.at}/hold")).status == expected
    assert (await other.get(f"{pupil.at}/next?epoch=1")).status == expected
    assert (await other.get(pupil.at)).status == expected
    assert (await other.get(f"{pupil.at}/checkpoint?until=5")).status == expected


async def test_the_question_never_carries_its_key(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    question = pupil.state["question"]
    assert "correct" not in str(question)
    assert set(question["fields"]["choices"][0]) <= {"id", "text", "html"}


async def test_a_restart_in_the_middle_shows_the_same_question_and_forgets_nothing(tmp_path: Path) -> None:
    clock = FrozenClock()
    async with open_site(tmp_path, clock=clock) as site:
        pupil = await Pupil(site.lea, await site.joined()).take()
        receipts = [(await pupil.answer("yes", key=f"k{n}")).body["saved"] for n in range(1, 4)]
        before = await pupil.refresh()
    async with open_site(tmp_path, clock=clock) as site:
        again = Pupil(site.lea, pupil.id)
        again.epoch = pupil.epoch
        assert await again.refresh() == before
        resent = await again.answer("yes", number=2, key="k2")
        assert resent.body["saved"] == receipts[1]
        assert (await again.answer("yes")).status == 200
