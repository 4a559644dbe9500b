"""Banks, lists and sessions brought again in the middle of a session: nothing that was answered goes away."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

import pytest
from exam_site import ENROLLED, PLAN, authority, bundle, exam_day, led_again, page_again
from processes import preau_json
from sealed_kit import CHEAP, CODE, certification_bank

from kiosk.actions import candidates, opening, planning, session_imports
from kiosk.bank_building import Order, build
from kiosk.enrolment.sessions_file import HEADINGS
from kiosk.errors import KioskError
from sync.keys import save_public
from web.downloads import csv_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exam_site import Day

ANSWERS = 3


def sessions_file(number: int) -> bytes:
    """Return a file of sessions that names one that exists, with somebody new."""
    line = {
        "number": str(number),
        "last_name": "Retard",
        "first_name": "Zita",
        "birth_date": "14/03/2012",
        "sex": "F",
        "birth_city_code": "33039",
        "birth_country": "FRANCE",
    }
    return b"".join(csv_lines(list(HEADINGS.values()), [[line.get(name, "") for name in HEADINGS]]))


async def chain(day: Day, name: str) -> list[bytes]:
    """Return a candidate's chain as it is stored."""
    return await day.site.kiosk.db.read(lambda conn: list(day.site.kiosk.log.events(conn, day.ids[name])))


async def test_nothing_brought_again_wipes_an_answer(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    newer = build(certification_bank(), authority(), Order(CODE, (), rough=True, costs=CHEAP))
    save_public(tmp_path / "signer.pub", authority().public)
    home = tmp_path / "home"
    async with exam_day(home) as day:
        (tom,) = await day.begun("tom")
        for _ in range(ANSWERS):
            assert (await tom.answer()).status == 200
        before, asked = await chain(day, "tom"), tom.state["question"]
        kiosk, chief, session = day.site.kiosk, day.chief, day.session.id

        for made in (bundle(), newer, bundle()):  # the same again, another, the same again: by the command
            (tmp_path / "again.bundle").write_bytes(made.data)
            words = ("session", "bank", str(tmp_path / "again.bundle"))
            told = await to_thread(preau_json, home, *words, "--public-key", str(tmp_path / "signer.pub"))
            assert told["bundle"] == made.head.bundle
        for again in (
            opening.open_session(kiosk, day.principal, session, CODE),
            candidates.replace_all(kiosk, chief, session, list(ENROLLED.values())),
            planning.change(kiosk, chief, session, PLAN),
            planning.remove(kiosk, chief, session),
        ):
            with pytest.raises(KioskError):
                await again
        draft = await session_imports.read_file(
            kiosk, chief, "sessions.csv", sessions_file(day.session.number)
        )
        assert [one.field for one in draft.reading.problems.first] == [HEADINGS["number"]]
        with pytest.raises(KioskError):
            await session_imports.confirm(kiosk, chief, draft)

        assert await chain(day, "tom") == before
        assert (await tom.refresh())["question"] == asked
    async with exam_day(home) as restarted:
        page = page_again(restarted, tom)
        assert restarted.session.bundle == bundle().head.bundle, "the session keeps the bundle it began with"
        assert (await page.refresh())["question"] == asked
        assert (await page.answer()).status == 200
        after = await chain(restarted, "tom")
        assert after[: len(before)] == before
        assert (await restarted.row("tom")).answered == ANSWERS + 1
        assert (await led_again(restarted, "tom")).identical
    record_property(
        "figure", f"8 reloads and a restart: {ANSWERS} of {ANSWERS} answers still there, verified"
    )
