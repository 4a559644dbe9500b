"""A session in Safe Exam Browser: its file, and the check of a hash of an address that is used once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from lockdown_kit import guard_of, locked_day

from kiosk.actions import lockdown, seb
from kiosk.actions.seb import path_of
from kiosk.lockdown.seb_file import read_file
from kiosk.lockdown.seb_json import config_key, header_value

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import CandidatePage, Day
    from kiosk_site import Reply

ORIGIN = "https://preau.example:8443"
CONFIG, BROWSER = "X-SafeExamBrowser-ConfigKeyHash", "X-SafeExamBrowser-RequestHash"
OURS = "ab" * 32


async def the_key(day: Day) -> str:
    """Return the Config Key as the browser computes it from the file the principal downloads."""
    got = await day.site.diaz.get(f"/staff/sessions/{day.session.id}/seb?plain=1")
    assert got.status == 200
    return config_key(read_file(got.data))


async def nonce_path(page: CandidatePage) -> str:
    asked = await page.client.post(f"{page.api}/seb")
    assert asked.status == 200, asked.body
    return str(asked.body["path"])


async def shown(page: CandidatePage, path: str, key: str, origin: str = ORIGIN, **more: str) -> Reply:
    """Ask for an address as the browser does, with its hash."""
    headers = {CONFIG: header_value(origin + path, key), **more}
    return await page.client.get(path, headers=headers)


async def evidence(page: CandidatePage) -> tuple[bool, str]:
    found = await lockdown.evidence_of(page.day.site.kiosk, page.id, "seb")
    assert found is not None
    return found.holds, found.code


async def at_door(day: Day) -> CandidatePage:
    page = day.candidate("ines")
    assert (await page.arrive()).status == 303
    return page


async def give_code(page: CandidatePage) -> int:
    return (await page.form(f"/exam/{page.id}/code", {"code": page.day.session.code})).status


async def test_the_right_header_on_the_configured_address_lets_the_candidate_in(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key = await at_door(day), await the_key(day)
        assert await give_code(page) == 422
        answer = await shown(page, await nonce_path(page), key)
        assert (answer.status, answer.headers["Location"]) == (303, f"/exam/{page.id}")
        assert await evidence(page) == (True, f"header {key[:16]}")
        assert await give_code(page) == 303


async def test_a_hash_of_the_address_the_server_listens_on_is_not_one_of_its_public_address(
    tmp_path: Path,
) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key = await at_door(day), await the_key(day)
        here = str(day.site.server.make_url("")).rstrip("/")
        assert (await shown(page, await nonce_path(page), key, here)).status == 403
        assert await evidence(page) == (False, "header wrong")


async def test_wrong_missing_and_replayed_hashes_are_refused_and_written(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key = await at_door(day), await the_key(day)
        assert (await shown(page, await nonce_path(page), "0" * 64)).status == 403
        path = await nonce_path(page)
        bare = await page.client.get(path)
        assert bare.status == 200
        assert b"exam_seb.js" in bare.data, "a browser without headers may still answer by script"
        missing = await page.client.post(path, {"config": ""})
        assert (missing.status, await evidence(page)) == (403, (False, "script missing"))
        path = await nonce_path(page)
        assert (await shown(page, path, key)).status == 303
        assert (await shown(page, path, key)).status == 403
        assert await evidence(page) == (False, "header replayed")
        kinds = {one.code for one in await lockdown.refusals(day.site.kiosk, day.session.id)}
        assert kinds == {"seb_wrong", "seb_missing", "seb_replayed"}


async def test_a_browser_without_headers_proves_itself_by_its_script_interface(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key = await at_door(day), await the_key(day)
        path = await nonce_path(page)
        proof = {"config": header_value(ORIGIN + path, key), "version": "appMac_3.4"}
        assert (await page.client.post(path, proof)).body == {"proven": True}
        assert (await page.client.post(path, proof)).status == 403
        assert await give_code(page) == 303


async def test_a_nonce_is_one_candidates_own_and_old_after_two_minutes(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key = await at_door(day), await the_key(day)
        tom = day.candidate("tom")
        assert (await tom.arrive()).status == 303
        path = await nonce_path(page)
        nonce = path.rsplit("/", 1)[1]
        assert (await shown(tom, path, key)).status == 404
        assert (await shown(tom, path_of(tom.id, nonce), key)).status == 403
        day.site.clock.pass_s(121)
        assert (await shown(page, path, key)).status == 403
        assert (await shown(page, path_of(page.id, "f" * 32), key)).status == 403


async def test_listed_browser_keys_are_asked_for_besides(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key, kiosk = await at_door(day), await the_key(day), day.site.kiosk
        await seb.keep_browser_keys(kiosk, day.principal, day.session.id, ["cd" * 32, OURS.upper()])
        path = await nonce_path(page)
        assert (await shown(page, path, key)).status == 403
        path = await nonce_path(page)
        assert (
            await shown(page, path, key, **{BROWSER: header_value(ORIGIN + path, "ee" * 32)})
        ).status == 403
        path = await nonce_path(page)
        assert (await shown(page, path, key, **{BROWSER: header_value(ORIGIN + path, OURS)})).status == 303


async def test_a_browser_that_falls_silent_while_its_page_speaks_stops_the_candidate(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key = await at_door(day), await the_key(day)
        await shown(page, await nonce_path(page), key)
        assert await give_code(page) == 303
        await day.admit("ines")
        await page.begin()
        guard = guard_of(day)
        for _ in range(3):
            day.site.clock.pass_s(60)
            await page.beat()
            assert (await shown(page, await nonce_path(page), key)).status == 303
            await lockdown.sweep(day.site.kiosk, guard.watch, guard.seb)
        assert (await day.row("ines")).state == "in_progress"
        day.site.clock.pass_s(160)
        await page.beat()
        await lockdown.sweep(day.site.kiosk, guard.watch, guard.seb)
        assert (await day.row("ines")).state == "extension_missing"


async def test_another_browser_in_the_middle_of_a_test_stops_it_and_an_old_address_does_not(
    tmp_path: Path,
) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        page, key = await at_door(day), await the_key(day)
        path = await nonce_path(page)
        await shown(page, path, key)
        assert await give_code(page) == 303
        await day.admit("ines")
        await page.begin()
        assert (await shown(page, path, key)).status == 403
        assert (await day.row("ines")).state == "in_progress"
        assert (await shown(page, await nonce_path(page), "0" * 64)).status == 403
        assert (await day.row("ines")).state == "extension_missing"


async def test_the_file_and_its_passwords_are_the_principals_alone(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb", public_address=ORIGIN) as day:
        site, at = day.site, f"/staff/sessions/{day.session.id}"
        row = await seb.settings(site.kiosk, day.principal, day.session.id)
        locked = await site.diaz.get(f"{at}/seb")
        assert (
            read_file(locked.data, row.file_password)["startURL"]
            == f"{ORIGIN}/exam?number={day.session.number}"
        )
        shown_page = await site.diaz.get(f"{at}/lockdown")
        assert row.quit_password.encode() in shown_page.data
        for other, status in ((site.roy, 403), (site.lea, 403), (site.other_principal, 404)):
            for path in (f"{at}/seb", f"{at}/lockdown"):
                assert (await other.get(path)).status == status
        assert (await site.stranger.get(f"{at}/seb")).status == 303
        with_bad = await site.diaz.ask(
            "POST", f"{at}/lockdown", data={"browser_keys": "xyz"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert with_bad.status == 422


async def test_each_session_has_its_own_passwords(tmp_path: Path) -> None:
    async with locked_day(tmp_path, "seb") as day:
        first = await seb.settings(day.site.kiosk, day.principal, day.session.id)
        again = await seb.settings(day.site.kiosk, day.principal, day.session.id)
        assert first == again
        assert len({first.quit_password, first.file_password}) == 2
        assert min(map(len, (first.quit_password, first.file_password))) >= 14


@pytest.mark.parametrize("lockdown_mode", ["none", "extension"])
async def test_nonces_are_for_sessions_that_ask_for_this_browser(tmp_path: Path, lockdown_mode: str) -> None:
    mode = msgspec.convert(lockdown_mode, type=str)
    async with locked_day(tmp_path, mode) as day:  # type: ignore[arg-type] # one of the modes
        page = await at_door(day)
        assert (await page.client.post(f"{page.api}/seb")).status == 404
