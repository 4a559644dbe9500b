"""A person the school erased is nobody at the central instance any more: before publication, after it, and out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from central_kit import Pupils
from exam_site import exam_day
from finalisation_kit import answer_right, over
from jury_kit import add_sealed_bank, certification, enrol, hand_in, lines_of, sheets_of
from sqlalchemy import select
from two_schools import known

from kiosk.actions import erasing, finalisation
from kiosk.finalisation_rules import Finalisation
from sync.central.keyring import public_key
from sync.central.publication import Ordered
from sync.central.store import statements, tokens
from sync.central.tables_certification import identities
from sync.records import PersonErased
from sync.statements import SessionPublished, read_statement

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central_room import Central
    from exam_site import Day
    from sqlalchemy import Row

SEARCH = "/api/v1/parcoursup/certification/search"


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Open a session that Inès, a pupil of the lists, finishes; the principal finalises it."""
    async with exam_day(tmp_path / "school") as opened:
        (ines,) = await opened.begun("ines")
        await answer_right(ines)
        await over(opened)
        learner = await known(opened.site)
        await opened.site.kiosk.db.write(
            lambda tx: tx.execute(
                "UPDATE candidates SET learner = ? WHERE id = ?", (learner, opened.ids["ines"])
            )
        )
        await finalisation.finalise(opened.site.kiosk, opened.chief, opened.session.id, Finalisation())
        yield opened


@pytest.fixture
async def site(central: Central, day: Day) -> str:
    """Enrol the school and make its bank known; return its id."""
    found = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    return found


async def erased(day: Day) -> None:
    """Erase Inès at her school."""
    row = await day.row("ines")
    assert row.learner is not None
    await erasing.erase_learner(day.site.kiosk, day.chief, row.learner)


async def kept(central: Central) -> list[Row[tuple[object, ...]]]:
    """Return what is left of identities."""
    async with central.instance.database.read() as conn:
        return list(await conn.execute(select(identities)))


async def published(central: Central, day: Day, site: str) -> SessionPublished:
    """Publish the session; return what was said."""
    order = Ordered(site, day.session.id, "publish", "helene")
    await central.instance.publication.do(order, central.clock())
    async with central.instance.database.read() as conn:
        (row,) = await statements.of_session(conn, site, day.session.id)
    _, said = read_statement(row.line, public_key(central.instance.signer.public_hex), site)
    assert isinstance(said, SessionPublished)
    return said


async def search(central: Central) -> int:
    """Ask as admissions do, by the pupil's number; return the status."""
    secret = await central.instance.database.write(
        lambda conn: tokens.add(conn, "parcoursup", "parcoursup", 1)
    )
    headers = {"Authorization": f"Bearer {secret}"}
    return (await central.client.post(SEARCH, json={"ine": "1234567890A"}, headers=headers)).status


async def test_an_erasure_after_publication_leaves_ids_alone_and_nobody_is_found(
    central: Central, day: Day, site: str
) -> None:
    await hand_in(central, day)
    (told,) = (await published(central, day, site)).results
    assert told.token
    assert await search(central) == 200
    late = await sheets_of(central, day)
    await erased(day)
    await central.send(*await lines_of(day))
    (row,) = await kept(central)
    assert (row.candidate, row.sealed, row.hash, row.said, row.who, row.named, row.box) == (
        day.ids["ines"], b"", "", "", "", "", "",
    )  # fmt: skip
    assert await search(central) == 404
    code = (await certification(central, day, "ines")).number
    assert b"BENALI" not in (await (await central.client.get(f"/verify?code={code}")).read()).upper()
    again = await central.client.post("/api/v1/identities", data=b"".join(late))
    assert b"identity.erased" in await again.read()
    assert (await kept(central))[0].sealed == b""


async def test_whoever_was_erased_before_publication_has_a_result_and_no_certificate(
    central: Central, day: Day, site: str
) -> None:
    late = await sheets_of(central, day)
    await erased(day)
    await central.send(*await lines_of(day))
    assert (
        b"identity.erased"
        in await (await central.client.post("/api/v1/identities", data=b"".join(late))).read()
    )
    (told,) = (await published(central, day, site)).results
    assert (told.status, told.token, told.corrected) == ("validated", "", "")


async def test_another_school_erases_nobody_of_this_one(central: Central, day: Day, site: str) -> None:
    await hand_in(central, day)
    other = Pupils("other")
    await central.enrol(other)
    await central.send(other.record(PersonErased("u-1", [], [day.ids["ines"]])))
    async with central.instance.database.read() as conn:
        kept_here = await statements.identity_of(conn, site, day.ids["ines"])
        there = await statements.identity_of(conn, other.site, day.ids["ines"])
    assert kept_here is not None
    assert not kept_here.erased
    assert there is not None
    assert there.erased
