"""A principal and a supervisor sign the end of a session in real browsers, whose keys no page can read; one has no key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from exam_site import exam_day
from finalisation_kit import answer_all, over
from supervise_browser import axe, hall

from sync.finalisation_proofs import signatories
from sync.log_store import each_record
from sync.records import Record
from sync.session_records import SessionFinalised

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import Day


async def finalisations(day: Day) -> list[bytes]:
    """Return the bodies of the finalisations in the log."""
    found = await day.site.kiosk.db.read(lambda conn: list(each_record(conn, 0)))
    read = [msgspec.json.decode(one.frame.body, type=Record) for one in found]
    return [bytes(one.body) for one in read if one.type == "session.finalised"]


async def test_the_end_of_a_session_is_signed_by_two_browsers_and_by_hand_where_there_is_no_key(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path / "home") as day, hall(day) as room:
        (ines,) = await day.begun("ines")
        await answer_all(ines, 3)
        principal = await room.staff(day.site.diaz)
        phone = await room.let_in(principal, "A. Roy")
        await over(day)
        await phone.wait_for_selector("#sign:not([hidden])")  # the room's page goes on by itself
        assert await axe(phone) == []
        await phone.click("#sign")
        await phone.wait_for_selector("text=Vous avez signé le rapport")

        await principal.goto(f"{room.base}/staff/sessions/{day.session.id}/finalise")
        assert await axe(principal) == []
        await principal.click("button[value=finalise]")
        await principal.wait_for_selector("#signing-refused:not([hidden]) >> text=raison")
        assert await finalisations(day) == []
        await principal.select_option(f"#reason-{day.ids['ines']}", "technical")
        await principal.click("button[value=finalise]")
        await principal.wait_for_selector("text=La session est finalisée")
        assert await principal.locator("text=Signé par sa clé").count() == 2
        (body,) = await finalisations(day)
        assert [(one.kind, one.fault) for one in signatories(body)] == [("principal", ""), ("supervisor", "")]
        kept = await principal.evaluate(
            """() => new Promise((done) => {
              const opening = indexedDB.open("preau-supervisor", 1);
              opening.onsuccess = () => {
                const asked = opening.result.transaction("keys").objectStore("keys").getAll();
                asked.onsuccess = () => done(asked.result.map((one) => one.privateKey.extractable));
              };
            })"""
        )
        assert kept == [False]


async def test_without_a_script_the_session_is_finalised_and_paper_is_signed(tmp_path: Path) -> None:
    async with exam_day(tmp_path / "home") as day:
        (ines,) = await day.begun("ines")
        await answer_all(ines, 3)
        await over(day)
        fields = {f"reason-{day.ids['ines']}": "candidate", "act": "finalise"}
        sent = await day.site.diaz.ask(
            "POST",
            f"/staff/sessions/{day.session.id}/finalise",
            data=fields,
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert sent.status == 303, sent.data
        (body,) = await finalisations(day)
        said = msgspec.json.decode(body, type=SessionFinalised)
        assert (said.signatures, said.on_paper) == ([], [day.principal.key])
