"""An account given back: a link handed over, a request that waits for the staff, an address of one's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk_site import OTHER, PASSWORD
from pupil_room import CHOSEN, LIST, add_pupil, became, lea_of, post, text_of

from kiosk.actions.mailbox import new_recovery
from kiosk.logins import digest_of
from kiosk.store import memberships, recoveries

if TYPE_CHECKING:
    from kiosk_site import Site


async def test_a_link_handed_over_gives_the_account_to_its_pupil(site: Site) -> None:
    shown = (await post(site.roy, f"{LIST}/{await lea_of(site)}/recovery", {})).data.decode()
    secret = re.findall(r"/recover\?c=([\w-]+)", shown)[0]
    form = {"c": secret, "new": CHOSEN, "again": CHOSEN, "email": "lea@example.org"}
    assert (await post(site.stranger, "/recover", {**form, "email": ""})).status == 422
    assert (await post(site.stranger, "/recover", form)).status == 303
    login = {"username": "lea@example.org", "password": CHOSEN}
    assert (await site.client(None).post("/api/v1/login", login)).status == 200


async def link_handed_over(site: Site) -> dict[str, str]:
    """Have a teacher hand a link over for Léa's account; return the form that spends it."""
    shown = (await post(site.roy, f"{LIST}/{await lea_of(site)}/recovery", {})).data.decode()
    secret = re.findall(r"/recover\?c=([\w-]+)", shown)[0]
    return {"c": secret, "new": CHOSEN, "again": CHOSEN, "email": "lea@example.org"}


async def test_a_link_handed_over_serves_no_more_once_its_pupil_changed_their_password(site: Site) -> None:
    form = await link_handed_over(site)
    changed = {"current": PASSWORD, "new": CHOSEN, "again": CHOSEN}
    assert (await post(site.lea, "/password", changed)).status == 303
    assert (await post(site.stranger, "/recover", form)).status == 404


async def test_a_link_handed_over_is_no_way_into_the_account_of_who_joined_a_staff_since(site: Site) -> None:
    form = await link_handed_over(site)
    await site.kiosk.db.write(lambda tx: memberships.add(tx, OTHER, "id-lea", "member", 0))
    assert (await post(site.stranger, "/recover", form)).status == 404


async def test_once_a_link_gave_the_account_back_no_other_gives_it_again(site: Site) -> None:
    form = await link_handed_over(site)
    asked = new_recovery("password", "id-lea", site.clock.now_ms())
    await site.kiosk.db.write(lambda tx: recoveries.add(tx, asked, digest_of("earlier")))
    assert (await post(site.stranger, "/recover", form)).status == 303
    assert (await post(site.stranger, "/recover", {**form, "c": "earlier"})).status == 404


async def test_asking_as_if_one_had_left_takes_nothing_away_from_a_link_that_staff_handed_over(
    site: Site,
) -> None:
    form = await link_handed_over(site)
    asked = new_recovery("leaving", "id-lea", site.clock.now_ms(), email="other@example.org")
    await site.kiosk.db.write(lambda tx: recoveries.add(tx, asked, digest_of("asked")))
    await site.kiosk.db.write(lambda tx: recoveries.add(tx, asked, None))
    assert (await post(site.stranger, "/recover", form)).status == 303


async def test_a_request_without_mail_waits_for_the_staff_of_the_school_alone(site: Site) -> None:
    pupil = await add_pupil(site, ine="1234567890A")
    await became(site, pupil, "id-lea")
    form = {"first_name": "Zoé", "last_name": "Lefèvre", "birth_date": "09/01/2011", "ine": "1234567890A"}
    assert (await post(site.stranger, "/leaving", form)).status == 200
    assert "1 compte demandé" in text_of(await site.roy.get(LIST))
    assert "Lefèvre" in text_of(await site.roy.get(f"{LIST}/requests"))
    assert "Lefèvre" not in text_of(await site.other_principal.get(f"{LIST}/requests"))


async def test_an_address_without_mail_is_flagged_until_staff_confirm_it(site: Site) -> None:
    kept = await post(site.lea, "/account/email", {"email": "lea@example.org"})
    assert kept.headers["Location"].endswith("done=kept")
    assert "Pas encore confirmée" in text_of(await site.lea.get("/account/sign-in"))
    assert (await post(site.roy, f"{LIST}/{await lea_of(site)}/email", {})).status == 303
    assert "Pas encore confirmée" not in text_of(await site.lea.get("/account/sign-in"))


async def test_the_only_way_into_an_account_is_not_taken_away(site: Site) -> None:
    await post(site.lea, "/account/email", {"email": "lea@example.org"})
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-lea'"))
    assert (await post(site.lea, "/account/email/drop", {})).status == 409
