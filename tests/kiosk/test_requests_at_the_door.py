"""What the door refuses before any act: foreign pages, large or malformed bodies, unknown addresses, other hosts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp.web import AppRunner, TCPSite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kiosk_site import Pupil, Site, open_site

from kiosk import body
from kiosk.app import build_app
from kiosk.language import accepted
from kiosk.logins import form_token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
async def test_an_unsafe_request_must_come_from_our_own_pages(
    site: Site, headers: dict[str, str], status: int
) -> None:
    reply = await site.lea.ask("PUT", "/api/v1/me/display", json={"size": "large"}, headers=headers)
    assert reply.status == status
    if status == 403:
        assert reply.code == "request.foreign"


async def test_our_own_origin_is_enough_without_fetch_metadata(site: Site) -> None:
    headers = {"Origin": site.lea.base}
    assert (await site.lea.ask("PUT", "/api/v1/me/display", json={}, headers=headers)).status == 200


async def test_a_bare_form_needs_the_token_of_its_login(site: Site) -> None:
    kiosk = site.kiosk
    path = "/api/v1/logout"
    assert (await site.lea.ask("POST", path, data={"token": "guess"})).code == "request.foreign"
    cookie = next(iter(site.lea.session.cookie_jar)).value
    login = await kiosk.logins.find(cookie, site.clock.now_ms())
    assert login is not None
    assert (await site.lea.ask("POST", path, data={"token": form_token(login)})).status == 200


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", JSON, 400, "request.malformed"),
        (b"\xff\xfe", JSON, 400, "request.malformed"),
        (b"[" * 50_000, JSON, 400, None),
        (b'{"code": 3}', JSON, 400, "request.wrong_shape"),
        (b"{}", JSON, 400, "request.wrong_shape"),
        (b'{"code": "%s"}' % (b"A" * 70_000), JSON, 413, "request.too_large"),
        (b'{"code": "x"}', {"Content-Type": "application/xml"}, 415, "request.not_json"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    site: Site, body: bytes, headers: dict[str, str], status: int, code: str | None
) -> None:
    reply = await site.lea.ask("POST", "/api/v1/participations", data=body, headers=headers)
    assert reply.status == status
    assert code is None or reply.code == code


async def test_a_chunked_body_is_bounded_too(site: Site) -> None:
    async def chunks() -> object:
        for _ in range(80):
            yield b" " * 1024

    reply = await site.lea.ask("POST", "/api/v1/participations", data=chunks(), headers=JSON)
    assert reply.status == 413


async def stalled() -> AsyncIterator[bytes]:
    """Yield the beginning of a body, and nothing more for as long as anybody waits."""
    yield b" "
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/api/v1/login", "application/json"), ("/sign-in", "application/x-www-form-urlencoded")],
)
async def test_a_body_that_does_not_arrive_is_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    monkeypatch.setattr(body, "SHORT_S", 0.05)
    headers = {"Content-Type": kind, "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
    reply = await site.stranger.ask("POST", path, data=stalled(), headers=headers)
    assert reply.status == 408
    assert b"too long to arrive" in reply.data


async def test_an_unknown_address_is_a_404_as_json_or_as_a_page(site: Site) -> None:
    assert (await site.lea.get("/api/v1/nothing")).code == "page.unknown"
    page = await site.lea.get("/nothing")
    assert page.status == 404
    assert b"<html" in page.data
    assert "Content-Security-Policy" in page.headers


async def test_a_method_an_address_does_not_take_is_a_405_that_names_those_it_does(site: Site) -> None:
    reply = await site.lea.ask("DELETE", "/api/v1/me")
    assert (reply.status, reply.code) == (405, "request.method")
    assert "GET" in reply.headers["Allow"]


async def test_a_page_sends_a_stranger_to_sign_in_and_back(site: Site) -> None:
    reply = await site.stranger.get("/participations/abc/question?x=1")
    assert reply.status == 303
    assert reply.headers["Location"] == "/sign-in?next=/participations/abc/question%3Fx%3D1"


async def test_other_host_names_are_refused_when_some_are_listed(tmp_path: Path) -> None:
    async with open_site(tmp_path, allowed_hosts=("preau.local",)) as site:
        assert (await site.stranger.get("/api/v1/me")).code == "request.host"
        headers = {"Host": "preau.local:8080"}
        assert (await site.stranger.get("/api/v1/me", headers=headers)).code == "login.needed"


async def test_a_page_closed_in_the_middle_of_what_it_sends_is_no_fault_of_the_server(
    site: Site, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    runner = AppRunner(build_app(site.kiosk), access_log=None)  # unlike a TestServer, it lets handlers end
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0])
    writer.write(b"POST /api/v1/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n")
    writer.write(b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 100")
    writer.write(b'{"username": "')
    writer.close()
    await writer.wait_closed()
    statuses = site.kiosk.metrics.statuses
    async with asyncio.timeout(10):
        while not statuses[400] and not statuses[500]:  # noqa: ASYNC110 - nobody is told: there is nobody left
            await asyncio.sleep(0)
    await runner.cleanup()
    assert not statuses[500]
    assert "request failed" not in capsys.readouterr().out
    assert "request failed" not in caplog.text


async def test_metrics_and_health_say_how_the_server_is(site: Site) -> None:
    assert (await site.stranger.get("/health")).body["status"] == "ok"
    text = (await site.stranger.get("/metrics")).data.decode()
    assert "preau_requests_total" in text
    assert "Moreau" not in text


async def test_every_reply_carries_the_security_headers(site: Site) -> None:
    for path in ("/api/v1/me", "/health", "/sign-in", "/nothing"):
        headers = (await site.stranger.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


async def test_the_refusal_is_in_the_language_of_the_browser_until_one_is_chosen(site: Site) -> None:
    headers = {"Accept-Language": "en-GB,en;q=0.8,fr;q=0.5"}
    reply = await site.stranger.get("/api/v1/me", headers=headers)
    assert reply.body["error"]["message"] == "You need to sign in to go on."
    reply = await site.stranger.get("/api/v1/me", headers={**headers, "Cookie": "preau-lang=fr"})
    assert reply.body["error"]["message"].startswith("Il faut")


def test_languages_are_read_in_order_of_preference() -> None:
    assert accepted("de,en;q=0.7,fr;q=0.9") == "fr"
    assert accepted("en") == "en"
    assert accepted("") == "fr"


@given(st.text(max_size=300))
def test_any_language_header_gives_a_language(header: str) -> None:
    assert accepted(header) in {"fr", "en"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


async def test_no_answer_body_ever_breaks_the_server(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        pupil = await Pupil(site.lea, await site.joined()).take()
        bodies: list[object] = []

        @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
        @given(
            st.fixed_dictionaries(
                {"number": JSON_VALUES | st.just(1), "key": JSON_VALUES, "answer": JSON_VALUES},
                optional={"epoch": JSON_VALUES | st.just(1)},
            )
        )
        def collect(body: object) -> None:
            bodies.append(body)

        collect()
        for body in bodies:
            reply = await pupil.client.post(f"{pupil.at}/answers", body)
            assert reply.status in {200, 400, 409, 413, 422}, (body, reply.body)
