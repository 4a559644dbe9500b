"""Signing in at an identity provider that really answers over HTTP: whom it names is let in, whatever lies is refused."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from identity_provider import CLIENT, PERSON, SECRET, Provider, identity_provider, query_of
from joserfc.jwk import OctKey, RSAKey
from kiosk_site import PASSWORD, FrozenClock, open_site
from pupil_room import ZOE, add_pupil, learner_of, post, text_of

from kiosk.providers.visitor import Visitor
from kiosk.store import visits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk_site import Client, Reply, Site

PUBLIC = "https://preau.test"


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[Provider]:
    async with identity_provider() as running:
        yield running


@asynccontextmanager
async def school(folder: Path, provider: Provider) -> AsyncIterator[Site]:
    clock = FrozenClock()
    provider.now_s = clock.now_ms() // 1000
    settings: dict[str, Any] = {
        "public_address": PUBLIC,
        "oidc_issuer": provider.url,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "cas_url": f"{provider.url}/cas",
        "cas_subject": "IDO",
    }
    async with open_site(folder / "home", clock=clock, **settings) as site:
        yield site


@pytest_asyncio.fixture
async def site(tmp_path: Path, provider: Provider) -> AsyncIterator[Site]:
    async with school(tmp_path, provider) as opened:
        yield opened


async def sent_back(client: Client, way: str, following: str = "/") -> str:
    """Leave for the provider, sign in there, and return the path the browser is sent back to."""
    left = await client.get(f"/sign-in/{way}?next={following}")
    assert left.status == 303, left.data
    async with client.session.get(left.headers["Location"], allow_redirects=False) as reply:
        address = reply.headers["Location"]
    assert address.startswith(PUBLIC)
    return address.removeprefix(PUBLIC)


async def arrive(client: Client, way: str) -> Reply:
    return await client.get(await sent_back(client, way))


async def knows_lea(site: Site, provider: Provider, way: str) -> None:
    name = f"oidc {provider.url}" if way == "oidc" else f"cas {provider.url}/cas"
    visitor = Visitor(name, PERSON["sub"], "Zoé", "Lefèvre")
    await site.kiosk.db.write(lambda tx: visits.add_identity(tx, visitor, "id-lea", 0))


@pytest.mark.parametrize("way", ["oidc", "cas"])
async def test_whom_the_provider_names_and_we_know_is_signed_in(
    site: Site, provider: Provider, way: str
) -> None:
    await knows_lea(site, provider, way)
    reply = await arrive(site.stranger, way)
    assert reply.status == 200
    assert 'content="0;url=/"' in reply.data.decode()
    assert (await site.stranger.get("/api/v1/me")).body["person"]["id"] == "id-lea"


@pytest.mark.parametrize("way", ["oidc", "cas"])
async def test_a_newcomer_gives_a_birth_date_and_is_the_pupil_of_the_list(site: Site, way: str) -> None:
    pupil = await add_pupil(site)
    assert "url=/sign-in/first" in (await arrive(site.stranger, way)).data.decode()
    assert "Zoé Lefèvre" in text_of(await site.stranger.get("/sign-in/first"))
    wrong = await post(site.stranger, "/sign-in/first", {"birth_date": "2011-01-10"})
    assert wrong.status == 404
    joined = await post(site.stranger, "/sign-in/first", {"birth_date": ZOE["birth_date"]})
    assert (joined.status, joined.headers["Location"]) == (303, "/")
    assert (await learner_of(site, pupil)).person is not None
    again = site.client(None)
    await arrive(again, way)
    assert (await again.get("/api/v1/me")).body["person"]["last_name"] == "Lefèvre"


async def test_a_newcomer_who_has_an_account_ties_it_by_its_password(site: Site) -> None:
    await arrive(site.stranger, "oidc")
    wrong = await post(site.stranger, "/sign-in/first", {"username": "tom", "password": "no"})
    assert wrong.status == 401
    tied = await post(site.stranger, "/sign-in/first", {"username": "tom", "password": PASSWORD})
    assert tied.status == 303
    again = site.client(None)
    await arrive(again, "oidc")
    assert (await again.get("/api/v1/me")).body["person"]["id"] == "id-tom"


async def test_a_newcomer_whose_pupil_has_an_account_is_sent_to_it(site: Site) -> None:
    pupil = await add_pupil(site)
    await site.kiosk.db.write(
        lambda tx: (
            tx.execute("UPDATE learners SET person = NULL WHERE person = 'id-tom'"),
            tx.execute("UPDATE learners SET person = 'id-tom' WHERE id = ?", (pupil.id,)),
        )
    )
    await arrive(site.stranger, "oidc")
    refused = await post(site.stranger, "/sign-in/first", {"birth_date": ZOE["birth_date"]})
    assert (refused.status, "S52" in text_of(refused)) == (409, True)


async def test_names_the_token_lacks_are_asked_of_the_provider(site: Site, provider: Provider) -> None:
    provider.names_in_token = False
    await arrive(site.stranger, "oidc")
    assert "Zoé Lefèvre" in text_of(await site.stranger.get("/sign-in/first"))


OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})
LIES: dict[str, dict[str, object]] = {
    "another nonce": {"lies": {"nonce": "not ours"}},
    "no nonce": {"lies": {"nonce": None}},
    "another audience": {"lies": {"aud": "another-app"}},
    "an audience among others, for another party": {"lies": {"aud": [CLIENT, "x"], "azp": "x"}},
    "another issuer": {"lies": {"iss": "https://elsewhere.example"}},
    "expired": {"lies": {"exp": 1_600_000_000}},
    "from the future": {"lies": {"iat": 2_600_000_000, "exp": 2_600_000_300}},
    "another signature": {"signer": OTHER_KEY},
    "signed with a shared secret": {
        "signer": OctKey.import_key("a shared secret of thirty-two bytes"),
        "algorithm": "HS256",
    },
    "somebody else on the page about them": {
        "names_in_token": False,
        "userinfo": {"sub": "another", "given_name": "A", "family_name": "B"},
    },
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_a_token_that_does_not_hold_lets_nobody_in(
    site: Site, provider: Provider, lie: dict[str, object]
) -> None:
    await knows_lea(site, provider, "oidc")
    for name, value in lie.items():
        setattr(provider, name, value)
    assert (await arrive(site.stranger, "oidc")).status == 403
    assert (await site.stranger.get("/api/v1/me")).status == 401


async def test_a_state_serves_once_even_with_another_code(site: Site, provider: Provider) -> None:
    await knows_lea(site, provider, "oidc")
    path = await sent_back(site.stranger, "oidc")
    assert (await site.stranger.get(path)).status == 200
    assert (await site.stranger.get(path)).status == 403


async def test_a_state_serves_only_in_the_browser_it_was_made_for(site: Site, provider: Provider) -> None:
    await knows_lea(site, provider, "oidc")
    path = await sent_back(site.stranger, "oidc")
    assert (await site.client(None).get(path)).status == 403


async def test_a_state_nobody_made_or_too_old_is_refused(site: Site, provider: Provider) -> None:
    await knows_lea(site, provider, "oidc")
    assert (await site.stranger.get("/sign-in/oidc/back?code=x&state=y")).status == 403
    path = await sent_back(site.stranger, "oidc")
    site.clock.pass_s(601)
    assert (await site.stranger.get(path)).status == 403


async def test_a_state_of_one_way_is_no_good_for_the_other(site: Site) -> None:
    state = query_of(await sent_back(site.stranger, "oidc"))["state"]
    assert (await site.stranger.get(f"/sign-in/cas/back?ticket=ST-1&state={state}")).status == 403


@pytest.mark.parametrize(
    "body",
    [
        "not xml",
        "<authenticationSuccess><user>x</user></authenticationSuccess>",
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        '<cas:serviceResponse xmlns:cas="http://x"><cas:authenticationSuccess/></cas:serviceResponse>',
    ],
)
async def test_a_validation_that_is_not_one_lets_nobody_in(site: Site, provider: Provider, body: str) -> None:
    await knows_lea(site, provider, "cas")
    provider.cas_body = body
    assert (await arrive(site.stranger, "cas")).status == 403


async def test_a_forged_or_reused_ticket_is_refused(site: Site, provider: Provider) -> None:
    await knows_lea(site, provider, "cas")
    state = query_of(await sent_back(site.stranger, "cas"))["state"]
    forged = await site.stranger.get(f"/sign-in/cas/back?state={state}&ticket=ST-{secrets.token_hex(8)}")
    assert forged.status == 403
    assert (await site.stranger.get("/api/v1/me")).status == 401


async def test_a_silent_provider_is_said_and_another_way_offered(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "public_address": PUBLIC,
        "oidc_issuer": "http://127.0.0.1:9",
        "oidc_client_id": CLIENT,
    }
    async with open_site(tmp_path / "home", **settings) as site:
        reply = await site.stranger.get("/sign-in/oidc")
        assert (reply.status, "ne répond pas" in text_of(reply)) == (503, True)


async def test_a_provider_over_plain_http_elsewhere_is_never_asked(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "public_address": PUBLIC,
        "oidc_issuer": "http://idp.example",
        "oidc_client_id": CLIENT,
    }
    async with open_site(tmp_path / "home", **settings) as site:
        assert (await site.stranger.get("/sign-in/oidc")).status == 403


async def test_without_settings_there_is_no_such_way_in(tmp_path: Path) -> None:
    async with open_site(tmp_path / "home") as site:
        assert (await site.stranger.get("/sign-in/oidc")).status == 404
        assert "/sign-in/oidc" not in (await site.stranger.get("/sign-in")).data.decode()


async def test_a_stranger_who_begins_thousands_of_sign_ins_does_not_keep_the_others_out(
    site: Site, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "VISITS_MOST", 3)
    await knows_lea(site, provider, "oidc")
    for _ in range(4):
        assert (await site.stranger.get("/sign-in/oidc?next=/")).status == 303
    browser = site.client(None)
    await arrive(browser, "oidc")
    assert (await browser.get("/api/v1/me")).body["person"]["id"] == "id-lea"
    kept = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT count(*) FROM provider_visits").fetchone()
    )
    assert kept[0] <= 3
