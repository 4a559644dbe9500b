"""Finalising: every refusal of the form, what the record says, and that nothing moves afterwards."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import exam_day
from finalisation_kit import answer_all, over

from kiosk.actions import finalisation, incidents
from kiosk.actions.incidents import Noted
from kiosk.errors import Conflict, Forbidden, NotFound, Refused
from kiosk.finalisation_rules import Finalisation
from kiosk.store import finalisation as store
from sync.identities import read_sheet, sheet_hash
from sync.log_store import each_record
from sync.records import Record
from sync.session_records import SessionFinalised

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from exam_site import Day

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Give a session where Inès gave three answers and Tom none, closed; Zoé never came."""
    async with exam_day(tmp_path / "home") as opened:
        ines, _ = await opened.begun("ines", "tom")
        await answer_all(ines, 3)
        await over(opened)
        yield opened


def said(day: Day, **changed: object) -> Finalisation:
    reasons = {day.ids["ines"]: "technical", day.ids["tom"]: "candidate"}
    return msgspec.structs.replace(Finalisation(reasons), **changed)


async def finalise(day: Day, what: Finalisation) -> None:
    day.session = await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, what)


async def records(day: Day, kind: str) -> list[bytes]:
    """Return the bodies of the log's records of one type, oldest first."""
    found = await day.site.kiosk.db.read(lambda conn: list(each_record(conn, 0)))
    read = [msgspec.json.decode(one.frame.body, type=Record) for one in found]
    return [bytes(one.body) for one in read if one.type == kind]


async def head_of(day: Day, sitting: str) -> str:
    """Return the hash of the last event of a chain, empty without any."""
    lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, sitting))
    return hashlib.sha256(lines[-1]).hexdigest() if lines else ""


async def test_a_session_is_finalised_once_with_every_head(day: Day) -> None:
    await finalise(day, said(day, comment="Coupure à 9 h 40", has_incident=True))
    (raw,) = await records(day, "session.finalised")
    body = msgspec.json.decode(raw, type=SessionFinalised)
    stands = {one.candidate: (one.state, one.answered, one.abandonment) for one in body.candidates}
    assert stands[day.ids["ines"]] == ("unfinished", 3, "technical")
    assert stands[day.ids["tom"]] == ("unfinished", 0, "candidate")
    assert stands[day.ids["zoe"]] == ("absent", 0, "")
    assert (body.comment, body.has_incident, body.has_joining_issue) == ("Coupure à 9 h 40", True, False)
    assert body.by == day.principal.key
    assert [(one.by, one.acts) for one in body.acts] == [("k-roy", 1)]

    for one in body.candidates:
        assert one.head == await head_of(day, one.candidate)
    assert body.head == await head_of(day, day.session.id)
    with pytest.raises(Conflict, match=r"finalisation\.already"):
        await finalise(day, said(day))


async def test_who_someone_is_stands_beside_the_chain_and_the_record_names_it_by_its_hash(day: Day) -> None:
    await finalise(day, said(day))
    (raw,) = await records(day, "session.finalised")
    assert "Benali" not in raw.decode()
    hashes = {
        one.candidate: one.identity for one in msgspec.json.decode(raw, type=SessionFinalised).candidates
    }
    rows = await day.site.kiosk.db.read(
        lambda conn: conn.execute("SELECT candidate, hash, sheet FROM identity_sheets").fetchall()
    )
    assert {row[0] for row in rows} == {day.ids["ines"], day.ids["tom"]}
    for candidate, hashed, sheet in rows:
        assert hashes[candidate] == hashed == sheet_hash(sheet.encode())
    assert (
        read_sheet(next(row[2] for row in rows if row[0] == day.ids["ines"]).encode()).last_name == "Benali"
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reasons": {}}, "finalisation.reason_missing"),
        ({"comment": "x" * 501}, "finalisation.long_comment"),
        ({"reasons": {"inconnu": "technical"}}, "finalisation.unknown_candidate"),
    ],
)
async def test_what_is_missing_or_too_much_is_refused_and_nothing_is_signed(
    day: Day, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        await finalise(day, said(day, **changed))
    assert refusal.value.code == code
    assert await records(day, "session.finalised") == []


async def test_a_reason_for_somebody_who_needs_none_is_refused(day: Day) -> None:
    wrong = {**said(day).reasons, day.ids["zoe"]: "technical"}
    with pytest.raises(Refused, match=r"finalisation\.reason_not_wanted"):
        await finalise(day, said(day, reasons=wrong))
    invented = {**said(day).reasons, day.ids["tom"]: "fatigue"}
    with pytest.raises(Refused, match=r"finalisation\.bad_reason"):
        await finalise(day, said(day, reasons=invented))


async def test_a_reason_for_a_finished_test_is_refused(tmp_path: Path) -> None:
    async with exam_day(tmp_path / "home") as day:
        (ines,) = await day.begun("ines")
        await answer_all(ines)
        await over(day)
        with pytest.raises(Refused, match=r"finalisation\.reason_not_wanted"):
            await finalise(day, Finalisation({day.ids["ines"]: "technical"}))
        await finalise(day, Finalisation())
        assert day.session.status == "finalised"


async def test_an_open_session_and_one_that_nobody_began_are_refused(tmp_path: Path) -> None:
    async with exam_day(tmp_path / "home") as day:
        with pytest.raises(Conflict, match=r"finalisation\.still_open"):
            await finalise(day, Finalisation())
        await over(day)
        with pytest.raises(Conflict, match=r"finalisation\.nobody_started"):
            await finalise(day, Finalisation())


async def test_nothing_is_reported_once_finalised(day: Day) -> None:
    kiosk, noted = day.site.kiosk, Noted("C6", candidate=day.ids["ines"])
    made = await incidents.note(kiosk, day.principal, day.session.id, noted)
    await finalise(day, said(day))
    with pytest.raises(Conflict):
        await incidents.note(kiosk, day.principal, day.session.id, noted)
    with pytest.raises(Conflict):
        await incidents.withdraw(kiosk, day.principal, day.session.id, made.id)
    (raw,) = await records(day, "session.finalised")
    assert msgspec.json.decode(raw, type=SessionFinalised).incidents == [made.id]


@pytest.mark.parametrize("who", ["lea", "roy", "other_principal", "stranger"])
async def test_only_the_principal_of_the_session_sees_and_finalises_it(day: Day, who: str) -> None:
    client = getattr(day.site, who)
    address = f"/staff/sessions/{day.session.id}"
    seen = await client.get(f"{address}/finalise")
    assert seen.status in {303, 403, 404}
    sent = await client.ask("POST", f"{address}/finalise", data={"act": "finalise"}, headers=OURS)
    assert sent.status in {303, 401, 403, 404}
    assert (await client.get(f"{address}/report.pdf")).status in {303, 403, 404}
    assert await records(day, "session.finalised") == []
    if client.person is not None:
        with pytest.raises((Forbidden, NotFound)):
            await finalisation.finalise(day.site.kiosk, client.person, day.session.id, said(day))


async def test_the_page_keeps_what_was_said_shows_what_is_missing_and_finalises(day: Day) -> None:
    client, address = day.site.diaz, f"/staff/sessions/{day.session.id}/finalise"
    first = {"comment": "Bruit dans le couloir", f"reason-{day.ids['ines']}": "technical"}
    kept = await client.ask("POST", address, data={**first, "act": "save"}, headers=OURS)
    assert kept.status == 303
    assert "Bruit dans le couloir" in (await client.get(address)).data.decode()
    refused = await client.ask("POST", address, data={**first, "act": "finalise"}, headers=OURS)
    assert refused.status == 422
    assert f'id="reason-{day.ids["tom"]}"' in refused.data.decode()
    whole = {**first, f"reason-{day.ids['tom']}": "candidate", "act": "finalise"}
    assert (await client.ask("POST", address, data=whole, headers=OURS)).status == 303
    page = (await client.get(address)).data.decode()
    assert "La session est finalisée" in page
    assert "Finaliser la session</button>" not in page


async def test_a_session_nobody_finalised_waits_and_reminds(day: Day) -> None:
    read = day.site.kiosk.db.read
    waiting = await read(lambda conn: store.waiting(conn, "school", "2026-11-27"))
    assert [one.number for one in waiting] == [day.session.number]
    assert await read(lambda conn: store.waiting(conn, "lycee", "2026-11-27")) == []
    for client, reminded in ((day.site.diaz, True), (day.site.roy, False), (day.site.other_principal, False)):
        home = (await client.get("/staff")).data.decode()
        assert ("attend d’être finalisée" in home) is reminded
    await finalise(day, said(day))
    assert await read(lambda conn: store.waiting(conn, "school", "2026-11-27")) == []
    assert "attend d’être finalisée" not in (await day.site.diaz.get("/staff")).data.decode()


async def test_the_report_on_paper_is_a_pdf_with_the_words_of_the_chain(day: Day) -> None:
    await finalise(day, said(day))
    reply = await day.site.diaz.get(f"/staff/sessions/{day.session.id}/report.pdf")
    assert (reply.status, reply.data[:5]) == (200, b"%PDF-")
    assert f"rapport-session-{day.session.number}.pdf" in reply.headers["Content-Disposition"]


async def test_the_sealed_chain_of_an_unfinished_test_says_why(day: Day) -> None:
    await finalise(day, said(day))
    sealed = [msgspec.json.decode(raw) for raw in await records(day, "certification.sealed")]
    last = [one for one in sealed if one["candidate"] == day.ids["ines"]][-1]
    assert last["final"] is True
    assert last["events"][-1]["body"] == {"reason": "technical", "type": "abandoned"}
