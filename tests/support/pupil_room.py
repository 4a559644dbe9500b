"""Pupils of a list and forms for tests of accounts: `add_pupil` puts one in a list, `post` sends a form as a page does."""

from __future__ import annotations

import re
import secrets
from html import unescape
from typing import TYPE_CHECKING

import msgspec

from kiosk.organisations import SCHOOL, Organisation, Settings
from kiosk.providers.visitor import Visitor
from kiosk.store import credentials, learners, memberships, organisations, visits
from kiosk.store import people as people_store
from kiosk.store.learners import Learner

if TYPE_CHECKING:
    from kiosk_site import Client, Reply, Site

HERE = {"Sec-Fetch-Site": "same-origin"}
ZOE = {"first_name": "Zoé", "last_name": "Lefèvre", "birth_date": "2011-01-09"}
CHOSEN = "Lune-velours-9"
LIST = "/staff/pupils"
ONCE = re.compile(r"\b[a-hjkmnp-z]{6}[0-9]{2}\b")
"""A password for one use, as a page shows it."""


async def add_pupil(site: Site, organisation: str = SCHOOL, **fields: str) -> Learner:
    """Add a pupil to a list, Zoé Lefèvre born on 9 January 2011 unless told otherwise."""
    now = site.clock.now_ms()
    group = {} if "class_group" in fields else {"division": "5B"}
    given = {**ZOE, **group, "ine": secrets.token_hex(5), **fields}
    made = msgspec.convert(
        {
            "id": secrets.token_hex(8),
            "organisation": organisation,
            "created_ms": now,
            "updated_ms": now,
            **given,
        },
        Learner,
    )
    assert await site.kiosk.db.write(lambda tx: learners.add(tx, made))
    return made


async def learner_of(site: Site, learner: Learner) -> Learner:
    """Return a pupil as they are now."""
    found = await site.kiosk.db.read(lambda conn: learners.by_id(conn, learner.id))
    assert found is not None
    return found


async def became(site: Site, learner: Learner, person: str) -> None:
    """Link a pupil to this account, which is nobody else then."""
    for known in await site.kiosk.db.read(lambda conn: learners.linked_to(conn, person)):
        await site.kiosk.db.write(lambda tx, one=known: learners.link(tx, one.id, None, 0))  # type: ignore[misc] # mypy cannot infer a lambda with a default
    await site.kiosk.db.write(lambda tx: learners.link(tx, learner.id, person, 0))


async def lea_of(site: Site) -> str:
    """Return the id of Léa in the list of the school."""
    found = await site.kiosk.db.read(lambda conn: learners.linked_to(conn, "id-lea"))
    return found[0].id


async def small_school(site: Site) -> None:
    """Add three pupils of two classes who sign in each in another way, one of them certifiable."""
    await add_pupil(site, first_name="Chloé", last_name="Étienne", division="4A", birth_date="2012-03-04")
    await add_pupil(site, first_name="Axel", last_name="Ba", division="3A", birth_date="2010-01-02")
    mail = await add_pupil(site, first_name="Nora", last_name="Cid", division="3A")
    await became(site, mail, "id-ines")  # a colleague's account stands for one with an e-mail alone
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE people SET username = NULL WHERE id = 'id-ines'"))
    await site.kiosk.db.write(lambda tx: credentials.set_email(tx, "id-ines", "nora@example.org"))
    await site.kiosk.db.write(
        lambda tx: visits.add_identity(tx, Visitor("oidc x", "tom", "Tom", "Nguyen"), "id-tom", 0)
    )
    await site.kiosk.db.write(
        lambda tx: tx.execute(
            "UPDATE learners SET certifiable = 1, certifiable_ms = 1 WHERE last_name = 'Ba'"
        )
    )


async def university(site: Site) -> None:
    """Make of the second organisation a higher establishment."""
    made = Organisation("lycee", "higher", "0750002V", "Université", "sup", Settings(), 0)
    await site.kiosk.db.write(lambda tx: organisations.change(tx, made))


async def teacher_elsewhere(site: Site, username: str) -> None:
    """Make somebody a member of the other organisation."""
    found = await site.kiosk.db.read(lambda conn: people_store.person_by_username(conn, username))
    assert found is not None
    await site.kiosk.db.write(lambda tx: memberships.add(tx, "lycee", found[0].id, "member", 0))


async def post(client: Client, path: str, form: dict[str, str] | list[tuple[str, str]]) -> Reply:
    """Send a form as our own page does."""
    return await client.ask("POST", path, data=form, headers=HERE)


def text_of(reply: Reply) -> str:
    """Return what a page says, without its marks."""
    bare = re.sub(r"<[^>]+>", " ", reply.data.decode())
    return re.sub(r"\s+", " ", unescape(bare)).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")
