"""Signing in: the right password, the wrong one, too many of them, and what a login is worth."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest
from kiosk_site import PASSWORD, FrozenClock, Site, open_site

from kiosk.actions.accounts import NewPerson, add_account
from kiosk.actions.throttle import BASE_MS, LONGEST_MS, block_ms
from kiosk.logins import Login, LoginCache
from kiosk.store import people

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Client, Reply


async def sign_in(client: Client, username: str, password: str) -> Reply:
    return await client.post("/api/v1/login", {"username": username, "password": password})


async def test_the_right_password_opens_a_login_that_lasts_and_ends(site: Site) -> None:
    reply = await sign_in(site.stranger, " LEA ", PASSWORD)
    assert reply.status == 200
    assert reply.body["person"]["first_name"] == "Léa"
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert (await site.stranger.get("/api/v1/me")).body["person"]["role"] == "pupil"
    assert (await site.stranger.post("/api/v1/logout")).status == 200
    assert (await site.stranger.get("/api/v1/me")).status == 401


async def test_the_cookie_rests_nowhere_on_the_server(site: Site) -> None:
    reply = await sign_in(site.stranger, "lea", PASSWORD)
    secret = reply.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    for path in site.home.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()


async def test_a_wrong_password_and_an_unknown_name_are_refused_alike(site: Site) -> None:
    wrong = await sign_in(site.stranger, "lea", "not this one")
    unknown = await sign_in(site.stranger, "nobody", "not this one")
    assert (wrong.status, wrong.code) == (401, "login.wrong")
    assert (unknown.status, unknown.body) == (wrong.status, wrong.body)


@pytest.mark.parametrize("username", ["lea", "nobody"])
async def test_ten_wrong_passwords_block_the_account_even_for_the_right_one(
    tmp_path: Path, username: str
) -> None:
    clock = FrozenClock()
    async with open_site(tmp_path, clock=clock) as site:
        for _ in range(10):
            assert (await sign_in(site.stranger, username, "no")).status == 401
        blocked = await sign_in(site.stranger, username, PASSWORD)
        assert (blocked.status, blocked.code) == (429, "login.throttled")
        assert blocked.headers["Retry-After"] == "120"
    async with open_site(tmp_path, clock=clock) as site:  # a restart forgives nothing
        assert (await sign_in(site.stranger, username, PASSWORD)).status == 429
        clock.pass_s(121)
        assert (await sign_in(site.stranger, username, PASSWORD)).status == (
            200 if username == "lea" else 401
        )


async def test_wrong_passwords_all_at_once_are_counted_as_those_one_after_the_other(site: Site) -> None:
    tries = [sign_in(site.stranger, "lea", f"guess {n}") for n in range(30)]
    assert sorted(reply.status for reply in await asyncio.gather(*tries)) == [401] * 10 + [429] * 20
    blocked = await sign_in(site.stranger, "lea", PASSWORD)
    assert blocked.headers["Retry-After"] == "120", "what was refused unread does not make the block longer"


async def test_the_right_current_password_forgives_its_own_try(site: Site) -> None:
    body = {"current": PASSWORD, "new": "court"}
    for _ in range(12):
        assert (await site.lea.post("/api/v1/me/password", body)).code == "password.too_weak"


def test_a_block_starts_at_two_minutes_and_doubles_up_to_a_day() -> None:
    assert block_ms(9, 10) == 0
    assert [block_ms(n, 10) for n in (10, 11, 12)] == [BASE_MS, 2 * BASE_MS, 4 * BASE_MS]
    assert block_ms(500, 10) == LONGEST_MS


async def test_a_login_expires_after_its_hours(site: Site) -> None:
    assert (await site.lea.get("/api/v1/me")).status == 200
    site.clock.pass_s(12 * 3600)
    assert (await site.lea.get("/api/v1/me")).code == "login.needed"


async def test_a_closed_account_is_out_within_a_minute_and_cannot_sign_in(site: Site) -> None:
    assert (await site.lea.get("/api/v1/me")).status == 200
    await site.kiosk.db.write(lambda tx: people.set_disabled(tx, "id-lea", disabled=True))
    site.clock.pass_s(60)
    assert (await site.lea.get("/api/v1/me")).status == 401
    assert (await sign_in(site.stranger, "lea", PASSWORD)).code == "login.wrong"


async def test_a_one_time_password_must_be_changed_before_anything_else(site: Site) -> None:
    _, once = await add_account(site.kiosk, NewPerson("zoe", "Zoé", "Petit", "pupil", "5B"))
    assert once is not None
    signed = await sign_in(site.stranger, "zoe", once)
    assert signed.body["person"]["must_change"] is True
    refused = await site.stranger.get("/api/v1/participations")
    assert (refused.status, refused.code) == (403, "password.must_change")
    changed = await site.stranger.post("/api/v1/me/password", {"current": once, "new": "Lune-velours-9"})
    assert changed.status == 200
    assert (await site.stranger.get("/api/v1/participations")).status == 200


@pytest.mark.parametrize(
    ("current", "new", "code"),
    [
        ("not mine", "Lune-velours-9", "password.wrong_current"),
        (PASSWORD, "short", "password.too_weak"),
        (PASSWORD, "Xx1" * 67, "password.too_long"),
        (PASSWORD, PASSWORD, "password.unchanged"),
    ],
)
async def test_a_password_that_breaks_a_rule_changes_nothing(
    site: Site, current: str, new: str, code: str
) -> None:
    refused = await site.lea.post("/api/v1/me/password", {"current": current, "new": new})
    assert (refused.status, refused.code) == (422, code)
    assert (await sign_in(site.stranger, "lea", PASSWORD)).status == 200


async def test_changing_the_password_ends_the_other_logins(site: Site) -> None:
    other = await site.sign_in("lea")
    changed = await site.lea.post("/api/v1/me/password", {"current": PASSWORD, "new": "Lune-velours-9"})
    assert changed.status == 200
    assert (await site.lea.get("/api/v1/me")).status == 200
    assert (await other.get("/api/v1/me")).status == 401


async def test_how_pages_look_follows_the_person(site: Site) -> None:
    changed = await site.lea.ask("PUT", "/api/v1/me/display", json={"lang": "en", "theme": "dark"})
    assert changed.body["person"]["display"] == {"theme": "dark", "face": "atkinson", "size": "normal"}
    again = await site.sign_in("lea")
    assert (await again.get("/api/v1/me")).body["person"]["lang"] == "en"
    refused = await again.ask("PUT", "/api/v1/me/display", json={"theme": "pink"})
    assert (refused.status, refused.body["error"]["field"]) == (400, "theme")
    assert refused.body["error"]["message"].startswith("The request")


async def test_what_changed_while_a_login_was_being_read_is_seen_at_the_next_request(site: Site) -> None:
    roy = site.roy.person
    assert roy is not None
    before = Login("l", b"digest", roy, site.clock.now_ms() + 1000)
    now_out = msgspec.structs.replace(before, person=msgspec.structs.replace(roy, organisation=None))
    read, reading, go_on = [before, now_out], asyncio.Event(), asyncio.Event()

    async def load(digest: bytes) -> Login:
        reading.set()
        await go_on.wait()
        return read.pop(0)

    logins = LoginCache(load)
    first = asyncio.create_task(logins.by_digest(b"digest", site.clock.now_ms()))
    await reading.wait()
    logins.forget_person(roy.id)
    go_on.set()
    await first
    assert await logins.by_digest(b"digest", site.clock.now_ms()) == now_out
