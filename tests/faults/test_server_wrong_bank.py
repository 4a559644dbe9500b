"""A server with another bank or another engine than a session was made for refuses to open it, and both are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
import structlog
from exam_site import PLAN, Day, authority, bundle, exam_day, page_again
from sealed_kit import CHEAP, CODE, certification_bank

from exam.bundle import BankError
from exam.certification.rules import ENGINE
from exam.certification.scale import SCALE
from kiosk import bank_building, rooms
from kiosk.actions import opening
from kiosk.bank_building import Built, Order, build
from kiosk.config import Config
from kiosk.errors import Refused
from kiosk.readiness.look import Place, known_of, look
from kiosk.readiness.notes import Note, is_go
from kiosk.served_bank import served_bank

if TYPE_CHECKING:
    from pathlib import Path

    from exam.sealed_part import CertificationPart

OLD = "certification/0"
OTHER = "b-" + "7" * 32


def built() -> Built:
    """Return another bundle, built by whatever the building is now."""
    return build(certification_bank(), authority(), Order(CODE, (), rough=True, costs=CHEAP))


async def refused(day: Day) -> Refused:
    """Return why the session does not open."""
    with pytest.raises(Refused) as caught:
        await opening.open_session(day.site.kiosk, day.principal, day.session.id, CODE)
    assert day.site.kiosk.rooms.all() == []
    return caught.value


async def note_of(day: Day) -> Note:
    """Return what the go / no-go list says of the bank, which must forbid to open."""
    kiosk = day.site.kiosk
    place = Place(kiosk.config.home, kiosk.rooms.shelf, kiosk.clock.now_ms(), secure=False)
    known = await kiosk.db.read(lambda conn: known_of(conn, place, day.session))
    notes = look(known, place, CODE)
    assert not is_go(notes)
    return next(one for one in notes if one.check == "bank" and one.level == "problem")


async def shown(day: Day) -> str:
    """Return the page of the go / no-go list once the code was tried."""
    reply = await day.site.diaz.ask(
        "POST",
        f"/staff/sessions/{day.session.id}/ready",
        data={"code": CODE},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return reply.data.decode()


async def test_a_bank_made_for_another_engine_does_not_open_and_both_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(bank_building, "ENGINE", OLD)  # what a bank built by an older Préau says
        made = built()
    both = {"asked": f"{OLD}, {SCALE.version}", "here": f"{ENGINE}, {SCALE.version}"}
    async with exam_day(tmp_path, made=made, opened=False) as day:
        refusal = await refused(day)
        assert (refusal.code, refusal.params) == ("session.other_engine", both)
        note = await note_of(day)
        assert (note.outcome, note.params) == ("other_engine", both)
        page = await shown(day)
        assert all(one in page for one in both.values())


async def test_tables_that_compile_to_something_else_here_do_not_open_and_both_hashes_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_another_machine(part: CertificationPart) -> bytes:
        return msgspec.json.encode(msgspec.structs.replace(part, tables="0" * 64))

    with monkeypatch.context() as patch:
        patch.setattr(bank_building, "part_bytes", of_another_machine)
        made = built()
    async with exam_day(tmp_path, made=made, opened=False) as day:
        refusal = await refused(day)
        asked, here = str(refusal.params["asked"]), str(refusal.params["here"])
        assert refusal.code == "session.other_tables"
        assert (asked[:64], len(here), here != asked) == ("0" * 64, len(asked), True)
        note = await note_of(day)
        assert (note.outcome, note.params) == ("other_tables", {"asked": asked, "here": here})


async def test_a_session_planned_with_another_bundle_does_not_open_by_the_one_that_is_here(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path, plan=msgspec.structs.replace(PLAN, bundle=OTHER), opened=False) as day:
        both = {"asked": OTHER, "here": bundle().head.bundle}
        refusal = await refused(day)
        assert (refusal.code, refusal.params) == ("session.other_bank", both)
        note = await note_of(day)
        assert (note.outcome, note.params) == ("other", both)


def test_a_server_told_which_bank_it_must_have_serves_no_other_and_names_both(tmp_path: Path) -> None:
    file = tmp_path / "day.bundle"
    file.write_bytes(bundle().data)
    signers = (authority().public.raw.hex(),)
    asked = "a" * 64
    with pytest.raises(BankError) as caught:
        served_bank(Config(home=tmp_path, bank=str(file), bank_signers=signers, bank_digest=asked))
    assert caught.value.code == "bank.wrong_digest"
    assert asked in str(caught.value)
    assert bundle().head.digest in str(caught.value)


async def test_a_server_updated_in_the_middle_of_a_session_waits_for_the_engine_that_began_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exam_day(tmp_path) as day:
        (tom,) = await day.begun("tom")
        await tom.answer()
        asked = tom.state["question"]
    with monkeypatch.context() as patch, structlog.testing.capture_logs() as logs:
        patch.setattr(rooms, "ENGINE", "certification/2")
        async with exam_day(tmp_path) as updated:
            page = page_again(updated, tom)
            assert (await page.client.get(f"{page.api}/next?epoch={page.epoch}")).code == "session.not_open"
            assert (await refused(updated)).code == "session.other_engine"
    told = next(one for one in logs if one["event"] == "a session cannot go on")
    assert (ENGINE in told["asked"], "certification/2" in told["here"]) == (True, True)
    async with exam_day(tmp_path) as again:
        page = page_again(again, tom)
        assert (await page.refresh())["question"] == asked
        assert (await page.answer()).status == 200
