"""Who is refused what on certification day: pupils, other pupils, supervisors of another room, teachers, other schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import ENROLLED, PLAN, Day, exam_day
from sealed_kit import CODE

from kiosk.actions import candidates, incidents, opening, planning, room_words, supervision
from kiosk.actions.candidates import Enrolment
from kiosk.actions.incidents import Noted
from kiosk.actors import Actor, principal
from kiosk.errors import Conflict, Forbidden, KioskError, NotFound, Refused, TooMany
from kiosk.room_view import room_view
from kiosk.rooms import TRIES, Arrivals
from kiosk.store import learners, people, results

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path
    from typing import Any

    from kiosk.people import Person


def person_of(client: object) -> Person:
    person: Person = client.person  # type: ignore[attr-defined] # a Client of the cast
    return person


def acts_of(day: Day, who: Actor) -> list[Callable[[], Coroutine[Any, Any, object]]]:
    """Every act of those in charge, by this actor."""
    kiosk, session, ines = day.site.kiosk, day.session.id, day.ids["ines"]
    return [
        lambda: supervision.admit(kiosk, who, session, [ines]),
        lambda: supervision.cancel_admission(kiosk, who, session, [ines]),
        lambda: supervision.turn_away(kiosk, who, session, ines, "x"),
        lambda: supervision.allow_resume(kiosk, who, session, [ines]),
        lambda: supervision.pause(kiosk, who, session, None),
        lambda: supervision.resume(kiosk, who, session, None),
        lambda: supervision.add_time(kiosk, who, session, [ines], 10, "x"),
        lambda: supervision.end(kiosk, who, session, ines, "x"),
        lambda: supervision.rule(kiosk, who, session, ines, 1, "dismissed", ""),
        lambda: supervision.clear_lockdown(kiosk, who, session, None, "x"),
        lambda: supervision.veto(kiosk, who, session, ines, 1, "x"),
        lambda: supervision.reinstate(kiosk, who, session, ines, 1),
        lambda: supervision.answer_call(kiosk, who, session, ines),
        lambda: incidents.note(kiosk, who, session, Noted("R2", "bruit")),
        lambda: room_words.message(kiosk, who, session, "Bonjour"),
        lambda: room_words.hand_over(kiosk, who, session, "k-2"),
        lambda: room_view(kiosk, who, session),
        lambda: opening.close_session(kiosk, who, session),
    ]


async def test_a_supervisor_of_another_room_and_a_principal_of_another_school_can_do_nothing_here(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        strangers = (
            day.supervisor(session="another-session"),
            Actor("k-lost", "supervisor", "lycee", day.session.id),
            principal(person_of(day.site.other_principal)),
        )
        for who in strangers:
            for act in acts_of(day, who):
                with pytest.raises(NotFound):
                    await act()
        assert (await ines.refresh())["state"] == "question"
        lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
        assert [msgspec.json.decode(line)["body"].get("act") for line in lines] == [None, "admit"]


async def test_planning_is_the_principals_alone(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        kiosk = day.site.kiosk
        for client in (day.site.roy, day.site.lea):
            with pytest.raises(Forbidden):
                await planning.create(kiosk, person_of(client), PLAN)
            with pytest.raises(Forbidden):
                await candidates.enrol(kiosk, person_of(client), day.session.id, [ENROLLED["tom"]])
        with pytest.raises(NotFound):
            await candidates.change(
                kiosk, person_of(day.site.other_principal), day.ids["tom"], ENROLLED["tom"]
            )


@pytest.mark.parametrize("name", ["lea", "roy", "stranger", "other_principal"])
async def test_the_room_is_not_shown_to_who_is_not_in_charge(tmp_path: Path, name: str) -> None:
    async with exam_day(tmp_path) as day:
        client = getattr(day.site, name)
        for path in (f"/api/v1/sessions/{day.session.id}/room", f"/live/sessions/{day.session.id}"):
            assert (await client.get(path)).status in {401, 403, 404}
        seen = await day.site.diaz.get(f"/api/v1/sessions/{day.session.id}/room")
        assert [one["last_name"] for one in seen.body["candidates"]] == ["Benali", "D’Hérouville", "Nguyen"]


async def test_a_candidate_reaches_their_own_passage_only(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        ines, tom = await day.begun("ines", "tom")
        for client in (tom.client, day.site.stranger, day.site.lea, day.site.diaz):
            for method, path, body in (
                ("POST", "/hold", {}),
                ("GET", "/next?epoch=1", None),
                ("POST", "/answers", {"number": 1, "key": "k", "epoch": ines.epoch, "answer": None}),
                ("POST", "/report", {"number": 1, "epoch": ines.epoch}),
                ("POST", "/leave", {}),
                ("POST", "/beat", {"epoch": 1}),
                ("POST", "/leftovers", {"number": 1, "key": "k", "answer": "x"}),
            ):
                reply = await client.ask(method, ines.api + path, json=body)
                assert reply.status in {401, 404}, (path, reply.body)
            assert (await client.get(f"/exam/{ines.id}/question")).status in {401, 303, 404}
        assert (await day.row("ines")).answered == 0


async def test_another_site_cannot_make_a_candidate_answer(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.example"}):
            reply = await ines.client.ask("POST", f"{ines.api}/leave", json={}, headers=headers)
            assert (reply.status, reply.code) == (403, "request.foreign")


async def test_a_pass_copied_to_another_machine_opens_nothing_there(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        friend = day.site.client(None)
        await friend.get("/exam")  # a machine of its own
        held = {one.key: one.value for one in ines.client.session.cookie_jar if one.key == "preau-candidate"}
        stolen = {"Cookie": f"preau-candidate={held['preau-candidate']}", "Sec-Fetch-Site": "same-origin"}
        for client in (friend, day.site.client(None)):
            reply = await client.post(f"{ines.api}/hold", headers=stolen)
            assert (reply.status, reply.code) == (401, "passage.check_in_first")
        assert (await ines.answer()).status == 200


async def linked(day: Day, name: str, client: object) -> None:
    """Tie a candidate to the learner of this pupil's account."""
    person = person_of(client)
    learner = await day.site.kiosk.db.read(lambda conn: learners.of_person(conn, "school", person.id))
    assert learner is not None
    given = msgspec.structs.replace(ENROLLED[name], learner=learner.id)
    await candidates.withdraw(day.site.kiosk, day.chief, day.ids[name])
    (row,) = await candidates.enrol(day.site.kiosk, day.chief, day.session.id, [given])
    day.ids[name] = row.id


async def test_a_pupil_with_an_account_comes_in_with_it_and_nobody_elses(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await linked(day, "ines", day.site.lea)
        page = day.candidate("ines")
        assert (await page.arrive()).status == 403
        page.client = day.site.tom
        assert (await page.arrive()).status == 409
        page.client = day.site.lea
        assert (await page.arrive()).status == 303


async def test_an_account_is_one_candidate_of_a_session(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        tom = day.candidate("tom")
        tom.client = day.site.lea
        assert (await tom.arrive()).status == 303
        zoe = day.candidate("zoe")
        zoe.client = day.site.lea
        assert (await zoe.arrive()).status == 409
        again = day.candidate("tom")
        again.client = day.site.tom
        assert (await again.arrive()).status == 409


async def test_a_learner_known_as_certifiable_comes_in(tmp_path: Path) -> None:
    plan = msgspec.structs.replace(PLAN, gate=True)
    async with exam_day(tmp_path, plan=plan) as day:
        await linked(day, "ines", day.site.lea)
        page = day.candidate("ines")
        page.client = day.site.lea
        assert (await page.arrive()).status == 409
        learner = (await day.row("ines")).learner
        assert learner is not None
        await day.site.kiosk.db.write(
            lambda tx: results.keep_certifiability(tx, learner, day.site.clock.now_ms(), certifiable=True)
        )
        assert (await page.arrive()).status == 303


async def test_only_a_certifiable_profile_comes_in_unless_the_principal_waives_it(tmp_path: Path) -> None:
    plan = msgspec.structs.replace(PLAN, gate=True)
    async with exam_day(tmp_path, plan=plan) as day:
        page = day.candidate("ines")
        refused = await page.arrive()
        assert (refused.status, "certifiable" in refused.data.decode()) == (409, True)
        waived = msgspec.structs.replace(ENROLLED["ines"], waived=True)
        await candidates.change(day.site.kiosk, day.chief, day.ids["ines"], waived)
        assert (await page.arrive()).status == 303


def test_guessing_names_is_slowed_down_for_each_address_by_itself() -> None:
    arrivals = Arrivals()
    for _ in range(TRIES):
        arrivals.check("10.0.0.7", 1000)
    with pytest.raises(TooMany):
        arrivals.check("10.0.0.7", 2000)
    arrivals.check("10.0.0.8", 2000)
    arrivals.check("10.0.0.7", 62_000)


async def test_a_list_is_checked_and_closed_to_whom_has_joined(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        kiosk, chief, session = day.site.kiosk, day.chief, day.session.id
        for bad in (
            Enrolment("", "Benali", "2012-01-01"),
            Enrolment("A", "B", "2012-02-31"),
            Enrolment("A", "B", "1899-01-01"),
            Enrolment("A", "B", "2012-01-01", extra_percent=100),
            Enrolment("A", "B", "2012-01-01", sex="X"),
        ):
            with pytest.raises(Refused):
                await candidates.enrol(kiosk, chief, session, [bad])
        with pytest.raises(Conflict):
            await candidates.enrol(kiosk, chief, session, [Enrolment("INES", "benali", "2012-03-14")])
        await day.begun("ines")
        for act in (
            lambda: candidates.withdraw(kiosk, chief, day.ids["ines"]),
            lambda: candidates.replace_all(kiosk, chief, session, []),
            lambda: planning.remove(kiosk, chief, session),
            lambda: candidates.change(
                kiosk, chief, day.ids["ines"], msgspec.structs.replace(ENROLLED["ines"], extra_percent=50)
            ),
        ):
            with pytest.raises(KioskError):
                await act()


async def test_an_empty_session_and_one_already_open_do_not_open(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        with pytest.raises(Conflict):
            await opening.open_session(day.site.kiosk, day.principal, day.session.id, CODE)
        empty = await planning.create(day.site.kiosk, day.chief, PLAN)
        with pytest.raises(Conflict):
            await opening.open_session(day.site.kiosk, day.principal, empty.id, CODE)
        with pytest.raises(Refused):
            await planning.create(day.site.kiosk, day.chief, msgspec.structs.replace(PLAN, date="2026-13-01"))


async def test_a_password_for_one_use_leads_no_session_before_it_is_changed(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        room = f"/api/v1/sessions/{day.session.id}/room"
        assert (await day.site.diaz.get(room)).status == 200
        await day.site.kiosk.db.write(
            lambda tx: people.set_password(tx, "id-diaz", "x", must_change=True),
        )
        day.site.kiosk.logins.forget_person("id-diaz")
        refused = await day.site.diaz.get(room)
        assert (refused.status, refused.code) == (403, "password.must_change")
