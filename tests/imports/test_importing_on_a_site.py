"""Imports through the server's own API and pages: preview, confirm, refuse, and what is left in the database and the log."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from aiohttp import FormData
from kiosk_site import Client, Site, open_site
from pupil_kit import UAI, siecle, sup_csv
from pupil_kit import pupils as invented

from kiosk.organisations import SCHOOL
from kiosk.store import organisations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

API = "/api/v1/imports"
OTHER_UAI = "0750002V"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as opened:
        yield opened


async def read(client: Client, data: bytes, **query: str) -> dict[str, Any]:
    """Send a file and return its import once it is read."""
    sent = await client.ask("POST", API, data=data, params=query)
    assert sent.status == 200, sent.body
    while True:
        one = (await client.get(f"{API}/{sent.body['import']['id']}")).body["import"]
        if one["state"] not in {"uploading", "uploaded"}:
            return dict(one)
        await asyncio.sleep(0.01)


async def settled(client: Client, place: str) -> str:
    """Return the page of an import once its file is read, as a browser without script reloads it."""
    for _ in range(1000):
        shown = (await client.get(place)).data.decode()
        if "data-import" not in shown:
            return shown
        await asyncio.sleep(0.01)
    pytest.fail("the file is still being read")


async def landed(client: Client, data: bytes, **query: str) -> dict[str, Any]:
    """Send a file, confirm it and return its import."""
    one = await read(client, data, **query)
    assert one["state"] == "validated", one
    done = await client.post(f"{API}/{one['id']}/confirm")
    assert done.status == 200, done.body
    return dict(done.body["import"])


async def rows(site: Site, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return await site.kiosk.db.read(lambda conn: conn.execute(sql, values).fetchall())


async def imported(site: Site) -> list[tuple[Any, ...]]:
    """Id, INE, class, whether disabled, of every pupil a file brought."""
    return await rows(
        site,
        "SELECT id, ine, division, disabled_ms IS NOT NULL FROM learners WHERE ine IS NOT NULL AND organisation = ?"
        " ORDER BY ine",
        SCHOOL,
    )


async def use(site: Site, form: str) -> None:
    """Let the school import in this format."""
    found = await site.kiosk.db.read(lambda conn: organisations.by_id(conn, SCHOOL))
    assert found is not None
    changed = msgspec.structs.replace(found, import_format=form)
    await site.kiosk.db.write(lambda tx: organisations.change(tx, changed))


async def test_nothing_changes_before_the_confirmation(site: Site) -> None:
    one = await read(site.diaz, siecle(5), name="ExportXML.xml")
    assert (one["state"], one["format"], one["figures"]["added"]) == ("validated", "siecle", 5)
    assert await imported(site) == []


async def test_a_confirmed_file_adds_its_pupils_and_is_deleted(site: Site) -> None:
    done = await landed(site.diaz, siecle(5))
    assert done["state"] == "imported"
    assert len(await imported(site)) == 5
    assert list((site.home / "imports").glob("*.file")) == []
    assert await rows(site, "SELECT count(*) FROM learner_import_rows") == [(0,)]


async def test_the_next_year_keeps_ids_and_disables_the_absent(site: Site) -> None:
    await landed(site.diaz, siecle(4))
    before = {ine: name for name, ine, _, _ in await imported(site)}
    await site.kiosk.db.write(
        lambda tx: tx.execute("UPDATE learners SET certifiable = 1, certifiable_ms = 7")
    )
    figures = (await landed(site.diaz, siecle(3, year=1)))["figures"]
    assert (figures["changed"], figures["disabled"], figures["added"]) == (3, 1, 0)
    after = await imported(site)
    assert {ine: name for name, ine, _, _ in after} == before
    assert [disabled for *_, disabled in after] == [0, 0, 0, 1]
    assert await rows(site, "SELECT DISTINCT certifiable, certifiable_ms FROM learners") == [(1, 7)]
    assert (await landed(site.diaz, siecle(4, year=1)))["figures"]["enabled"] == 1


async def test_pupils_made_by_hand_are_left_alone(site: Site) -> None:
    await landed(site.diaz, siecle(2))
    assert await rows(
        site, "SELECT count(*) FROM learners WHERE ine IS NULL AND disabled_ms IS NOT NULL"
    ) == [(0,)]


async def test_one_error_and_nobody_is_imported(site: Site) -> None:
    data = siecle(6).replace(b"<CODE_SEXE>2</CODE_SEXE>", b"<CODE_SEXE/>", 1)
    one = await read(site.diaz, data)
    assert one["state"] == "validation_error"
    (error,) = one["errors"]
    assert (error["code"], error["field"]) == ("SEX_CODE_REQUIRED", "CODE_SEXE")
    assert (await site.diaz.post(f"{API}/{one['id']}/confirm")).code == "imports.not_ready"
    assert await imported(site) == []


async def test_another_schools_file_is_refused(site: Site) -> None:
    one = await read(site.diaz, siecle(2, uai=OTHER_UAI))
    assert [error["code"] for error in one["errors"]] == ["UAI_MISMATCHED"]


async def test_a_plan_made_before_another_import_is_refused(site: Site) -> None:
    first, second = await read(site.diaz, siecle(3)), await read(site.diaz, siecle(2))
    assert (await site.diaz.post(f"{API}/{first['id']}/confirm")).status == 200
    late = await site.diaz.post(f"{API}/{second['id']}/confirm")
    assert (late.status, late.code) == (409, "imports.outdated")
    assert len(await imported(site)) == 3
    assert (await site.diaz.get(f"{API}/{second['id']}")).body["import"]["state"] == "import_error"


async def test_the_record_counts_and_names_nobody(site: Site) -> None:
    await landed(site.diaz, siecle(3))
    ((body,),) = await rows(site, "SELECT bytes FROM log_records WHERE type = 'learner.imported'")
    text = bytes(body).decode() if isinstance(body, bytes) else str(body)
    assert '"added":3' in text
    assert "Diaye" not in text


async def test_an_account_follows_its_ine_and_birth_date(site: Site) -> None:
    await landed(site.other_principal, siecle(2, uai=OTHER_UAI))
    link = "UPDATE learners SET person = ? WHERE ine = ? AND organisation <> ?"
    await site.kiosk.db.write(lambda tx: tx.execute(link, ("id-garnier", "0000000001B", SCHOOL)))
    done = await landed(site.diaz, siecle(2))
    assert done["figures"]["linked"] == 1
    assert await rows(
        site, "SELECT person FROM learners WHERE organisation = ? AND ine IS NOT NULL ORDER BY ine", SCHOOL
    ) == [("id-garnier",), (None,)]


BORN_ANOTHER_DAY = "UPDATE learners SET birth_date = '2000-01-01' WHERE person = 'id-garnier'"
TIED_TO_ANOTHER_PUPIL_HERE = (
    "INSERT INTO learners (id, organisation, person, first_name, last_name, created_ms, updated_ms)"
    " VALUES ('x', 'school', 'id-garnier', 'a', 'b', 0, 0)"
)
TIED_TO_ANOTHER_INE = (
    "INSERT INTO organisations (id, kind, name, created_ms) VALUES ('third', 'school', 'C', 0);"
    "INSERT INTO learners (id, organisation, person, first_name, last_name, ine, created_ms, updated_ms)"
    " VALUES ('x', 'third', 'id-garnier', 'a', 'b', '9', 0, 0)"
)


@pytest.mark.parametrize("spoil", [BORN_ANOTHER_DAY, TIED_TO_ANOTHER_PUPIL_HERE, TIED_TO_ANOTHER_INE])
async def test_an_account_is_not_linked_when_in_doubt(site: Site, spoil: str) -> None:
    await landed(site.other_principal, siecle(2, uai=OTHER_UAI))
    link = "UPDATE learners SET person = 'id-garnier' WHERE ine = '0000000001B' AND organisation <> 'school'"
    for statement in (link, *spoil.split(";")):
        await site.kiosk.db.write(lambda tx, statement=statement: tx.execute(statement))  # type: ignore[misc]  # binds this turn
    assert (await landed(site.diaz, siecle(2)))["figures"]["linked"] == 0


async def test_replacing_students_deletes_the_absent_with_their_participations(site: Site) -> None:
    await use(site, "sup")
    await landed(site.diaz, sup_csv(invented(3)), mode="add")
    taken = await site.joined()
    number = "U00000003"
    tie = (
        "UPDATE participations SET learner = (SELECT id FROM learners WHERE student_number = ?) WHERE id = ?"
    )
    await site.kiosk.db.write(lambda tx: tx.execute(tie, (number, taken)))
    done = await landed(site.diaz, sup_csv(invented(2)), mode="replace")
    assert done["figures"]["deleted"] == 1
    assert await rows(site, "SELECT deleted_ms IS NOT NULL, deleted_by FROM participations") == [
        (1, "id-diaz")
    ]
    back = await landed(site.diaz, sup_csv(invented(3)), mode="add")
    assert back["figures"]["added"] == 1
    assert await rows(
        site, "SELECT count(*) FROM learners WHERE student_number = ? AND deleted_ms IS NULL", number
    ) == [(1,)]


async def test_only_the_principal_imports(site: Site) -> None:
    for client, status in ((site.roy, 403), (site.lea, 403), (site.stranger, 401)):
        assert (await client.ask("POST", API, data=siecle(1))).status == status
        assert (await client.get(API)).status == status


async def test_imports_of_another_organisation_do_not_exist(site: Site) -> None:
    one = await read(site.diaz, siecle(1))
    for act in ("", "/confirm", "/cancel"):
        method = "POST" if act else "GET"
        found = await site.other_principal.ask(method, f"{API}/{one['id']}{act}", json={})
        assert (found.status, found.code) == (404, "imports.unknown")


async def test_a_file_beyond_the_limit_is_refused(site: Site) -> None:
    sent = await site.diaz.ask("POST", API, data=io.BytesIO(b"<" * (20 * 1024 * 1024 + 1)))
    assert (sent.status, sent.code) == (413, "imports.too_large")
    (one,) = (await site.diaz.get(API)).body["imports"]
    assert (one["state"], one["errors"][0]["code"]) == ("upload_error", "PAYLOAD_TOO_LARGE")


async def test_a_stop_of_the_server_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        one = await read(site.diaz, siecle(2))
        await site.kiosk.db.write(lambda tx: tx.execute("UPDATE learner_imports SET state = 'uploaded'"))
    async with open_site(tmp_path) as site:
        found = (await site.diaz.get(f"{API}/{one['id']}")).body["import"]
        assert (found["state"], found["errors"][0]["code"]) == ("validation_error", "INTERRUPTED")
        assert await rows(site, "SELECT count(*) FROM learner_import_rows") == [(0,)]


async def test_what_a_kill_left_behind_is_swept(tmp_path: Path) -> None:
    """As if the machine had stopped right after the commit of a confirmation."""
    async with open_site(tmp_path) as site:
        one = await read(site.diaz, siecle(2))
        await site.kiosk.db.write(lambda tx: tx.execute("UPDATE learner_imports SET state = 'imported'"))
        assert (tmp_path / "imports" / f"{one['id']}.file").exists()
    async with open_site(tmp_path) as site:
        assert await rows(site, "SELECT count(*) FROM learner_import_rows") == [(0,)]
        assert list((tmp_path / "imports").glob("*.file")) == []


async def test_a_preview_waits_for_its_confirmation_across_a_restart(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        one = await read(site.diaz, siecle(2))
    async with open_site(tmp_path) as site:
        done = await site.diaz.post(f"{API}/{one['id']}/confirm")
        assert done.body["import"]["figures"]["added"] == 2


async def test_nobody_confirms_within_a_week_and_names_are_forgotten(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        one = await read(site.diaz, siecle(2))
        clock = site.clock
    clock.pass_s(8 * 24 * 3600)
    async with open_site(tmp_path, clock=clock) as site:
        assert (await site.diaz.get(f"{API}/{one['id']}")).body["import"]["state"] == "cancelled"
        assert await rows(site, "SELECT count(*) FROM learner_import_rows") == [(0,)]


async def test_the_pages_lead_from_the_file_to_the_pupils(site: Site) -> None:
    page = await site.diaz.get("/staff/pupils/import")
    assert page.status == 200
    form = FormData({"format": ""})
    form.add_field(
        "file", siecle(60), filename="ExportXML_ElevesSansAdresses.zip", content_type="application/zip"
    )
    sent = await site.diaz.ask("POST", "/staff/pupils/import", data=form, headers={"Origin": site.diaz.base})
    assert sent.status == 303, sent.data
    place = sent.headers["Location"]
    shown = await settled(site.diaz, place)
    assert "60" in shown
    listed = (await site.diaz.get(f"{place}?show=added&page=2")).data.decode()
    assert listed.count('<th scope="row"><span class="upper">') == 10
    done = await site.diaz.ask("POST", f"{place}/confirm", data={}, headers={"Origin": site.diaz.base})
    assert (done.status, done.headers["Location"]) == (303, place)
    assert len(await imported(site)) == 60
    history = (await site.diaz.get("/staff/pupils/import")).data.decode()
    assert "Paul Diaz" in history
    assert "ExportXML_ElevesSansAdresses.zip" in history


async def test_a_form_without_a_file_is_shown_again(site: Site) -> None:
    sent = await site.diaz.ask(
        "POST",
        "/staff/pupils/import",
        data=FormData({"a": "b"}, default_to_multipart=True),
        headers={"Origin": site.diaz.base},
    )
    assert sent.status == 422
    assert "Choisissez un fichier" in sent.data.decode()


async def test_a_file_given_up_changes_nothing(site: Site) -> None:
    one = await read(site.diaz, siecle(3))
    assert (await site.diaz.post(f"{API}/{one['id']}/cancel")).body["import"]["state"] == "cancelled"
    assert await imported(site) == []


async def test_templates_hold_the_exact_headings(site: Site) -> None:
    found = await site.diaz.get("/staff/pupils/import/templates/fregata.csv")
    assert found.data.decode("utf-8-sig").startswith('"Identifiant unique*";"Premier prénom*";')
    assert (await site.diaz.get("/staff/pupils/import/templates/siecle.csv")).status == 404


def test_the_schools_agree() -> None:
    """The files of this module are those of the test school."""
    assert UAI == "0750001U"


async def test_a_page_of_the_preview_that_cannot_be_is_the_first(site: Site) -> None:
    one = await read(site.diaz, siecle(3))
    for asked in ("9" * 5000, "0", "-1", "x"):
        shown = await site.diaz.get(f"/staff/pupils/import/{one['id']}?show=added&page={asked}")
        assert shown.status == 200, asked[:10]
