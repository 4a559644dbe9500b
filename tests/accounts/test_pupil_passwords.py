"""Passwords for one use: reset for one or many, handed over on slips, and changed before anything else."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from typing import TYPE_CHECKING, Any

from kiosk_site import OTHER, PASSWORD, open_site
from pupil_room import CHOSEN, LIST, ONCE, add_pupil, became, lea_of, learner_of, post, small_school, text_of

from kiosk.actions.throttle import subjects
from kiosk.pupil_list import Asked
from kiosk.store import people as people_store
from kiosk.store import pupils

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Site


async def test_the_reset_password_is_shown_once_and_must_be_changed(site: Site) -> None:
    wanted = await lea_of(site)
    shown = await post(site.roy, f"{LIST}/{wanted}/password", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", shown.data.decode(), flags=re.DOTALL))[0]
    assert once not in (await site.roy.get(f"{LIST}/{wanted}")).data.decode()
    assert (await site.lea.get("/api/v1/me")).status == 401
    fresh = site.client(None)
    signed = await fresh.post("/api/v1/login", {"username": "lea", "password": once})
    assert signed.body["person"]["must_change"] is True
    assert (await fresh.get("/api/v1/participations")).code == "password.must_change"


async def test_a_reset_lifts_the_final_block_that_waiting_does_not(site: Site) -> None:
    subject, now = subjects("id-lea", "")[1][0], site.clock.now_ms()
    await site.kiosk.db.write(lambda tx: people_store.keep_attempts(tx, subject, 49, 0, now))
    login = {"username": "lea", "password": PASSWORD}
    assert (await site.stranger.post("/api/v1/login", {**login, "password": "no"})).status == 401
    assert (await site.stranger.post("/api/v1/login", login)).code == "login.blocked"
    site.clock.pass_s(40 * 86_400)
    assert (await site.stranger.post("/api/v1/login", login)).code == "login.blocked"
    roy = await site.sign_in("roy")
    shown = await post(roy, f"{LIST}/{await lea_of(site)}/password", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", shown.data.decode(), flags=re.DOTALL))[0]
    assert (await site.stranger.post("/api/v1/login", {**login, "password": once})).status == 200


async def test_the_old_password_opens_nothing_even_tried_while_it_is_reset(site: Site) -> None:
    old = site.client(None)
    tried = asyncio.create_task(old.post("/api/v1/login", {"username": "lea", "password": PASSWORD}))
    for _ in range(10_000):  # until the try is counted: what remains is to hash it
        if await site.kiosk.db.read(lambda conn: conn.execute("SELECT 1 FROM attempts").fetchone()):
            break
        await asyncio.sleep(0)
    await site.kiosk.db.write(lambda tx: people_store.reset_password(tx, "id-lea", "x"))
    site.kiosk.logins.forget_person("id-lea")
    await tried
    assert (await old.get("/api/v1/me")).status == 401


async def test_a_username_added_keeps_the_password_or_makes_one_for_a_provider_alone(site: Site) -> None:
    pupil = await add_pupil(site, first_name="Léa", last_name="Moreau")
    await became(site, pupil, "id-lea")
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-lea'"))
    added = await post(site.roy, f"{LIST}/{pupil.id}/username", {})
    assert "lea.moreau0901" in text_of(added)
    assert "ne change pas" in text_of(added)
    login = {"username": "lea.moreau0901", "password": PASSWORD}
    assert (await site.stranger.post("/api/v1/login", login)).status == 200
    await site.kiosk.db.write(
        lambda tx: tx.execute("UPDATE people SET username = NULL, password = NULL WHERE id = 'id-lea'")
    )
    again = await post(site.roy, f"{LIST}/{pupil.id}/username", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", again.data.decode(), flags=re.DOTALL))[0]
    assert (await site.stranger.post("/api/v1/login", {**login, "password": once})).status == 200


async def test_a_bulk_reset_says_how_many_then_gives_slips_and_the_file(site: Site) -> None:
    await small_school(site)
    found = await site.kiosk.db.read(lambda conn: pupils.listed(conn, "school", Asked()))
    ticked = [("learner", row.id) for row in found.rows]
    asked = await post(site.roy, f"{LIST}/passwords", ticked)
    assert "2 mots de passe seront réinitialisés, pour 5 élèves cochés" in text_of(asked)
    done = await post(site.roy, f"{LIST}/passwords", [*ticked, ("confirm", "1")])
    at = done.headers["Location"]
    file = await site.roy.get(f"{at}/csv")
    assert file.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Classe", "Nom", "Prénom", "Identifiant", "Mot de passe"]
    assert [row[1] for row in rows[1:]] == ["Moreau", "Nguyen"]
    signed = await site.stranger.post("/api/v1/login", {"username": rows[1][3], "password": rows[1][4]})
    assert signed.status == 200
    assert rows[1][4] in (await site.roy.get(f"{at}/slips")).data.decode()
    for path in site.home.rglob("*"):
        if path.is_file():
            assert rows[1][4].encode() not in path.read_bytes()


async def test_where_a_provider_signs_pupils_in_a_bulk_reset_names_whom_it_must(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"public_address": "https://preau.test", "cas_url": "https://cas.test/cas"}
    async with open_site(tmp_path / "home", **settings) as site:
        pupil = await add_pupil(site)
        await became(site, pupil, "id-lea")
        await site.kiosk.db.write(
            lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-lea'")
        )
        ticked = [("learner", pupil.id), ("confirm", "1")]
        at = (await post(site.roy, f"{LIST}/passwords", ticked)).headers["Location"]
        assert '"zoe.lefevre0901"' in (await site.roy.get(f"{at}/csv")).data.decode()


async def handed_over(site: Site) -> str:
    ticked = [("learner", await lea_of(site)), ("confirm", "1")]
    return (await post(site.roy, f"{LIST}/passwords", ticked)).headers["Location"]


async def test_what_is_handed_over_is_its_makers_for_an_hour(site: Site) -> None:
    at = await handed_over(site)
    for rest in ("", "/slips", "/csv"):
        assert (await site.diaz.get(at + rest)).status == 404
        assert (await site.roy.get(at + rest)).status == 200
    site.clock.pass_s(3600)
    assert (await site.roy.get(f"{at}/slips")).status == 404


async def test_what_is_handed_over_is_forgotten_when_told(site: Site) -> None:
    at = await handed_over(site)
    assert (await post(site.diaz, f"{at}/drop", {})).status == 303
    assert (await site.roy.get(at)).status == 200
    assert (await post(site.roy, f"{at}/drop", {})).status == 303
    assert (await site.roy.get(at)).status == 404


async def test_missing_accounts_are_made_for_a_class_with_a_username_each(site: Site) -> None:
    made = [await add_pupil(site, first_name="Zoé", last_name="Lefèvre", division="6C") for _ in range(3)]
    await add_pupil(site, first_name="Autre", last_name="Classe", division="6D")
    assert "6C" in text_of(await site.roy.get(f"{LIST}/accounts"))
    done = await post(site.roy, f"{LIST}/accounts", {"group": "6C"})
    rows = (await site.roy.get(f"{done.headers['Location']}/csv")).data.decode().splitlines()[1:]
    usernames = {row.split(";")[3] for row in rows}
    assert len(usernames) == 3
    assert '"zoe.lefevre0901"' in usernames
    for learner in made:
        assert (await learner_of(site, learner)).person is not None
    again = await post(site.roy, f"{LIST}/accounts", {"group": "6C"})
    assert again.headers["Location"] == f"{LIST}?done=none"


async def test_ten_slips_a_sheet_and_no_sheet_mixes_two_classes(site: Site) -> None:
    for number in range(11):
        await add_pupil(site, last_name=f"A{number:02}", division="6C")
    made = await post(site.roy, f"{LIST}/accounts", {"group": "6C"})
    html = (await site.roy.get(f"{made.headers['Location']}/slips")).data.decode()
    sheets = html.split('<section class="paper')[1:]
    assert [sheet.count('<li class="slip">') for sheet in sheets] == [10, 1]


async def test_slips_name_the_organisation_they_are_made_for(site: Site) -> None:
    await add_pupil(site, OTHER, division="2A")
    made = await post(site.other_principal, f"{LIST}/accounts", {"group": "2A"})
    slips = text_of(await site.other_principal.get(f"{made.headers['Location']}/slips"))
    assert "Lycée des Marronniers" in slips


async def test_whoever_comes_by_a_code_with_a_slip_goes_on_to_the_code_with_a_password_of_their_own(
    site: Site,
) -> None:
    code = (await site.campaign())["code"]
    shown = await post(site.roy, f"{LIST}/{await lea_of(site)}/password", {})
    once = ONCE.findall(re.sub(r"<svg.*?</svg>", "", shown.data.decode(), flags=re.DOTALL))[0]
    fresh = site.client(None)
    form = {"username": "lea", "password": once, "next": f"/code/{code}"}
    asked = await post(fresh, "/sign-in", form)
    assert asked.headers["Location"] == f"/password?next=/code/{code}"
    assert (await fresh.get("/tutorials")).headers["Location"] == "/password?next=/tutorials"
    page = (await fresh.get(asked.headers["Location"])).data.decode()
    assert f'name="next" value="/code/{code}"' in page
    changed = {"current": once, "new": CHOSEN, "again": CHOSEN}
    assert (await post(fresh, "/password", {**changed, "next": f"/code/{code}"})).headers[
        "Location"
    ] == f"/code/{code}"


async def test_a_password_form_never_leads_elsewhere(site: Site) -> None:
    changed = {"current": PASSWORD, "new": CHOSEN, "again": CHOSEN, "next": "https://ailleurs.example/"}
    assert (await post(site.lea, "/password", changed)).headers["Location"] == "/"
