"""Mail leaves through a real SMTP server, waits when it cannot, and never keeps what it said."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from kiosk_site import PASSWORD, open_site
from mail_server import ACCOUNT, SECRET, Post, mail_server
from pupil_room import CHOSEN, ZOE, add_pupil, became, post, text_of

from kiosk.config import Config
from kiosk.lan.ca import ensure_tls
from kiosk.mail import RETRIES_MS, TryLater, Undeliverable, send, send_due
from kiosk.store import credentials, mails
from kiosk.store.mails import Mail

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from kiosk_site import Client, Reply, Site

BY_HAND = {"public_address": ""}
"""Without an address of its own a server looks at its queue only when told to."""
HELLO = Mail("lea@example.org", "Bonjour", "Un été à l’abri : œuvre.\n.\nfin\n")


def settings(port: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - settings of several types
    return {
        "public_address": "https://preau.test",
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "preau@ecole.test",
        **more,
    }


@pytest.fixture
def office() -> Iterator[Post]:
    with mail_server() as running:
        yield running


@asynccontextmanager
async def school(folder: Path, port: int, **more: str) -> AsyncIterator[Site]:
    async with open_site(folder / "home", **settings(port, **more)) as site:
        yield site


def test_a_mail_arrives_as_it_was_written(tmp_path: Path, office: Post) -> None:
    send(Config(home=tmp_path, **settings(office.port)), HELLO)
    (letter,) = office.letters
    assert (letter.sender, letter.to) == ("preau@ecole.test", ["lea@example.org"])
    assert letter.message["Subject"] == "Bonjour"
    assert letter.text.replace("\r\n", "\n") == HELLO.text


def test_the_way_is_private_when_the_settings_say_so(tmp_path: Path) -> None:
    context = ensure_tls(tmp_path, ["localhost"], [], datetime.now(UTC))
    trusted = settings(0, smtp_security="tls", provider_ca=str(tmp_path / "tls" / "ca.crt"))
    with mail_server(context) as running:
        here = {**trusted, "smtp_port": running.port, "smtp_host": "localhost"}
        send(Config(home=tmp_path, **here), HELLO)
        with pytest.raises(TryLater):
            send(Config(home=tmp_path, **{**here, "provider_ca": ""}), HELLO)
    assert len(running.letters) == 1


def test_a_server_that_offers_no_privacy_gets_no_mail(tmp_path: Path, office: Post) -> None:
    with pytest.raises(TryLater):
        send(Config(home=tmp_path, **settings(office.port, smtp_security="starttls")), HELLO)
    assert office.letters == []


@pytest.mark.parametrize(("secret", "arrives"), [(SECRET, True), ("wrong", False)])
def test_the_account_of_the_settings_is_used(tmp_path: Path, secret: str, *, arrives: bool) -> None:
    with mail_server(account=True) as running:
        config = Config(home=tmp_path, **settings(running.port, smtp_username=ACCOUNT, smtp_password=secret))
        if arrives:
            send(config, HELLO)
        else:
            with pytest.raises(TryLater):
                send(config, HELLO)
    assert len(running.letters) == int(arrives)


@pytest.mark.parametrize(("verdict", "raised"), [("550 nobody here", Undeliverable), ("451 later", TryLater)])
def test_never_is_believed_and_later_is_tried_again(
    tmp_path: Path, office: Post, verdict: str, raised: type[Exception]
) -> None:
    office.verdict = verdict
    with pytest.raises(raised):
        send(Config(home=tmp_path, **settings(office.port)), HELLO)


@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_line_break_cannot_add_a_header(tmp_path: Path, office: Post, field: str) -> None:
    forged = Mail(**{"to": "a@b.fr", "subject": "s", "text": "t", field: "a@b.fr\nBcc: all@b.fr"})
    with pytest.raises(Undeliverable):
        send(Config(home=tmp_path, **settings(office.port)), forged)


async def state(site: Site) -> tuple[str, str, int]:
    row: tuple[str, str, int] = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT state, text, tries FROM mails").fetchone()
    )
    return row


async def test_a_mail_waits_for_a_server_that_comes_back_and_forgets_what_it_said(tmp_path: Path) -> None:
    with mail_server() as office:
        async with school(tmp_path, office.port, **BY_HAND) as site:
            office.verdict = "451 later"
            await site.kiosk.db.write(lambda tx: mails.add(tx, HELLO, site.clock.now_ms()))
            assert await send_due(site.kiosk) == 0
            assert (await state(site))[:2] == ("waiting", HELLO.text)
            office.verdict = "250 kept"
            assert await send_due(site.kiosk) == 0, "not before its turn"
            site.clock.pass_s(61)
            assert await send_due(site.kiosk) == 1
            assert (await state(site))[:2] == ("sent", "")


async def test_a_mail_is_given_up_in_the_end(tmp_path: Path) -> None:
    async with school(tmp_path, 9, **BY_HAND) as site:
        await site.kiosk.db.write(lambda tx: mails.add(tx, HELLO, site.clock.now_ms()))
        for delay in (0, *RETRIES_MS):
            site.clock.pass_s(delay // 1000)
            await send_due(site.kiosk)
        assert (await state(site))[:2] == ("failed", "")


async def follow(office: Post) -> str:
    """Return the secret of the link of the next mail."""
    letter = await asyncio.to_thread(office.await_letter)
    found = re.search(r"https://preau\.test/recover\?c=([\w-]+)", letter.text)
    assert found is not None
    return found[1]


async def spend(client: Client, secret: str, **form: str) -> Reply:
    return await post(client, "/recover", {"c": secret, "new": CHOSEN, "again": CHOSEN, **form})


async def test_ones_own_address_is_confirmed_by_the_link_and_opens_the_account(
    tmp_path: Path, office: Post
) -> None:
    async with school(tmp_path, office.port) as site:
        assert (await post(site.lea, "/account/email", {"email": "Lea@Example.org"})).status == 303
        secret = await follow(office)
        assert "Pas encore" not in text_of(await site.lea.get("/account/sign-in"))
        opened = await site.stranger.get(f"/recover?c={secret}")
        assert (opened.status, "lea@example.org" in text_of(opened)) == (200, True)
        await post(site.stranger, "/recover", {"c": secret})
        assert "lea@example.org Confirmée" in text_of(await site.lea.get("/account/sign-in"))
        assert (await post(site.stranger, "/recover", {"c": secret})).status == 404
        signed = await site.stranger.post(
            "/api/v1/login", {"username": "lea@example.org", "password": PASSWORD}
        )
        assert signed.status == 200


async def test_an_address_that_is_anothers_is_not_told_from_a_free_one(tmp_path: Path, office: Post) -> None:
    async with school(tmp_path, office.port) as site:
        await site.kiosk.db.write(lambda tx: credentials.set_email(tx, "id-tom", "tom@example.org"))
        free = await post(site.lea, "/account/email", {"email": "free@example.org"})
        taken = await post(site.lea, "/account/email", {"email": "tom@example.org"})
        assert (free.status, free.headers["Location"]) == (taken.status, taken.headers["Location"])
        texts = [(await asyncio.to_thread(office.await_letter)).text for _ in range(2)]
        assert sum("/recover?c=" in text for text in texts) == 1


async def confirmed(site: Site, person: str, email: str) -> None:
    await site.kiosk.db.write(lambda tx: credentials.set_email(tx, person, email))
    await site.kiosk.db.write(lambda tx: credentials.confirm_email(tx, person, email, None, 0))


async def test_a_forgotten_password_is_chosen_again_by_the_link_once(tmp_path: Path, office: Post) -> None:
    async with school(tmp_path, office.port) as site:
        await confirmed(site, "id-lea", "lea@example.org")
        assert (await post(site.stranger, "/forgotten", {"name": "lea"})).status == 200
        secret = await follow(office)
        weak = await spend(site.stranger, secret, new="court", again="court")
        assert weak.status == 422
        assert (await spend(site.stranger, secret)).status == 303
        assert (await site.lea.get("/api/v1/me")).status == 401, "other logins end"
        assert (await spend(site.client(None), secret)).status == 404
        fresh = await site.client(None).post("/api/v1/login", {"username": "lea", "password": CHOSEN})
        assert fresh.status == 200


async def test_a_link_is_good_for_a_day(tmp_path: Path, office: Post) -> None:
    async with school(tmp_path, office.port) as site:
        await confirmed(site, "id-lea", "lea@example.org")
        await post(site.stranger, "/forgotten", {"name": "lea@example.org"})
        secret = await follow(office)
        site.clock.pass_s(24 * 3600 - 1)
        assert (await site.stranger.get(f"/recover?c={secret}")).status == 200
        site.clock.pass_s(1)
        assert (await site.stranger.get(f"/recover?c={secret}")).status == 404


async def test_nothing_tells_who_has_an_account_and_nothing_goes_to_an_address_unconfirmed(
    tmp_path: Path, office: Post
) -> None:
    async with school(tmp_path, office.port) as site:
        await site.kiosk.db.write(lambda tx: credentials.set_email(tx, "id-lea", "lea@example.org"))
        said = {
            text_of(await post(site.stranger, "/forgotten", {"name": name}))
            for name in ("lea", "nobody", "lea@example.org")
        }
        assert len(said) == 1
        assert (await site.kiosk.db.read(mails.counts)).waiting == 0
        assert office.letters == []


async def test_somebody_who_has_left_gets_the_account_back_with_an_address_of_their_own(
    tmp_path: Path, office: Post
) -> None:
    async with school(tmp_path, office.port) as site:
        pupil = await add_pupil(site, ine="1234567890A")
        await became(site, pupil, "id-tom")
        await site.kiosk.db.write(
            lambda tx: tx.execute("UPDATE learners SET disabled_ms = 1 WHERE id = ?", (pupil.id,))
        )
        form = {**ZOE, "ine": "1234567890a", "email": "zoe@example.org"}
        nobody = await post(site.stranger, "/leaving", {**form, "ine": "0000000000B"})
        found = await post(site.stranger, "/leaving", form)
        assert text_of(nobody) == text_of(found)
        secret = await follow(office)
        assert (await spend(site.stranger, secret)).status == 303
        signed = await site.client(None).post(
            "/api/v1/login", {"username": "zoe@example.org", "password": CHOSEN}
        )
        assert signed.body["person"]["id"] == "id-tom"
        assert len(office.letters) == 1


async def test_without_mail_the_page_says_whom_to_ask(tmp_path: Path) -> None:
    async with open_site(tmp_path / "home") as site:
        said = text_of(await site.stranger.get("/forgotten"))
        assert "Demandez" in said or "demandez" in said
        assert (await post(site.stranger, "/forgotten", {"name": "lea"})).status == 404
