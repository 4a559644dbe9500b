"""The way in without a key: number and password, the same words for every mistake, and a lock-out that a restart keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam_site import exam_day

from kiosk.actions import supervisor_entry
from kiosk.actions.supervisor_entry import FROM_ANYWHERE, FROM_ONE_ADDRESS, Typed
from kiosk.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import Day
    from kiosk_site import Client, Reply

SAME = {"Sec-Fetch-Site": "same-origin"}


async def enter(day: Day, client: Client, **changed: str) -> Reply:
    """Type number and password at the door."""
    typed = {"number": str(day.session.number), "password": f"C-{day.session.password}", "name": "Mme Arnaud"}
    return await client.ask("POST", "/supervise", data={**typed, **changed}, headers=SAME)


async def come_in(day: Day) -> Client:
    """Return a browser let in by the password."""
    client = day.site.client(None)
    assert (await enter(day, client)).headers["Location"] == f"/supervise/{day.session.id}"
    return client


async def spare_machine(day: Day) -> str:
    """Return the label of a machine where nobody sits."""
    spare = day.site.client(None)
    await spare.get("/exam")
    return str((await spare.get("/api/v1/machines/here")).body["label"])


async def test_the_right_password_opens_the_room_with_or_without_its_c(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        client = await come_in(day)
        page = await client.get(f"/supervise/{day.session.id}")
        assert page.status == 200
        assert "Benali" in page.data.decode()
        bare = await enter(day, day.site.client(None), password=f" {day.session.password} ")
        assert bare.status == 303


async def test_a_wrong_number_and_a_wrong_password_read_alike(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        said = []
        for wrong in ({"number": "9999"}, {"password": "C-zzzzzz"}, {"number": "x" * 99}, {"password": ""}):
            page = await enter(day, day.site.client(None), **wrong)
            assert page.status == 422
            said.append(re.findall(r'role="alert".*?</div></div>', page.data.decode(), re.DOTALL))
        assert said.count(said[0]) == len(said)


async def test_five_wrong_passwords_close_this_way_for_two_minutes_even_across_a_restart(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path) as day:
        for _ in range(FROM_ONE_ADDRESS):
            assert (await enter(day, day.site.client(None), password="C-zzzzzz")).status == 422
        clock = day.site.clock
    async with exam_day(tmp_path, clock=clock) as day:
        assert (await enter(day, day.site.client(None))).status == 429
        clock.pass_s(121)
        assert (await enter(day, day.site.client(None))).status == 303


async def test_thirty_from_anywhere_close_it_until_the_principal_changes_the_password(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        number = str(day.session.number)
        for n in range(FROM_ANYWHERE):
            try:
                await supervisor_entry.enter(day.site.kiosk, Typed(number, "C-zzzzzz", ""), f"10.0.0.{n}")
            except Refused:
                continue
        day.site.clock.pass_s(11 * 3600)
        assert (await enter(day, day.site.client(None))).status == 429
        changed = await day.site.diaz.post(f"/api/v1/sessions/{day.session.id}/password")
        assert (await enter(day, day.site.client(None), password=changed.body["password"])).status == 303
        assert (await enter(day, day.site.client(None))).status == 422


async def test_wrong_passwords_are_told_to_the_principal(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await enter(day, day.site.client(None), password="C-zzzzzz")
        seen = await day.site.diaz.get(f"/api/v1/sessions/{day.session.id}/supervisors")
        assert [one["code"] for one in seen.body["refusals"]] == ["supervisor.wrong_password"]


async def test_only_the_principal_changes_the_password(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        client = await come_in(day)
        at = f"/api/v1/sessions/{day.session.id}/password"
        cast = (client, day.site.other_principal, day.site.roy, day.site.stranger)
        assert [(await one.post(at)).status for one in cast] == [403, 404, 403, 401]


async def test_forms_do_without_a_script_what_the_page_offers(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.candidate("ines").wait_at_door()
        client = await come_in(day)
        form = {"act": "admit", "candidate": day.ids["ines"], "next": f"/supervise/{day.session.id}"}
        done = await client.ask("POST", f"/supervise/{day.session.id}/acts", data=form, headers=SAME)
        assert done.headers["Location"] == f"/supervise/{day.session.id}?done=admit&who={day.ids['ines']}"
        page = (await client.get(done.headers["Location"])).data.decode()
        assert "cancel_admission" in page
        assert (await day.row("ines")).state == "admitted"


async def test_ending_a_test_needs_the_box_ticked(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.begun("ines")
        client = await come_in(day)
        form = {"act": "end", "candidate": day.ids["ines"], "reason": "parti"}
        at = f"/supervise/{day.session.id}/acts"
        bare = await client.ask("POST", at, data=form, headers=SAME)
        assert bare.headers["Location"].endswith("?refused=supervisor.confirm")
        assert (await day.row("ines")).state == "in_progress"
        await client.ask("POST", at, data={**form, "confirm": "1"}, headers=SAME)
        assert (await day.row("ines")).state == "ended"


async def test_a_foreign_pages_form_does_nothing(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.candidate("ines").wait_at_door()
        client = await come_in(day)
        form = {"act": "admit", "candidate": day.ids["ines"]}
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.example"}, {}):
            at = f"/supervise/{day.session.id}/acts"
            assert (await client.ask("POST", at, data=form, headers=headers)).status == 403
        assert (await day.row("ines")).state == "waiting"


async def test_a_browser_let_in_by_the_password_brings_nobody_in(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        client = await come_in(day)
        assert (
            await client.post(f"/api/v1/sessions/{day.session.id}/tickets")
        ).code == "supervisor.needs_key"


async def test_every_page_of_a_supervisor_opens(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        [ines] = await day.begun("ines")
        await ines.report()
        await day.candidate("tom").wait_at_door()
        client, at = await come_in(day), f"/supervise/{day.session.id}"
        pages = ["", "/room", "/incidents", "/phones", *(f"/candidates/{one}" for one in day.ids.values())]
        assert [(await client.get(at + page)).status for page in pages] == [200] * len(pages)
        assert (await client.get("/supervise/machine")).status == 200
        assert (await client.get("/supervise/join")).status == 200
        assert (await day.site.diaz.get(at)).status == 200
        assert (await day.site.diaz.get(f"/staff/sessions/{day.session.id}/phones")).status == 200
        assert (await day.site.stranger.get(at)).headers["Location"] == "/supervise"


async def test_a_machine_is_named_by_its_label_as_well_as_by_its_code(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.begun("ines")
        label = await spare_machine(day)
        client = await come_in(day)
        body = {
            "act": "move",
            "candidates": [day.ids["ines"]],
            "machine": label.lower(),
            "reason": "Poste en panne",
        }
        moved = await client.post(f"/api/v1/sessions/{day.session.id}/acts", body)
        assert moved.body["done"][0]["code"] == ""
        assert (await day.row("ines")).state == "moved"


ACTS: list[tuple[dict[str, str], str]] = [
    ({"act": "pause", "reason": "essai"}, "paused"),
    ({"act": "resume"}, "in_progress"),
    ({"act": "pause_all", "reason": "alarme"}, "paused"),
    ({"act": "resume_all"}, "in_progress"),
    ({"act": "add_time", "minutes": "5", "reason": "panne"}, "in_progress"),
    ({"act": "message", "text": "Plus que dix minutes"}, "in_progress"),
    ({"act": "incident", "category": "C7", "text": "Écran qui clignote"}, "in_progress"),
    ({"act": "hand_over", "to": "principal", "reason": "pause"}, "in_progress"),
    ({"act": "move", "machine": "P03", "reason": "poste en panne"}, "moved"),
    ({"act": "end", "reason": "parti", "confirm": "1"}, "ended"),
]
OF_ALL = {"pause_all", "resume_all", "hand_over"}


async def test_every_form_says_what_its_act_needs(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.begun("ines", "tom")
        assert await spare_machine(day) == "P03"
        client, at = await come_in(day), f"/supervise/{day.session.id}/acts"
        for form, state in ACTS:
            about = {} if form["act"] in OF_ALL else {"candidate": day.ids["ines"]}
            done = await client.ask("POST", at, data={**form, **about}, headers=SAME)
            assert f"?done={form['act']}" in done.headers["Location"], done.headers["Location"]
            assert (await day.row("ines")).state == state
        room = (await client.get(f"/api/v1/sessions/{day.session.id}/room")).body
        assert [one["category"] for one in room["incidents"]] == ["C7"]


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"act": "add_time", "minutes": "5"}, "session.needs_reason"),
    ({"act": "add_time", "minutes": "9999", "reason": "x"}, "request.wrong_shape"),
    ({"act": "admit"}, "session.not_now"),
    ({"act": "move", "machine": "P99", "reason": "x"}, "machine.unknown_code"),
    ({"act": "incident", "category": "E3", "text": "x"}, "incident.needs_number"),
    ({"act": "incident", "category": "A1", "text": "x"}, "incident.bad_category"),
    ({"act": "message", "text": " "}, "message.bad_text"),
    ({"act": "join"}, "request.wrong_shape"),
    ({"act": "nothing"}, "request.wrong_shape"),
]


async def test_a_form_that_lacks_something_is_refused_in_words(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.begun("ines")
        client, at = await come_in(day), f"/supervise/{day.session.id}/acts"
        for form, code in REFUSED:
            done = await client.ask("POST", at, data={**form, "candidate": day.ids["ines"]}, headers=SAME)
            assert done.headers["Location"] == f"/supervise/{day.session.id}?refused={code}", form
            page = (await client.get(done.headers["Location"])).data.decode()
            assert 'class="say alert"' in page
        assert (await day.row("ines")).state == "in_progress"


async def test_a_form_never_sends_elsewhere(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        client = await come_in(day)
        form = {"act": "pause_all", "reason": "x", "next": "https://elsewhere.example/"}
        done = await client.ask("POST", f"/supervise/{day.session.id}/acts", data=form, headers=SAME)
        assert done.headers["Location"].startswith(f"/supervise/{day.session.id}?")
