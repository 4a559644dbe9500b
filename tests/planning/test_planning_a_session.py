"""Planning through the pages: a session from its form to its papers, lists by file, and everyone who may not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from exam_site import PLAN, exam_day
from kiosk_site import Client, Reply, open_site

from kiosk.enrolment.candidates_file import COLUMNS, candidates_sheet, read_candidates
from kiosk.enrolment.sessions_file import HEADINGS
from kiosk.screens.planning_candidates import form_from
from kiosk.store import candidates, planning, sessions
from kiosk.store.candidates import Candidate
from web.downloads import csv_lines

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import Day
    from kiosk_site import Site

HOME = "/staff/sessions"
SAME = {"Sec-Fetch-Site": "same-origin"}
PLANNED = {
    "site": "Collège des Tilleuls",
    "room": "204",
    "date": "2026-11-26",
    "time": "09:00",
    "examiners": "Sophie Arnaud",
    "description": "",
    "mode": "certification",
    "lockdown": "none",
    "minutes": "105",
    "gate": "yes",
}
ONE = {
    "last_name": "Benali",
    "first_name": "Inès",
    "birth_date": "2012-03-14",
    "sex": "F",
    "birth_country": "FRANCE",
    "birth_city_code": "33039",
    "extra_percent": "33",
}


async def send(client: Client, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> Reply:
    """Send a form as a browser does."""
    return await client.ask("POST", path, data=fields, headers=SAME)


async def give(client: Client, path: str, data: bytes, name: str = "liste.ods") -> Reply:
    """Send a file as a browser does."""
    return await client.ask("POST", path, data={"file": named(data, name)}, headers=SAME)


def named(data: bytes, name: str) -> io.BytesIO:
    """Return a file with a name, as aiohttp sends it."""
    file = io.BytesIO(data)
    file.name = name
    return file


async def planned(site: Site, **changed: str) -> str:
    """Plan a session by its form and return its id."""
    made = await send(site.diaz, f"{HOME}/new", {**PLANNED, **changed})
    assert made.status == 303, made.data
    return made.headers["Location"].removeprefix(HOME + "/").partition("?")[0]


async def on_list(site: Site, session: str) -> list[Candidate]:
    """Return who is on a session's list."""
    return await site.kiosk.db.read(lambda conn: candidates.of_session(conn, session))


def many(*lines: dict[str, str]) -> bytes:
    """Return a CSV of many sessions."""
    return b"".join(
        csv_lines(list(HEADINGS.values()), [[line.get(name, "") for name in HEADINGS] for line in lines])
    )


async def test_a_session_is_planned_changed_listed_and_taken_back(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        page = (await site.diaz.get(f"{HOME}/{made}?done=created")).data.decode()
        assert "La session est planifiée" in page
        assert "C-" in page
        assert (await send(site.diaz, f"{HOME}/{made}/edit", {**PLANNED, "room": "B12"})).status == 303
        listed = (await site.diaz.get(f"{HOME}?q=b12")).data.decode()
        assert f"{HOME}/{made}" in listed
        assert f"{HOME}/{made}" not in (await site.diaz.get(f"{HOME}?tab=finished")).data.decode()
        assert f"{HOME}/{made}" not in (await site.diaz.get(f"{HOME}?since=2027-01-01")).data.decode()
        assert (await send(site.diaz, f"{HOME}/{made}/remove", {})).headers[
            "Location"
        ] == f"{HOME}?done=removed"
        assert (await site.diaz.get(f"{HOME}/{made}")).status == 404


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("room", "", "Ce champ est à remplir"),
        ("date", "2026-02-30", "Cette date"),
        ("time", "25:00", "Cette heure"),
        ("minutes", "zéro", "La durée"),
        ("site", "x" * 256, "trop long"),
    ],
)
async def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    tmp_path: Path, field: str, typed: str, words: str
) -> None:
    async with open_site(tmp_path) as site:
        reply = await send(site.diaz, f"{HOME}/new", {**PLANNED, "examiners": "Marc Petit", field: typed})
        page = reply.data.decode()
        assert (reply.status, words in page, f'id="{field}-error"' in page, "Marc Petit" in page) == (
            422,
            True,
            True,
            True,
        )


async def test_signs_that_turn_the_reading_direction_are_left_out_of_a_plan(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site, room="\u202eB12\u202c", examiners="Sophie\u2066 Arnaud")
        [found] = await site.kiosk.db.read(lambda conn: sessions.listed(conn, "school"))
        assert (found.id, found.room, found.examiners) == (made, "B12", "Sophie Arnaud")
        assert (await send(site.diaz, f"{HOME}/new", {**PLANNED, "room": "\u202e"})).status == 422


async def test_only_the_principal_of_the_school_plans(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        addresses = (HOME, f"{HOME}/new", f"{HOME}/import", f"{HOME}/{made}", f"{HOME}/{made}/pupils", f"{HOME}/{made}/ready", f"{HOME}/{made}/attendance.pdf", f"{HOME}/{made}/candidates.ods")  # fmt: skip
        for address in addresses:
            assert (await site.roy.get(address)).status == 403, address
            assert (await site.lea.get(address)).status == 403, address
            assert (await site.stranger.get(address)).status in {302, 303}, address
        for address in addresses[3:]:
            assert (await site.other_principal.get(address)).status == 404, address
        for act in ("edit", "remove", "open", "close", "ready", "kit.pdf", "candidates/new", "pupils"):
            fields = {**PLANNED, **ONE, "learner": "0" * 16}
            assert (await send(site.other_principal, f"{HOME}/{made}/{act}", fields)).status == 404, act
            assert (await send(site.roy, f"{HOME}/{made}/{act}", fields)).status == 403, act
        assert (await give(site.other_principal, f"{HOME}/{made}/sheet", b"x")).status == 404
        assert made not in (await site.other_principal.get(HOME)).data.decode()


async def test_a_candidate_is_added_corrected_and_taken_off(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        assert (await send(site.diaz, f"{HOME}/{made}/candidates/new", ONE)).status == 303
        [row] = await on_list(site, made)
        assert (row.last_name, row.extra_percent, row.birth_city_code) == ("Benali", 33, "33039")
        again = await send(site.diaz, f"{HOME}/{made}/candidates/new", ONE)
        assert (again.status, "déjà sur la liste" in again.data.decode()) == (422, True)
        at = f"{HOME}/{made}/candidates/{row.id}"
        assert (await send(site.diaz, at, {**ONE, "birth_city_code": "", "birth_postcode": "33130", "birth_city": "Bègles", "adjusted": "oui"})).status == 303  # fmt: skip
        [row] = await on_list(site, made)
        assert (row.birth_postcode, row.adjusted) == ("33130", True)
        assert (await send(site.other_principal, at, ONE)).status == 404
        assert (await send(site.diaz, f"{at}/withdraw", {})).status == 303
        assert await on_list(site, made) == []


async def test_every_fault_of_a_candidate_is_told_at_once(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        bad = {**ONE, "last_name": "", "birth_date": "2012-02-30", "extra_percent": "150", "email": "ines@"}
        page = (await send(site.diaz, f"{HOME}/{made}/candidates/new", bad)).data.decode()
        for name in ("last_name", "birth_date", "extra_percent", "email"):
            assert f'id="{name}-error"' in page, name


async def test_pupils_are_enrolled_by_class_from_the_schools_list_alone(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        await site.kiosk.db.write(
            lambda tx: tx.execute("UPDATE learners SET birth_date = '2012-05-02' WHERE first_name = 'Léa'")
        )
        found = await site.kiosk.db.read(
            lambda conn: conn.execute("SELECT first_name, id FROM learners").fetchall()
        )
        ids = dict(found)
        page = (await site.diaz.get(f"{HOME}/{made}/pupils?division=5B")).data.decode()
        assert (ids["Léa"] in page, ids["Tom"] in page, "sans date de naissance" in page) == (
            True,
            False,
            True,
        )
        reply = await send(
            site.diaz, f"{HOME}/{made}/pupils", [("learner", ids["Léa"]), ("learner", ids["Tom"])]
        )
        assert "done=pupils_left&count=1" in reply.headers["Location"]
        [row] = await on_list(site, made)
        assert (row.learner, row.division) == (ids["Léa"], "5B")
        assert "Déjà inscrit" in (await site.diaz.get(f"{HOME}/{made}/pupils")).data.decode()
        assert (await send(site.diaz, f"{HOME}/{made}/pupils", {"learner": "f" * 16})).status == 422
        assert (await send(site.diaz, f"{HOME}/{made}/pupils", {})).status == 422


async def test_a_spreadsheet_replaces_the_list_or_nothing_changes(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        await send(site.diaz, f"{HOME}/{made}/candidates/new", ONE)
        sheet = (await site.diaz.get(f"{HOME}/{made}/candidates.ods")).data
        assert [one.last_name for one in read_candidates(sheet)[0]] == ["Benali"]
        tom = Candidate(
            "c", made, "Tom", "Nguyen", "2012-05-02", 0, sex="M", birth_city="Hué", birth_country="Vietnam"
        )
        bad = candidates_sheet("x", [], [tom, Candidate("c", made, "X", "", "2012-05-02", 0)])
        refused = await give(site.diaz, f"{HOME}/{made}/sheet", bad)
        assert (refused.status, COLUMNS["last_name"].rstrip(" *") in refused.data.decode()) == (422, True)
        assert [one.last_name for one in await on_list(site, made)] == ["Benali"]
        reply = await give(site.diaz, f"{HOME}/{made}/sheet", candidates_sheet("x", [], [tom]))
        assert "done=replaced&count=1" in reply.headers["Location"]
        assert [one.last_name for one in await on_list(site, made)] == ["Nguyen"]


@pytest.mark.parametrize("data", [b"MZ\x90", b"PK\x03\x04", b"", b"x" * (2 * 1024 * 1024 + 1)])
async def test_a_hostile_file_changes_nothing_and_says_so(tmp_path: Path, data: bytes) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        reply = await give(site.diaz, f"{HOME}/{made}/sheet", data)
        assert (reply.status in {413, 422}, "Rien n" in reply.data.decode()) == (True, True)
        reply = await give(site.diaz, f"{HOME}/import", data, "sessions.csv")
        assert (reply.status in {413, 422}, "Rien n" in reply.data.decode()) == (True, True)


async def test_a_file_of_sessions_is_shown_then_planned_whole(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        line = {**PLANNED, "date": "26/11/2026", **ONE, "birth_date": "14/03/2012", "extra_percent": "33%"}
        data = many(line, {**line, "room": "205"}, {**line, "last_name": "Nguyen"})
        shown = await give(site.diaz, f"{HOME}/import", data, "sessions.csv")
        draft = shown.headers["Location"]
        assert "2 sessions et 3 candidats" in (await site.diaz.get(draft)).data.decode()
        assert (await site.other_principal.get(draft)).status == 404
        assert await site.kiosk.db.read(lambda conn: sessions.listed(conn, "school")) == []
        assert (await send(site.diaz, f"{draft}/confirm", {})).headers["Location"] == f"{HOME}?done=imported"
        filled = await site.kiosk.db.read(lambda conn: planning.fillings(conn, "school"))
        assert sorted(one.enrolled for one in filled.values()) == [1, 2]
        assert (await send(site.diaz, f"{draft}/confirm", {})).status == 404


async def test_a_file_as_large_as_the_page_promises_is_read(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        line = {**PLANNED, "date": "26/11/2026", **ONE, "birth_date": "14/03/2012", "extra_percent": ""}
        names = [f"{a}{b}{c}" for a in "ABCDEFGHIJ" for b in "aeiouylrst" for c in "aeiouylrst"]
        data = many(*({**line, "last_name": name} for name in names))
        assert len(data) > 100_000
        assert (await give(site.diaz, f"{HOME}/import", data, "sessions.csv")).status == 303


async def test_a_preview_that_holds_no_longer_plans_nothing(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        line = {**PLANNED, "date": "26/11/2026", **ONE, "birth_date": "14/03/2012", "extra_percent": ""}
        shown = await give(site.diaz, f"{HOME}/import", many({**line, "room": "B1"}, line), "sessions.csv")
        await planned(site)  # the same place and time, meanwhile
        reply = await send(site.diaz, f"{shown.headers['Location']}/confirm", {})
        assert (reply.status, "changé depuis cet aperçu" in reply.data.decode()) == (409, True)
        assert len(await site.kiosk.db.read(lambda conn: sessions.listed(conn, "school"))) == 1


async def test_a_preview_waits_two_hours_and_no_more(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        line = {**PLANNED, "date": "26/11/2026", **ONE, "birth_date": "14/03/2012"}
        shown = await give(site.diaz, f"{HOME}/import", many(line), "sessions.csv")
        site.clock.pass_s(7199)
        assert (await site.diaz.get(shown.headers["Location"])).status == 200
        site.clock.pass_s(2)
        assert (await site.diaz.get(shown.headers["Location"])).status == 404


async def test_papers_are_pdf_under_the_names_schools_know(tmp_path: Path) -> None:
    async with exam_day(tmp_path, opened=False) as day:
        number, at, diaz = day.session.number, f"{HOME}/{day.session.id}", day.site.diaz
        papers = {
            f"feuille-emargement-session-{number}.pdf": await diaz.get(f"{at}/attendance.pdf"),
            f"kit-surveillant-{number}.pdf": await send(diaz, f"{at}/kit.pdf", {}),
            f"pv-incident-session-{number}.pdf": await diaz.get(f"{at}/incidents.pdf"),
        }
        for name, paper in papers.items():
            assert paper.data.startswith(b"%PDF-"), name
            assert name in paper.headers["Content-Disposition"]


async def test_once_a_candidate_joined_the_list_is_not_replaced_and_the_session_stays(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.candidate("ines").arrive()
        await _refused_everywhere(day)


async def _refused_everywhere(day: Day) -> None:
    at, diaz = f"{HOME}/{day.session.id}", day.site.diaz
    assert (await send(diaz, f"{at}/remove", {})).status == 409
    sheet = candidates_sheet("x", [], [Candidate("c", "s", "A", "B", "2012-01-01", 0, sex="F", birth_city="Rome", birth_country="Italie")])  # fmt: skip
    refused = await give(diaz, f"{at}/sheet", sheet)
    assert (refused.status, "rejoint" in refused.data.decode()) == (409, True)
    reply = await send(diaz, f"{at}/candidates/{day.ids['ines']}/withdraw", {})
    assert (reply.status, "rejoint" in reply.data.decode()) == (422, True)
    assert (await send(diaz, f"{at}/candidates/new", {**ONE, "last_name": "Retard"})).status == 303
    assert (await send(diaz, f"{at}/edit", {**PLANNED, "room": "X"})).status == 422


async def test_a_crowded_session_is_warned_about(tmp_path: Path) -> None:
    async with exam_day(tmp_path, plan=PLAN, opened=False) as day:
        lines = [Candidate("c", "s", f"P{n}", f"N{n}", "2012-01-01", 0, sex="F", birth_city="Rome", birth_country="Italie") for n in range(21)]  # fmt: skip
        at, diaz = f"{HOME}/{day.session.id}", day.site.diaz
        await give(diaz, f"{at}/sheet", candidates_sheet("x", [], lines))
        assert "21 candidats pour 1 surveillant" in (await diaz.get(at)).data.decode().replace("\u202f", " ")


async def test_guides_are_shown_to_anyone_and_nothing_else_is(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        for name in ("certification-surveillant", "certification-chef"):
            assert "<h2>" in (await site.stranger.get(f"/guides/{name}")).data.decode()
        for name in ("..%2F..%2FREADME", "enseignant.md", "x"):
            assert (await site.stranger.get(f"/guides/{name}")).status == 404


async def test_a_pupil_of_the_list_brings_a_birth_place_that_its_form_takes_back(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await planned(site)
        places = [("100", None, "33039", "Léa"), ("351", "Tunis", None, "Tom")]
        await site.kiosk.db.write(
            lambda tx: tx.executemany(
                "UPDATE learners SET birth_date = '2012-05-02', sex = 'F', birth_country = ?, birth_city = ?,"
                " birth_city_code = ? WHERE first_name = ?",
                places,
            )
        )
        rows = await site.kiosk.db.read(lambda conn: conn.execute("SELECT id FROM learners").fetchall())
        await send(site.diaz, f"{HOME}/{made}/pupils", [("learner", row[0]) for row in rows])
        enrolled = await on_list(site, made)
        assert [(one.birth_country, one.birth_city_code) for one in enrolled] == [
            ("FRANCE", "33039"),
            ("99351", "99351"),
        ]
        for one in enrolled:
            form = {**form_from(one), "extra_percent": "33"}
            reply = await send(site.diaz, f"{HOME}/{made}/candidates/{one.id}", form)
            assert reply.status == 303, reply.data
        assert [one.learner is not None and one.extra_percent == 33 for one in await on_list(site, made)] == [
            True,
            True,
        ]
