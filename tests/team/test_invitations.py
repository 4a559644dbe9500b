"""Invitations: made for several addresses, shown once, good once and for a fortnight, and only for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kiosk_site import OTHER, open_site
from team_room import invited, links_in, newcomer, page, send

from kiosk.invitations import role_given, typed_addresses
from kiosk.store import invitations as store
from kiosk.store import memberships

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Site

    from kiosk.invitations import Invitation
    from kiosk.people import MemberRole

PAGE = "/staff/team/invitations"
DAY_S = 86_400


async def waiting(site: Site, organisation: str = "school") -> list[Invitation]:
    return await site.kiosk.db.read(lambda conn: store.pending(conn, organisation))


async def role_of(site: Site, person: str, organisation: str = "school") -> MemberRole | None:
    return await site.kiosk.db.read(lambda conn: memberships.role_in(conn, organisation, person))


def test_addresses_are_read_between_commas_each_once() -> None:
    typed = " A@b.fr, c@d.fr;a@b.fr\n e@f.fr ,,"
    assert typed_addresses(typed) == ["a@b.fr", "c@d.fr", "e@f.fr"]


@pytest.mark.parametrize(("admins", "role"), [(0, "admin"), (1, "member"), (3, "member")])
def test_an_automatic_invitation_makes_the_first_an_administrator(admins: int, role: str) -> None:
    assert role_given("auto", admins) == role


async def test_each_address_gets_a_link_and_a_square_of_its_own(site: Site) -> None:
    made = await send(site.diaz, PAGE, emails="a@ecole.fr, b@ecole.fr", role="admin")
    html = made.data.decode()
    assert len(set(links_in(html))) == 2
    assert html.count('class="qr small-qr"') == 2
    assert sorted((one.email or "", one.role) for one in await waiting(site)) == [
        ("a@ecole.fr", "admin"),
        ("b@ecole.fr", "admin"),
    ]


async def test_without_an_address_one_is_made_to_hand_over(site: Site) -> None:
    assert len(await invited(site.diaz)) == 1
    assert [one.email for one in await waiting(site)] == [None]


async def test_a_code_is_kept_nowhere_and_shown_once(site: Site) -> None:
    (link,) = await invited(site.diaz, "a@ecole.fr")
    code = link.rpartition("/")[2]
    assert code not in await page(site.diaz, PAGE)
    assert code.encode() not in site.kiosk.config.database.read_bytes()


@pytest.mark.parametrize(
    ("emails", "role", "status"),
    [("pas une adresse", "member", 422), ("a@b.fr, x@y", "member", 422), ("a@b.fr", "owner", 422)],
)
async def test_a_wrong_form_invites_nobody_and_keeps_what_was_typed(
    site: Site, emails: str, role: str, status: int
) -> None:
    refused = await send(site.diaz, PAGE, emails=emails, role=role)
    assert refused.status == status
    assert emails in refused.data.decode()
    assert await waiting(site) == []


async def test_too_many_addresses_at_once_are_refused(site: Site) -> None:
    many = ",".join(f"p{number}@ecole.fr" for number in range(51))
    assert (await send(site.diaz, PAGE, emails=many, role="member")).status == 422


async def test_an_address_that_waits_gets_another_code_rather_than_a_second_invitation(site: Site) -> None:
    (before,) = await invited(site.diaz, "a@ecole.fr")
    (after,) = await invited(site.diaz, "A@ecole.fr", "admin")
    assert [one.role for one in await waiting(site)] == ["admin"]
    assert (await site.stranger.get(before)).status == 404
    assert (await site.stranger.get(after)).status == 200


@pytest.mark.parametrize("who", ["lea", "tom", "roy", "ines", "stranger"])
@pytest.mark.parametrize("act", ["", "/{id}/again", "/{id}/cancel"])
async def test_only_administrators_invite(site: Site, who: str, act: str) -> None:
    await invited(site.diaz, "a@ecole.fr")
    (one,) = await waiting(site)
    path = PAGE + act.format(id=one.id)
    assert (await send(getattr(site, who), path, emails="b@ecole.fr", role="admin")).status in {401, 403}
    assert await waiting(site) == [one]


@pytest.mark.parametrize("act", ["again", "cancel"])
async def test_another_organisations_invitations_do_not_exist(site: Site, act: str) -> None:
    await invited(site.diaz, "a@ecole.fr")
    (one,) = await waiting(site)
    assert "a@ecole.fr" not in await page(site.other_principal, PAGE)
    assert (await send(site.other_principal, f"{PAGE}/{one.id}/{act}")).status == 404
    assert await waiting(site) == [one]


async def test_sending_again_gives_another_fortnight_and_says_when(site: Site) -> None:
    (before,) = await invited(site.diaz, "a@ecole.fr")
    (one,) = await waiting(site)
    site.clock.pass_s(10 * DAY_S)
    made = await send(await site.sign_in("diaz"), f"{PAGE}/{one.id}/again")
    (after,) = links_in(made.data.decode())
    (now,) = await waiting(site)
    assert (now.id, now.sent_ms - one.sent_ms) == (one.id, 10 * DAY_S * 1000)
    assert (await site.stranger.get(before)).status == 404
    assert (await site.stranger.get(after)).status == 200


async def test_an_invitation_taken_back_opens_nothing(site: Site) -> None:
    (link,) = await invited(site.diaz)
    (one,) = await waiting(site)
    assert (await send(site.diaz, f"{PAGE}/{one.id}/cancel")).status == 303
    assert (await site.stranger.get(link)).status == 404
    assert (await send(site.lea, link)).status == 404


async def test_it_opens_nothing_after_a_fortnight_and_the_list_says_so(site: Site) -> None:
    (link,) = await invited(site.diaz, "a@ecole.fr")
    site.clock.pass_s(14 * DAY_S)
    assert (await site.stranger.get(link)).status == 404
    assert "périmée" in await page(await site.sign_in("diaz"), PAGE)


async def test_whoever_is_signed_in_joins_with_their_account(site: Site) -> None:
    (link,) = await invited(site.other_principal)
    assert "Lycée des Marronniers" in await page(site.roy, link)
    assert (await send(site.roy, link)).status == 303
    assert await role_of(site, "id-roy", OTHER) == "member"
    assert (await site.roy.get("/staff")).headers["Location"].startswith("/terms")


async def test_it_serves_once(site: Site) -> None:
    (link,) = await invited(site.other_principal)
    await send(site.roy, link)
    assert (await send(site.ines, link)).status == 404
    assert await role_of(site, "id-ines", OTHER) is None


async def test_reading_it_spends_nothing(site: Site) -> None:
    (link,) = await invited(site.diaz)
    for _ in range(2):
        await page(site.stranger, link)
    assert len(await waiting(site)) == 1


async def test_a_stranger_makes_an_account_and_is_in(site: Site) -> None:
    (link,) = await invited(site.diaz, "max@ecole.fr", "admin")
    assert "max@ecole.fr" in await page(site.stranger, link)
    came = await send(site.stranger, f"{link}/account", **newcomer(email="max@ecole.fr"))
    assert (came.status, came.headers["Location"]) == (303, "/staff")
    me = (await site.stranger.get("/api/v1/me")).body["person"]
    assert (me["first_name"], me["role"]) == ("Max", "principal")
    assert await waiting(site) == []


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"again": "autre chose"}, 422),
        ({"password": "court", "again": "court"}, 422),
        ({"username": "roy"}, 409),
        ({"username": "Élève !"}, 422),
        ({"first_name": ""}, 422),
        ({"email": "pas une adresse"}, 422),
    ],
)
async def test_a_wrong_account_spends_nothing(site: Site, changed: dict[str, str], status: int) -> None:
    (link,) = await invited(site.diaz)
    assert (await send(site.stranger, f"{link}/account", **newcomer(**changed))).status == status
    assert len(await waiting(site)) == 1
    assert (await site.stranger.get("/api/v1/me")).status == 401


async def test_two_newcomers_with_one_invitation_make_one_account(site: Site) -> None:
    (link,) = await invited(site.diaz)
    await send(site.stranger, f"{link}/account", **newcomer())
    second = await send(site.client(None), f"{link}/account", **newcomer("zoe.zen"))
    assert second.status == 404


@pytest.mark.parametrize("link", ["/invitation/x", "/invitation/" + "y" * 101])
async def test_an_unknown_code_opens_nothing(site: Site, link: str) -> None:
    assert (await site.stranger.get(link)).status == 404
    assert (await send(site.stranger, f"{link}/account", **newcomer())).status == 404


async def test_a_member_invited_as_administrator_becomes_one_and_never_less(site: Site) -> None:
    (up,) = await invited(site.diaz, "", "admin")
    await send(site.roy, up)
    assert await role_of(site, "id-roy") == "admin"
    (down,) = await invited(site.diaz, "", "member")
    await send(await site.sign_in("roy"), down)
    assert await role_of(site, "id-roy") == "admin"


async def test_without_mail_the_page_says_to_hand_it_over(site: Site) -> None:
    assert "n’envoie pas" in await page(site.diaz, PAGE)


async def test_with_mail_a_message_waits_for_each_address(tmp_path: Path) -> None:
    mail: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": 1,
        "mail_from": "preau@ecole.fr",
        "public_address": "https://ecole.lan",
    }
    async with open_site(tmp_path / "home", **mail) as site:
        assert site.kiosk.config.mail_ready
        (link, _) = await invited(site.diaz, "a@ecole.fr, b@ecole.fr")
        sent = await site.kiosk.db.read(
            lambda conn: conn.execute("SELECT recipient, text FROM mails ORDER BY id").fetchall()
        )
    assert [row[0] for row in sent] == ["a@ecole.fr", "b@ecole.fr"]
    assert f"https://ecole.lan{link}" in sent[0][1]
