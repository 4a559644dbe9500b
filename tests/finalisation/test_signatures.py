"""Who signs the end of a session: the principal's browser and supervisors' phones, each refusal, and what the record proves."""

from __future__ import annotations

import asyncio
import subprocess
from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import exam_day
from finalisation_kit import answer_all, over
from sealed_kit import CODE
from signing_kit import Browser, countersign, head_of
from supervise_kit import Phone, phone_in, ticket

from kiosk.actions import finalisation, opening, planning, supervisors
from kiosk.finalisation_rules import Finalisation
from kiosk.finalisation_signed import signed_of
from sync.finalisation_proofs import content_of, signatories
from sync.log_store import each_record
from sync.records import Record
from sync.room_proofs import keys_of
from sync.session_records import SessionFinalised

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from exam_site import Day


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Give an open session where Inès gave three answers."""
    async with exam_day(tmp_path / "home") as opened:
        (ines,) = await opened.begun("ines")
        await answer_all(ines, 3)
        yield opened


async def bodies(day: Day) -> list[bytes]:
    """Return the bodies of the finalisations in the log."""
    found = await day.site.kiosk.db.read(lambda conn: list(each_record(conn, 0)))
    read = [msgspec.json.decode(one.frame.body, type=Record) for one in found]
    return [bytes(one.body) for one in read if one.type == "session.finalised"]


def said_in(body: bytes) -> SessionFinalised:
    return msgspec.json.decode(body, type=SessionFinalised)


async def test_the_principals_key_signs_the_whole_record_and_a_phone_the_head_of_its_chain(day: Day) -> None:
    phone = await phone_in(day)
    await over(day)
    assert (await countersign(phone, await head_of(day))).status == 200
    chief = Browser(day)
    assert (await chief.both()).status == 200
    (body,) = await bodies(day)
    found = signatories(body)
    assert [(one.key, one.kind, one.public_key, one.fault) for one in found] == [
        (day.principal.key, "principal", chief.public, ""),
        (f"supervisor:{phone.id}", "supervisor", phone.public, ""),
    ]
    said = said_in(body)
    assert said.on_paper == []
    assert said.candidates[0].abandonment == "technical"
    assert content_of(body) in said.signatures[0].said


async def test_without_a_key_the_record_says_that_paper_is_signed(day: Day) -> None:
    phone = await phone_in(day)
    await over(day)
    reasons = Finalisation({day.ids["ines"]: "candidate"})
    day.session = await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, reasons)
    (body,) = await bodies(day)
    said = said_in(body)
    assert said.signatures == []
    assert said.on_paper == [day.principal.key, f"supervisor:{phone.id}"]
    shown = await day.site.kiosk.db.read(lambda conn: signed_of(conn, day.session))
    assert [(one.role, one.by_key) for one in shown] == [("principal", False), ("supervisor", False)]


async def test_a_record_that_says_anything_else_is_not_what_was_signed(day: Day) -> None:
    await over(day)
    assert (await Browser(day).both()).status == 200
    (body,) = await bodies(day)
    assert [one.fault for one in signatories(body)] == [""]
    said = said_in(body)
    (own,) = said.signatures
    for changed, fault in (
        ({"comment": "Autre chose"}, "other_content"),
        ({"on_paper": ["supervisor:absent"]}, "other_content"),
        ({"by": "principal:id-other"}, "other_person"),
        ({"session": "x-other"}, "other_session"),
        ({"signatures": [msgspec.structs.replace(own, signature="00" * 64)]}, "bad_signature"),
        ({"signatures": [msgspec.structs.replace(own, kind="supervisor")]}, "bad_signature"),
        ({"signatures": [msgspec.structs.replace(own, public_key="zz")]}, "bad_signature"),
        ({"signatures": [msgspec.structs.replace(own, said="{}")]}, "bad_signature"),
    ):
        (one,) = signatories(msgspec.json.encode(msgspec.structs.replace(said, **changed)))
        assert one.fault == fault, changed


async def test_a_phones_signature_of_another_head_proves_nothing(day: Day) -> None:
    phone = await phone_in(day)
    await over(day)
    assert (await countersign(phone, await head_of(day))).status == 200
    assert (await Browser(day).both()).status == 200
    (body,) = await bodies(day)
    moved = msgspec.structs.replace(said_in(body), head="0" * 64)
    assert [one.fault for one in signatories(msgspec.json.encode(moved))] == [
        "other_content",
        "other_content",
    ]
    with pytest.raises(ValueError, match="not a finalisation"):
        signatories(b"[]")


async def test_only_the_principal_of_the_session_is_told_what_to_sign(day: Day) -> None:
    await over(day)
    assert (await Browser(day, day.site.client(None)).ask()).status == 401
    assert (await Browser(day, day.site.roy).ask()).status == 403
    phone = await phone_in(day) if day.session.status == "open" else None
    assert phone is None
    other = await Browser(day).client.post(
        "/api/v1/sessions/inconnue/finalisation/statement",
        {**Browser(day).said, "algorithm": "ed25519", "public_key": Browser(day).public},
    )
    assert other.status == 404
    bad = await Browser(day).ask(public_key="00")
    assert (bad.status, bad.code) == (422, "supervisor.bad_key")
    assert await bodies(day) == []


async def test_a_signature_that_is_not_of_these_words_by_this_key_finalises_nothing(day: Day) -> None:
    await over(day)
    chief = Browser(day)
    never = await chief.finalise("00" * 64)
    assert (never.status, never.code) == (409, "finalisation.too_late")
    asked = await chief.ask()
    for signature in ("00" * 64, "zz", chief.sign(asked, b"preau.supervisor.v1\n"), Browser(day).sign(asked)):
        refused = await chief.finalise(signature)
        assert (refused.status, refused.code) == (403, "finalisation.bad_signature")
    for changed in (
        {"comment": "Autre"},
        {"reasons": {day.ids["ines"]: "candidate"}},
        {"has_incident": True},
    ):
        refused = await chief.finalise(chief.sign(asked), **changed)
        assert (refused.status, refused.code) == (409, "finalisation.changed")
    missing = await chief.finalise(chief.sign(asked), reasons={})
    assert (missing.status, missing.code) == (422, "finalisation.reason_missing")
    assert await bodies(day) == []
    assert (await chief.finalise(chief.sign(asked))).status == 200
    again = await chief.finalise(chief.sign(asked))
    assert again.status == 409
    assert len(await bodies(day)) == 1


async def test_a_signature_asked_for_too_long_ago_is_refused(day: Day) -> None:
    await over(day)
    chief = Browser(day)
    asked = await chief.ask()
    day.site.clock.pass_s(301)
    refused = await chief.finalise(chief.sign(asked))
    assert (refused.status, refused.code) == (409, "finalisation.too_late")
    assert (await chief.both()).status == 200


async def test_asking_what_to_sign_changes_nothing_of_the_session(day: Day) -> None:
    await over(day)
    kiosk = day.site.kiosk
    before = await kiosk.db.read(
        lambda conn: (kiosk.log.events(conn, day.ids["ines"]), list(each_record(conn, 0)))
    )
    assert (await Browser(day).ask()).status == 200
    after = await kiosk.db.read(
        lambda conn: (kiosk.log.events(conn, day.ids["ines"]), list(each_record(conn, 0)))
    )
    assert before == after
    assert (await day.row("ines")).abandonment is None


async def test_a_browsers_key_is_never_another_persons(day: Day) -> None:
    await over(day)
    chief = Browser(day)
    assert (await chief.ask()).status == 200
    await day.site.kiosk.db.write(lambda tx: tx.execute("UPDATE principal_keys SET person = 'id-other'"))
    refused = await chief.ask()
    assert (refused.status, refused.code) == (403, "finalisation.key_of_another")


async def test_a_phone_signs_a_session_that_is_over_and_not_yet_finalised(day: Day) -> None:
    phone, stranger = await phone_in(day), await phone_in(day)
    early = await countersign(phone, await head_of(day))
    assert (early.status, early.code) == (409, "finalisation.still_open")
    await over(day)
    other = await countersign(phone, "0" * 64)
    assert (other.status, other.code) == (409, "finalisation.other_head")
    address, body = (
        f"/api/v1/sessions/{phone.session}/signature",
        msgspec.json.encode({"head": await head_of(day)}),
    )
    unsigned = await phone.client.post(address, {"head": await head_of(day)})
    assert (unsigned.status, unsigned.code) == (403, "supervisor.unsigned")
    claim = await phone.claim()
    forged = await phone.send(address, body, phone.headers(address, body, claim, stranger.key))
    assert (forged.status, forged.code) == (403, "supervisor.bad_signature")
    sent = phone.headers(address, body, claim)
    assert (await phone.send(address, body, sent)).status == 200
    replayed = await phone.send(address, body, sent)
    assert (replayed.status, replayed.code) == (409, "supervisor.replayed")
    await supervisors.put_out(day.site.kiosk, day.principal, day.session.id, stranger.id)
    revoked = await stranger.client.post(address, {"head": await head_of(day)})
    assert (revoked.status, revoked.code) == (403, "supervisor.revoked")
    chief = await day.site.diaz.post(address, {"head": await head_of(day)})
    assert (chief.status, chief.code) == (403, "supervisor.no_key")
    assert (await Browser(day).both()).status == 200
    (record,) = await bodies(day)
    assert [one.kind for one in said_in(record).signatures] == ["principal", "supervisor"]
    late = await phone.tell(address, body)
    assert (late.status, late.code) == (403, "session.closed")


async def test_who_was_in_and_did_nothing_signs_and_who_comes_after_the_closing_does_not(
    tmp_path: Path,
) -> None:
    async with exam_day(tmp_path / "early", opened=False) as day:
        early, kiosk = await phone_in(day), day.site.kiosk
        day.session = await opening.open_session(kiosk, day.principal, day.session.id, CODE)
        late = Phone(day, day.site.client(None), day.session.id)
        assert (await late.ask(await ticket(day))).status == 200
        await over(day)
        assert (await countersign(early, await head_of(day))).status == 200
        await supervisors.let_in(kiosk, day.principal, day.session.id, late.id, late.number)
        refused = await countersign(late, await head_of(day))
        assert (refused.status, refused.code) == (403, "supervisor.no_key")
        lines = await kiosk.db.read(lambda conn: kiosk.log.events(conn, day.session.id))
        assert keys_of(lines) == {f"supervisor:{early.id}": early.public}


async def test_a_phone_of_another_session_is_told_of_none(day: Day) -> None:
    phone = await phone_in(day)
    await over(day)
    elsewhere = await planning.create(day.site.kiosk, day.chief, planning.Plan(*PLAN))
    address = f"/api/v1/sessions/{elsewhere.id}/signature"
    refused = await phone.tell(address, msgspec.json.encode({"head": await head_of(day)}))
    assert refused.status == 404


PLAN = ("Collège des Tilleuls", "205", "2026-11-26", "14:00", "A. Roy")


async def test_pages_say_who_signed_and_the_phones_page_offers_to(day: Day) -> None:
    phone = await phone_in(day)
    open_page = await phone.client.get(f"/supervise/{day.session.id}")
    assert b"supervise_sign.js" not in open_page.data
    await over(day)
    assert b'id="sign"' in (await phone.client.get(f"/supervise/{day.session.id}")).data
    waiting = (await day.site.diaz.get(f"/staff/sessions/{day.session.id}/finalise")).data.decode()
    assert "a pas signé" in waiting
    assert "staff_finalise.js" in waiting
    assert (await countersign(phone, await head_of(day))).status == 200
    signed = (await phone.client.get(f"/supervise/{day.session.id}")).data.decode()
    assert "Vous avez signé le rapport" in signed
    assert 'id="sign"' not in signed
    assert (await Browser(day).both()).status == 200
    told = (await day.site.diaz.get(f"/staff/sessions/{day.session.id}/finalise")).data.decode()
    assert told.count("Signé par sa clé") == 2
    assert "À signer à la main" not in told
    assert "staff_finalise.js" not in told


async def test_the_printed_report_says_who_signed_and_leaves_room_for_the_hands_that_must(day: Day) -> None:
    phone = await phone_in(day)
    await over(day)
    assert "chef d'établissement" in await printed(day)
    assert (await Browser(day).both()).status == 200
    text = await printed(day)
    assert "Paul Diaz, chef d'établissement : signé par sa propre clé." in text
    assert f"{phone.id[-4:]}, surveillance : à signer à la main ci-dessous." in text
    assert "Signature de Paul Diaz" not in text


async def printed(day: Day) -> str:
    """Return the words of the report on paper."""
    pdf = (await day.site.diaz.get(f"/staff/sessions/{day.session.id}/report.pdf")).data
    run = await asyncio.to_thread(
        subprocess.run, ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return run.stdout.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")
