"""Before anything else: the first administrator with the set-up code, and the terms of use for each member."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from kiosk_site import UAI, open_site
from team_room import newcomer, page, send

from kiosk import setup_code
from kiosk.cli import main
from kiosk.store import memberships, organisations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk_site import Site


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Site]:
    """Give a server whose school has no administrator."""
    async with open_site(tmp_path / "home") as site:
        await site.kiosk.db.write(lambda tx: memberships.end(tx, "school", "id-diaz", 1))
        yield site


def form(site: Site, **changed: str) -> dict[str, str]:
    code = setup_code.load_or_make(site.home)
    return {**newcomer(), "code": code, "uai": UAI, **changed}


async def test_the_set_up_code_makes_the_first_administrator(bare: Site) -> None:
    assert "/first-run" in await page(bare.stranger, "/sign-in")
    await page(bare.stranger, "/first-run")
    typed = setup_code.grouped(setup_code.load_or_make(bare.home)).lower()
    done = await send(bare.stranger, "/first-run", **form(bare, code=typed, uai=UAI.lower()))
    assert (done.status, done.headers["Location"]) == (303, "/staff")
    me = (await bare.stranger.get("/api/v1/me")).body["person"]
    assert (me["role"], me["last_name"]) == ("principal", "Moulin")


async def test_the_page_does_not_exist_once_there_is_an_administrator(site: Site) -> None:
    assert (await site.stranger.get("/first-run")).status == 404
    assert (await send(site.stranger, "/first-run", **form(site))).status == 404
    assert "/first-run" not in await page(site.client(None), "/sign-in")


async def test_the_code_is_spent(bare: Site) -> None:
    first = form(bare)
    await send(bare.stranger, "/first-run", **first)
    assert not setup_code.matches(bare.home, first["code"])
    assert (await send(bare.client(None), "/first-run", **{**first, "username": "eve"})).status == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"code": ""},
        {"code": "AAAA AAAA AAAA"},
        {"uai": "0750002V"},
        {"again": "autre"},
        {"password": "court", "again": "court"},
        {"last_name": ""},
    ],
)
async def test_a_wrong_form_makes_nobody(bare: Site, changed: dict[str, str]) -> None:
    assert (await send(bare.stranger, "/first-run", **form(bare, **changed))).status == 422
    assert await bare.kiosk.db.read(lambda conn: memberships.count_admins(conn, "school")) == 0


async def test_codes_are_not_guessed(bare: Site) -> None:
    for _ in range(10):
        await send(bare.stranger, "/first-run", **form(bare, code="AAAA AAAA AAAA"))
    assert (await send(bare.stranger, "/first-run", **form(bare))).status == 429


async def test_signed_in_pupils_have_no_more_rights_there(bare: Site) -> None:
    assert (await send(bare.lea, "/first-run", **form(bare, code="x"))).status == 422


def test_a_home_has_one_code_which_only_its_owner_reads(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    code = setup_code.load_or_make(tmp_path)
    assert setup_code.load_or_make(tmp_path) == code
    assert (tmp_path / "keys" / setup_code.FILE).stat().st_mode & 0o777 == 0o600
    assert setup_code.matches(tmp_path, f" {code[:4].lower()}-{code[4:]} ")
    setup_code.drop(tmp_path)
    assert not setup_code.matches(tmp_path, code)


def test_init_shows_the_code_until_there_is_an_administrator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--home", str(tmp_path / "home"), "init", "--uai", UAI, "--name", "Collège", "--json"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)["setup_code"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["setup_code"] == first
    who = ["--username", "diaz", "--role", "principal", "--first", "Paul", "--last", "Diaz"]
    assert main(["--home", str(tmp_path / "home"), "account", "add", *who]) == 0
    capsys.readouterr()
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["setup_code"] is None


async def new_member(site: Site) -> Site:
    """Make Alice Roy a member who has not accepted the terms."""
    await site.kiosk.db.write(lambda tx: memberships.end(tx, "school", "id-roy", 1))
    await site.kiosk.db.write(lambda tx: memberships.add(tx, "school", "id-roy", "member", 2))
    site.roy = await site.sign_in("roy")
    return site


@pytest.mark.parametrize("path", ["/staff", "/staff/team", "/staff/campaigns/new", "/staff/organisation"])
async def test_a_new_member_reads_the_terms_before_any_staff_page(site: Site, path: str) -> None:
    await new_member(site)
    sent = await site.roy.get(path)
    assert (sent.status, sent.headers["Location"]) == (303, f"/terms?next={path}")


async def test_no_form_of_the_staff_is_taken_before(site: Site) -> None:
    await new_member(site)
    sent = await send(site.roy, "/staff/campaigns/new", name="X", course="c")
    assert (sent.status, sent.headers["Location"]) == (303, "/terms?next=/staff")


async def test_one_who_accepts_is_shown_how_to_make_a_first_campaign(site: Site) -> None:
    await new_member(site)
    assert "Collège des Tilleuls" in await page(site.roy, "/terms")
    done = await send(site.roy, "/terms", accept="yes", next="/staff")
    assert (done.status, done.headers["Location"]) == (303, "/staff/welcome")
    assert "/staff/campaigns/new" in await page(site.roy, "/staff/welcome")
    assert (await site.roy.get("/staff")).status == 200


async def test_one_who_does_not_tick_goes_nowhere(site: Site) -> None:
    await new_member(site)
    assert (await send(site.roy, "/terms", next="/staff")).headers["Location"] == "/terms"
    assert (await site.roy.get("/staff")).status == 303


async def test_one_goes_on_to_where_one_was_heading(site: Site) -> None:
    await new_member(site)
    done = await send(site.roy, "/terms", accept="yes", next="/staff/team")
    assert done.headers["Location"] == "/staff/team"


async def test_nobody_is_sent_to_another_server(site: Site) -> None:
    await new_member(site)
    done = await send(site.roy, "/terms", accept="yes", next="//evil.example/")
    assert done.headers["Location"] == "/staff/welcome"


async def test_a_new_member_reads_the_terms_before_the_api_too(site: Site) -> None:
    await new_member(site)
    refused = await site.roy.get("/api/v1/campaigns")
    assert (refused.status, refused.code) == (403, "terms.needed")
    await send(site.roy, "/terms", accept="yes", next="/staff")
    assert (await site.roy.get("/api/v1/campaigns")).status == 200


async def test_terms_are_read_by_anyone_and_accepted_by_members_alone(site: Site) -> None:
    await page(site.stranger, "/terms")
    assert 'name="accept"' not in await page(site.lea, "/terms")
    assert (await send(site.lea, "/terms", accept="yes")).status == 403
    assert (await send(site.stranger, "/terms", accept="yes")).status == 401


def test_organisations_and_places_are_added_from_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path / "home")]
    main([*home, "init", "--uai", UAI, "--name", "Collège"])
    add = [*home, "organisation", "add", "--id", "lycee", "--name", "Lycée", "--kind", "higher", "--json"]
    capsys.readouterr()
    assert main(add) == 0
    assert json.loads(capsys.readouterr().out)["import_format"] == "sup"
    assert main(add) == 1
    places = [
        *home,
        "organisation",
        "places",
        "--id",
        "lycee",
        "--count",
        "20",
        "--from",
        "2020-09-01",
        "--json",
    ]
    assert main(places) == 0
    capsys.readouterr()
    assert main([*home, "organisation", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["organisations"]
    assert [(one["id"], one["places"]) for one in listed] == [("school", None), ("lycee", 20)]


@pytest.mark.parametrize(
    "words",
    [
        ("add", "--id", "Lycée", "--name", "x"),
        ("add", "--id", "lycee", "--name", " "),
        ("places", "--id", "nope", "--count", "1", "--from", "2020-09-01"),
        ("places", "--id", "school", "--count", "0", "--from", "2020-09-01"),
        ("places", "--id", "school", "--count", "1", "--from", "1/9/2020"),
        ("places", "--id", "school", "--count", "1", "--from", "2020-09-01", "--until", "2020-08-01"),
    ],
)
def test_a_wrong_command_says_so_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    home = ["--home", str(tmp_path / "home")]
    main([*home, "init", "--uai", UAI, "--name", "Collège"])
    assert main([*home, "organisation", *words]) == 1
    assert "Traceback" not in capsys.readouterr().err


async def test_a_new_organisation_is_found_by_its_staff(site: Site) -> None:
    found = await site.kiosk.db.read(organisations.all_organisations)
    assert [one.id for one in found] == ["school", "lycee"]
