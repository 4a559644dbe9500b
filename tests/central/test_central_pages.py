"""What an officer sees, and what nobody else does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from central_kit import UAI, Pupils, trail_of
from central_room import PASSWORD

from exam.events import Graded
from web.security import POLICY

if TYPE_CHECKING:
    from central_room import Central

    from exam.events import Event

OFFICERS_PAGES = ("/", "/failures", "/waiting", "/schools/new", "/schools/s-0123456789abcdef", "/display")


@pytest.mark.parametrize("path", OFFICERS_PAGES)
async def test_a_stranger_is_sent_to_the_sign_in_page(central: Central, path: str) -> None:
    reply = await central.client.get(path, allow_redirects=False)
    assert (reply.status, reply.headers["Location"]) == (303, f"/login?next={path}")


@pytest.mark.parametrize("path", ["/schools", "/display", "/logout"])
async def test_a_stranger_posts_nothing(central: Central, path: str) -> None:
    assert (await central.post(path, uai=UAI, name="Collège")).status == 401


async def test_a_wrong_password_and_an_unknown_name_are_refused_with_the_same_words(central: Central) -> None:
    wrong, unknown = await central.sign_in("faux"), await central.sign_in(PASSWORD, "personne")
    assert (wrong.status, unknown.status) == (401, 401)
    assert (await wrong.text()).replace("helene", "personne") == await unknown.text()


async def test_wrong_passwords_are_throttled_even_for_the_right_one_after(central: Central) -> None:
    for _ in range(6):
        assert (await central.sign_in("faux")).status == 401
    assert (await central.sign_in()).status == 429
    central.clock.now += 16 * 60_000
    assert (await central.sign_in()).status == 303


async def test_wrong_passwords_all_at_once_are_throttled_like_those_one_after_the_other(
    central: Central,
) -> None:
    replies = await asyncio.gather(*[central.sign_in("faux") for _ in range(20)])
    assert sorted(reply.status for reply in replies) == [401] * 6 + [429] * 14


async def test_right_passwords_do_not_use_up_the_tries_of_their_address(central: Central) -> None:
    for _ in range(32):
        assert (await central.sign_in()).status == 303


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(central: Central) -> None:
    cookie = (await central.sign_in()).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_a_login_ends_when_left_alone(central: Central) -> None:
    await central.sign_in()
    central.clock.now += 5 * 3_600_000
    assert (await central.client.get("/", allow_redirects=False)).status == 303


async def test_signing_out_ends_the_login_on_the_server(central: Central) -> None:
    await central.sign_in()
    cookies = {cookie.key: cookie.value for cookie in central.client.session.cookie_jar}
    assert (await central.post("/logout")).headers["Location"] == "/login"
    assert (await central.client.get("/", cookies=cookies, allow_redirects=False)).status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://ailleurs.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    ],
)
async def test_another_site_cannot_post_for_an_officer(central: Central, headers: dict[str, str]) -> None:
    await central.sign_in()
    data = {"token": central.form_token, "uai": UAI, "name": "Collège"}
    assert (await central.client.post("/schools", data=data, headers=headers)).status == 403


async def test_a_form_without_its_token_is_refused(central: Central) -> None:
    await central.sign_in()
    assert (await central.post("/schools", token="", uai=UAI, name="Collège")).status == 403


async def test_going_on_after_signing_in_never_leaves_this_server(central: Central) -> None:
    for ahead in ("https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example", "ailleurs"):
        reply = await central.post("/login", username="helene", password=PASSWORD, next=ahead)
        assert reply.headers["Location"] == "/"
        central.client.session.cookie_jar.clear()


async def test_a_code_is_made_shown_once_and_works(central: Central) -> None:
    await central.sign_in()
    page = await (await central.post("/schools", uai=UAI.lower(), name="Collège des Tilleuls")).text()
    code = page.partition(" --code ")[2].partition("<")[0]
    assert code not in await central.page("/")
    reply = await central.client.post("/api/v1/enrolments", json=Pupils().enrolment(code))
    assert reply.status == 200


@pytest.mark.parametrize(
    ("uai", "name"), [("0750001A", "Collège"), ("", "Collège"), (UAI, "  "), (UAI, "x" * 201)]
)
async def test_a_wrong_school_is_refused_and_what_was_typed_is_kept(
    central: Central, uai: str, name: str
) -> None:
    await central.sign_in()
    reply = await central.post("/schools", uai=uai, name=name)
    text = await reply.text()
    assert (reply.status, 'aria-invalid="true"' in text) == (422, True)
    assert f'value="{name}"' in text


async def test_schools_with_a_failure_come_first(central: Central) -> None:
    await central.add_bank()
    good, bad = Pupils("aaa"), Pupils("zzz")
    await central.enrol(good)
    await central.enrol(bad)
    await central.send(good.participation("p-1"))
    await central.send(bad.participation("p-2", wrongly_graded("p-2")))
    await central.sign_in()
    page = await central.page("/")
    assert page.index(bad.site) < page.index(good.site)
    assert "1 copie ne se rejoue pas" in page
    assert "p-2" in await central.page("/failures")


def wrongly_graded(participation: str) -> list[Event]:
    """Return a trail whose third grade says the contrary."""
    told = list(trail_of(participation))
    place = [index for index, event in enumerate(told) if isinstance(event, Graded)][2]
    graded = told[place]
    assert isinstance(graded, Graded)
    told[place] = Graded(graded.number, "ko" if graded.outcome == "ok" else "ok")
    return told


async def test_a_failed_copy_shows_its_first_differing_step(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    await central.send(school.participation("p-2", wrongly_graded("p-2")))
    await central.sign_in()
    page = await central.page(f"/schools/{school.site}/participations/p-2")
    assert "Première différence à l’étape 3." in page
    assert "notée autrement que par les règles" in page
    assert page.count('class="lit"') == 2
    assert page.count('class="bad"') == 1


async def test_a_long_list_is_shown_page_by_page(central: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.central.store.participations.PAGE", 2)
    school = await central.enrol()
    await central.send(*(school.participation(f"p-{number}") for number in range(5)))
    await central.sign_in()
    pages = [await central.page(f"/waiting?page={number}") for number in (1, 2, 3)]
    assert [page.count("/participations/p-") for page in pages] == [2, 2, 1]
    assert ["page=3" in page for page in pages] == [False, True, False]
    assert await central.page("/waiting?page=nonsense") == pages[0]


async def test_the_signed_record_is_handed_over_byte_for_byte(central: Central) -> None:
    school = await central.enrol()
    line = school.participation("p-1")
    await central.send(line)
    await central.sign_in()
    page = await central.page(f"/schools/{school.site}/participations/p-1")
    path = page.partition(f'href="/schools/{school.site}/records/')[2].partition('"')[0]
    reply = await central.client.get(f"/schools/{school.site}/records/{path}")
    assert await reply.read() == line


@pytest.mark.parametrize("tail", ["participations/nobody", "records/" + "0" * 64, "participations/%00"])
async def test_what_is_not_there_is_a_page_that_says_so(central: Central, tail: str) -> None:
    school = await central.enrol()
    await central.sign_in()
    reply = await central.client.get(f"/schools/{school.site}/{tail}")
    assert (reply.status, "plate" in await reply.text()) == (404, True)


async def test_pages_speak_the_language_the_officer_chose(central: Central) -> None:
    await central.sign_in()
    await central.post("/display", lang="en", theme="dark", face="nonsense")
    page = await central.page("/")
    assert '<html lang="en" data-theme="dark" data-face="atkinson"' in page
    assert "Add a school" in page


async def test_every_reply_carries_the_strict_policy_and_personal_pages_are_not_kept(
    central: Central,
) -> None:
    await central.sign_in()
    for path in ("/", "/login", "/health", "/nowhere"):
        reply = await central.client.get(path, allow_redirects=False)
        assert reply.headers["Content-Security-Policy"].startswith(f"default-src {POLICY['default-src']}")
        assert reply.headers["Cache-Control"] == "no-store"


async def test_a_machine_that_asks_wrongly_is_told_in_json(central: Central) -> None:
    reply = await central.client.get("/api/v1/records")
    assert (reply.status, (await reply.json())["error"]["code"]) == (405, "page.wrong_method")


async def test_the_health_page_says_nothing_of_schools(central: Central) -> None:
    await central.enrol()
    assert set(await (await central.client.get("/health")).json()) == {"status", "key"}
