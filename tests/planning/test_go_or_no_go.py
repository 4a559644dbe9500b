"""The go / no-go list: each thing that can be wrong with a session is told, with what to do, and nothing else forbids opening."""

from __future__ import annotations

import json
from asyncio import to_thread
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from exam_site import PLAN, exam_day
from kiosk_site import open_site
from sealed_kit import CODE

from kiosk.actions.opening import rehearses
from kiosk.cli import main
from kiosk.disk_reserve import A_CANDIDATE, AT_LEAST
from kiosk.enrolment.candidates_file import candidates_sheet
from kiosk.enrolment.sessions_file import HEADINGS
from kiosk.readiness.examine import Known, crowded, examine, supervisors_of
from kiosk.readiness.notes import Note, is_go, told
from kiosk.readiness.sealed import try_bank, try_questions
from kiosk.store.candidates import Candidate
from kiosk.store.machines import Machine
from kiosk.store.sessions import Session
from web.downloads import csv_lines
from web.i18n import Words

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.sealed_bank import SealedBank

NOW = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp()) * 1000
SESSION = Session(
    *("s1", 1001, "school", "Site", "204", "2026-11-26", "09:00", "Sophie Arnaud", "", "KTRV42", "7hMx4R"),
    *(None, "certification", "created"),
    gate=True,
    lockdown="extension",
    allowance_min=105,
    created_by="x",
    created_ms=0,
)
INES = Candidate("c1", "s1", "Inès", "Benali", "2012-03-14", 0, sex="F", birth_city_code="33039")
P07 = Machine("m1", "P07", "a" * 64, "{}", 0, NOW, None)
READY = Known(
    session=SESSION,
    candidates=[INES],
    machines=[P07],
    versions={"m1": "1.0.0"},
    uncertifiable=0,
    free_bytes=10**10,
    reserved_bytes=0,
    certificate_end=datetime(2027, 6, 1, tzinfo=UTC),
    secure=True,
    now_ms=NOW,
    today=date(2026, 11, 25),
    oldest_extension="1.0.0",
)


def outcomes(known: Known) -> dict[str, str]:
    """Return each note's level by its name."""
    return {f"{one.check}.{one.outcome}": one.level for one in examine(known)}


def changed(**facts: Any) -> Known:  # noqa: ANN401 - facts of several types
    """Return what is ready, with some facts changed; those of the session by their own names."""
    of_session = {name: facts.pop(name) for name in list(facts) if name in Session.__struct_fields__}
    values = {name: getattr(READY, name) for name in READY.__dataclass_fields__}
    return Known(**{**values, "session": msgspec.structs.replace(SESSION, **of_session), **facts})


def test_a_session_that_is_ready_has_nothing_to_say() -> None:
    assert set(outcomes(READY).values()) == {"ok"}
    assert is_go(examine(READY))


@pytest.mark.parametrize(
    ("facts", "name", "level"),
    [
        ({"status": "closed"}, "session.over", "problem"),
        ({"date": "2026-11-20"}, "day.past", "warning"),
        ({"candidates": []}, "candidates.none", "problem"),
        ({"candidates": [msgspec.structs.replace(INES, birth_date="")]}, "birth.missing", "problem"),
        ({"candidates": [msgspec.structs.replace(INES, sex=None)]}, "birth.partial", "warning"),
        ({"uncertifiable": 2}, "profile.missing", "warning"),
        ({"examiners": " , "}, "supervisors.none", "problem"),
        ({"candidates": [INES] * 21}, "supervisors.crowded", "warning"),
        ({"today": date(1970, 1, 1)}, "clock.wrong", "problem"),
        ({"last_record_ms": NOW + 120_000}, "clock.wrong", "problem"),
        ({"free_bytes": AT_LEAST}, "disk.short", "problem"),
        ({"certificate_end": datetime(2026, 11, 26, tzinfo=UTC)}, "certificate.ends", "problem"),
        ({"certificate_end": datetime(2026, 11, 24, tzinfo=UTC)}, "certificate.ends", "problem"),
        ({"certificate_end": datetime(2026, 11, 27, tzinfo=UTC)}, "certificate.good", "ok"),
        (
            {"certificate_end": datetime(2026, 11, 24, tzinfo=UTC), "secure": False},
            "certificate.ends",
            "warning",
        ),
        ({"machines": [], "lockdown": "none"}, "machines.fewer", "warning"),
        ({"machines": []}, "extension.no_machine", "problem"),
        ({"machines": [], "lockdown": "recommended"}, "extension.no_machine", "warning"),
        ({"versions": {"m1": ""}}, "extension.silent", "warning"),
        ({"versions": {"m1": "0.9.9"}}, "extension.old", "problem"),
    ],
)
def test_each_thing_that_is_wrong_is_told(facts: dict[str, Any], name: str, level: str) -> None:
    assert outcomes(changed(**facts))[name] == level


def test_machines_that_differ_are_told() -> None:
    two = [P07, msgspec.structs.replace(P07, id="m2", label="P08")]
    assert "extension.several" in outcomes(changed(machines=two, versions={"m1": "1.0.0", "m2": "1.1.0"}))


def test_a_reserve_taken_already_is_enough_on_a_full_disk() -> None:
    assert "disk.reserved" in outcomes(changed(free_bytes=0, reserved_bytes=max(AT_LEAST, A_CANDIDATE)))


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ("", 0),
        ("A. Roy", 1),
        ("A. Roy, Marc Petit", 2),
        ("Élisabeth et Anette; Zoé", 3),
        ("Etienne Sandre", 1),
    ],
)
def test_supervisors_are_counted_by_their_names(names: str, count: int) -> None:
    assert supervisors_of(names) == count
    assert crowded(names, 20 * max(1, count) + 1)
    assert not crowded(names, 20 * max(1, count))


def test_every_note_has_its_words_in_both_languages() -> None:
    words = Words.load(strict=True)
    facts: list[dict[str, Any]] = [{}, {"status": "open"}, {"status": "finalised"}, {"date": "2026-11-25"}, {"lockdown": "seb"}, {"lockdown": "none"}, {"secure": False, "certificate_end": None}, {"certificate_end": None}, {"free_bytes": 0}]  # fmt: skip
    notes = [note for one in facts for note in examine(changed(**one))]
    for check, outcome in (("bank", "none"), ("bank", "rehearsal"), ("key", "to_try"), ("key", "wrong_code"), ("key", "no_code"), ("key", "other_school"), ("key", "changed")):  # fmt: skip
        notes.append(Note(check, outcome, "problem"))
    notes += [
        Note("bank", "broken", "problem", {"bundle": "b"}),
        Note("bank", "incomplete", "problem"),
        *(
            Note("bank", outcome, "problem", {"asked": "a", "here": "b"})
            for outcome in ("other", "other_engine", "other_tables")
        ),
        Note("questions", "broken", "problem", {"count": 1, "total": 2}),
    ]
    for lang in ("fr", "en"):
        for one in told(words, lang, notes):
            assert one.message
            assert one.level == "ok" or one.next, one


async def test_the_bank_and_its_day_key_are_tried_and_every_question_is_shown(tmp_path: Path) -> None:
    async with exam_day(tmp_path, opened=False) as day:
        home, shelf = day.site.kiosk.config.home, day.site.kiosk.rooms.shelf

        def names(code: str | None, sort: SealedBank | None = None) -> list[str]:
            del sort
            tried = try_bank(home, shelf, day.session, code, rehearses)
            return [f"{one.check}.{one.outcome}" for one in tried.notes]

        assert names(None) == ["bank.good", "key.to_try"]
        assert names("pas le bon code du tout") == ["bank.good", "key.wrong_code"]
        tried = try_bank(home, shelf, day.session, CODE, rehearses)
        assert [one.outcome for one in tried.notes] == ["good", "code"]
        assert tried.sealed is not None
        assert tried.day_key is not None
        [shown] = try_questions(tried.sealed, tried.day_key)
        assert (shown.outcome, shown.params["count"]) == ("shown", len(tried.sealed.head.items))


async def test_a_server_without_a_bank_or_with_a_changed_one_is_no_go(tmp_path: Path) -> None:
    async with exam_day(tmp_path, opened=False) as day:
        kiosk = day.site.kiosk
        kept = next((kiosk.config.banks / "sealed").glob("*.bundle"))
        kept.write_bytes(kept.read_bytes()[:-10] + b"0" * 10)
        assert [
            one.outcome
            for one in try_bank(kiosk.config.home, kiosk.rooms.shelf, day.session, CODE, rehearses).notes
        ] == ["broken"]
        kept.unlink()
        assert [
            one.outcome
            for one in try_bank(kiosk.config.home, kiosk.rooms.shelf, day.session, CODE, rehearses).notes
        ] == ["none"]
        page = (await day.site.diaz.get(f"/staff/sessions/{day.session.id}/ready")).data.decode()
        assert "On ne peut pas ouvrir" in page


async def test_the_page_tries_the_code_and_opens_nothing(tmp_path: Path) -> None:
    async with exam_day(tmp_path, opened=False) as day:
        at = f"/staff/sessions/{day.session.id}"
        same = {"Sec-Fetch-Site": "same-origin"}
        page = (
            await day.site.diaz.ask("POST", f"{at}/ready", data={"code": CODE}, headers=same)
        ).data.decode()
        assert "On peut ouvrir" in page
        assert CODE not in page
        assert day.site.kiosk.rooms.all() == []
        wrong = await day.site.diaz.ask("POST", f"{at}/open", data={"code": "un autre"}, headers=same)
        assert (wrong.status, "Ce n’est pas le code du jour" in wrong.data.decode()) == (422, True)
        assert (
            await day.site.diaz.ask("POST", f"{at}/open", data={"code": CODE}, headers=same)
        ).status == 303
        assert "Voir la salle" in (await day.site.diaz.get(at)).data.decode()
        assert (await day.site.diaz.ask("POST", f"{at}/close", data={}, headers=same)).status == 303
        assert "Finaliser la session" in (await day.site.diaz.get(at)).data.decode()


async def test_the_doctor_says_go_or_no_go_for_a_session(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with exam_day(tmp_path, opened=False, plan=PLAN):
        pass
    assert await to_thread(main, ["--home", str(tmp_path), "doctor", "--session", "1001", "--json"]) in {0, 1}
    said = json.loads(capsys.readouterr().out)
    of_session = {one["name"]: one["level"] for one in said["checks"] if one["name"].startswith("session.")}
    assert of_session["session.bank"] == "ok"
    assert of_session["session.key"] == "warning"
    assert await to_thread(main, ["--home", str(tmp_path), "doctor", "--session", "4242"]) == 1
    assert "no session has the number 4242" in capsys.readouterr().err


async def test_a_terminal_fills_a_list_plans_many_and_writes_the_papers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, desk = tmp_path / "home", tmp_path / "desk"
    home.mkdir(mode=0o700)
    async with exam_day(home, opened=False) as day:
        sheet = (await day.site.diaz.get(f"/staff/sessions/{day.session.id}/candidates.ods")).data
    desk.mkdir()
    (desk / "bad.ods").write_bytes(sheet)  # its candidates have no sex nor birth place
    given = ["--home", str(home), "session"]
    chief = ["--principal", "diaz"]
    assert await to_thread(main, [*given, "candidates", "1001", str(desk / "bad.ods"), *chief]) == 1
    told_of = capsys.readouterr().err
    assert "nothing was changed" in told_of
    assert "line" in told_of
    papers = ["documents", "1001", "--into", str(desk / "papers"), "--address", "https://10.0.0.2:8443"]
    assert await to_thread(main, [*given, *papers, *chief]) == 0
    assert sorted(path.name for path in (desk / "papers").iterdir()) == [
        "feuille-emargement-session-1001.pdf",
        "kit-surveillant-1001.pdf",
        "pv-incident-session-1001.pdf",
    ]
    assert await to_thread(main, [*given, "import", str(desk / "bad.ods"), *chief]) == 1
    tom = Candidate(
        "c", "s", "Tom", "Nguyen", "2012-05-02", 0, sex="M", birth_city="Hué", birth_country="Vietnam"
    )
    (desk / "good.ods").write_bytes(candidates_sheet("Session", [], [tom]))
    assert (
        await to_thread(main, [*given, "candidates", "1001", str(desk / "good.ods"), *chief, "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["replaced"] == 1


async def test_a_terminal_plans_a_file_of_sessions_only_when_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_site(tmp_path):
        pass
    day = datetime.now(UTC).astimezone().date() + timedelta(days=9)
    cells = {
        "site": "Tilleuls",
        "room": "204",
        "date": f"{day:%d/%m/%Y}",
        "time": "09:00",
        "examiners": "A. Roy",
    }
    file = tmp_path / "sessions.csv"
    file.write_bytes(
        b"".join(csv_lines(list(HEADINGS.values()), [[cells.get(name, "") for name in HEADINGS]]))
    )
    asked = ["--home", str(tmp_path), "session", "import", str(file), "--principal", "diaz", "--json"]
    assert await to_thread(main, asked) == 0
    assert json.loads(capsys.readouterr().out)["numbers"] == []
    assert await to_thread(main, [*asked, "--confirm"]) == 0
    assert json.loads(capsys.readouterr().out)["numbers"] == [1001]
