"""Certifications at the central instance: chains led again, tampering caught, statuses, the jury's acts, publication."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import cbor2
import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from exam_site import exam_day
from finalisation_kit import answer_all, answer_right, over
from jury_kit import add_sealed_bank, certification, enrol, hand_in, lines_of, sheets_of
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kiosk.actions import finalisation, incidents
from kiosk.actions.incidents import Noted
from kiosk.finalisation_rules import Finalisation
from sync import frames
from sync.canonical import canonical
from sync.central.errors import Refused
from sync.central.jury import JuryAct, check_act, stand
from sync.central.publication import Ordered, facts_of
from sync.central.session_checks import reasons
from sync.central.store import jury, problems
from sync.central.store import statements as said_store
from sync.identities import sheet_hash
from sync.records import Record
from sync.statements import PULL, PullLine, SessionPublished, StatementError, read_statement

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central_room import Central
    from exam_site import Day


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Give a finalised day: Inès answered all, Tom twenty and stopped for a technical reason, Zoé never came."""
    async with exam_day(tmp_path / "school") as opened:
        ines, tom = await opened.begun("ines", "tom")
        await answer_right(ines)
        await answer_all(tom, 20)
        await over(opened)
        said = Finalisation({opened.ids["tom"]: "technical"})
        opened.session = await finalisation.finalise(opened.site.kiosk, opened.chief, opened.session.id, said)
        yield opened


async def taken_in(central: Central, day: Day) -> str:
    """Make school and bank known and hand everything in; return the school's id."""
    site = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)
    return site


def order(site: str, day: Day, act: str, who: str = "", **more: str) -> Ordered:
    return Ordered(site, day.session.id, act, "helene", candidate=day.ids[who] if who else "", **more)


async def do(central: Central, ordered: Ordered) -> None:
    await central.instance.publication.do(ordered, central.clock())


async def results(central: Central, site: str, day: Day, who: str) -> list[tuple[str, str, str]]:
    """Return every result of a candidate as status, comment and author."""
    async with central.instance.database.read() as conn:
        rows = await jury.results_of(conn, site, day.session.id)
    return [(row.status, row.comment, row.officer) for row in rows[day.ids[who]]]


async def why(central: Central, site: str, day: Day) -> list[str]:
    """Return the reasons why a person must look."""
    async with central.instance.database.read() as conn:
        return [one.code for one in reasons(await facts_of(conn, site, day.session.id))]


async def test_a_whole_day_is_led_again_scored_and_publishable_without_anybody(
    central: Central, day: Day
) -> None:
    site = await taken_in(central, day)
    for who in ("ines", "tom"):
        found = await certification(central, day, who)
        assert (found.verdict, found.code, found.found) == ("verified", "", "")
    assert await results(central, site, day, "ines") == [("validated", "", "")]
    # twenty answers and a technical reason: scored as they stand
    assert (await results(central, site, day, "tom"))[0][0] in {"validated", "rejected"}
    assert await why(central, site, day) == []


async def test_a_chain_waits_for_its_bank_and_is_judged_when_it_comes(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)
    assert (await certification(central, day, "ines")).verdict == "waiting"
    assert "waiting" in await why(central, site, day)
    with pytest.raises(Refused, match="waiting"):
        await do(central, order(site, day, "publish"))
    await add_sealed_bank(central)
    assert (await certification(central, day, "ines")).verdict == "verified"
    assert await why(central, site, day) == []


async def test_records_may_come_in_any_order_and_twice(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    lines = await lines_of(day)
    for line in [*reversed(lines), *lines]:
        assert (await central.send(line))["refused"] == []
    assert (await certification(central, day, "tom")).abandonment == "technical"
    assert await why(central, site, day) == []


def resigned(day: Day, line: bytes, body: object) -> bytes:
    """Return a record with another body, signed by the school's own key."""
    record = msgspec.json.decode(frames.parse(line).body, type=Record)
    said = canonical(msgspec.structs.replace(record, body=msgspec.Raw(canonical(body))))
    return frames.frame(day.site.kiosk.identity.signer, frames.RECORD, said)


def chained_again(sealed: dict[str, object], events: list[dict[str, object]]) -> dict[str, object]:
    """Return a sealed certification whose chain was made again by who holds the key, with other events."""
    from sync.chain import first_prev, link  # noqa: PLC0415 - what a forger would use

    links, head = [], first_prev(str(sealed["candidate"]))
    for seq, event in enumerate(events, start=1):
        raw = msgspec.Raw(canonical(event["body"]))
        data, head = link(str(sealed["candidate"]), seq, head, int(str(event["at"])), raw)
        links.append(msgspec.Raw(data))
    return {**sealed, "events": links, "head": head}


async def test_a_grade_changed_by_the_schools_own_key_is_caught(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    sent = []
    for line in await lines_of(day):
        record = msgspec.json.decode(frames.parse(line).body, type=Record)
        body = msgspec.json.decode(record.body)
        if record.type == "certification.sealed" and body["candidate"] == day.ids["tom"] and body["final"]:
            graded = [event for event in body["events"] if event["body"]["type"] == "graded"]
            graded[4]["body"]["outcome"] = "ok"
            line = resigned(day, line, chained_again(body, body["events"]))  # noqa: PLW2901 - the forged one
        elif record.type == "certification.sealed" and body["candidate"] == day.ids["tom"]:
            continue  # the forger holds the honest one back
        sent.append(line)
    assert (await central.send(*sent))["refused"] == []
    found = await certification(central, day, "tom")
    assert (found.verdict, found.step) == ("failed", 5)
    assert (await results(central, site, day, "tom"))[0][0] == "error"
    assert {"failed", "other_head", "error"} <= set(await why(central, site, day))
    with pytest.raises(Refused, match="error"):
        await do(central, order(site, day, "publish"))


async def test_another_chain_for_the_same_candidate_changes_nothing_and_is_named(
    central: Central, day: Day
) -> None:
    site = await taken_in(central, day)
    before = await certification(central, day, "tom")
    line = next(
        one
        for one in await lines_of(day)
        if msgspec.json.decode(frames.parse(one).body, type=Record).type == "certification.sealed"
        and day.ids["tom"].encode() in one
    )
    record = msgspec.json.decode(frames.parse(line).body, type=Record)
    body = msgspec.json.decode(record.body)
    body["events"][1]["at"] += 1
    forged = msgspec.structs.replace(
        record, body=msgspec.Raw(canonical(chained_again(body, body["events"]))), seq=record.seq + 1000
    )
    await central.send(frames.frame(day.site.kiosk.identity.signer, frames.RECORD, canonical(forged)))
    assert await certification(central, day, "tom") == before
    async with central.instance.database.read() as conn:
        assert "certification.fork" in {one.code for one in await problems.read_problems(conn, site)}


async def test_a_missing_chain_is_a_named_hole(central: Central, day: Day) -> None:
    site = await enrol(central, day)
    await add_sealed_bank(central)
    kept = [
        line
        for line in await lines_of(day)
        if not (
            b'"type":"certification.sealed"' in line and f'"candidate":"{day.ids["ines"]}"'.encode() in line
        )
    ]
    await central.send(*kept)
    assert await why(central, site, day) == ["no_chain"]
    with pytest.raises(Refused, match="no_chain"):
        await do(central, order(site, day, "publish"))


async def test_a_comment_a_report_and_people_who_could_not_join_ask_for_a_person(
    central: Central, tmp_path: Path
) -> None:
    async with exam_day(tmp_path / "school") as day:
        (ines,) = await day.begun("ines")
        await answer_all(ines)
        await incidents.note(
            day.site.kiosk, day.principal, day.session.id, Noted("C6", candidate=day.ids["ines"])
        )
        await incidents.note(day.site.kiosk, day.principal, day.session.id, Noted("R2", "Travaux"))
        await over(day)
        said = Finalisation(comment="À relire", has_joining_issue=True)
        await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, said)
        site = await taken_in(central, day)
        assert await why(central, site, day) == ["comment", "joining_issue", "incident"]
        async with central.instance.database.read() as conn:
            (incident,) = (await facts_of(conn, site, day.session.id)).to_resolve
        await do(
            central, order(site, day, "resolve", about=incident.incident, text="Vu avec l'établissement")
        )
        assert await why(central, site, day) == ["comment", "joining_issue"]


async def test_each_ruling_adds_a_result_and_can_be_undone(central: Central, day: Day) -> None:
    site = await taken_in(central, day)
    await do(central, order(site, day, "cancel", "ines", text="Mauvaise salle"))
    await do(central, order(site, day, "uncancel", "ines"))
    await do(central, order(site, day, "reject", "ines", text="Téléphone"))
    with pytest.raises(Refused, match=r"jury\.not_now"):
        await do(central, order(site, day, "cancel", "ines", text="Trop tard"))
    await do(central, order(site, day, "unreject", "ines"))
    await do(central, order(site, day, "rescore", "ines"))
    assert await results(central, site, day, "ines") == [
        ("validated", "", ""),
        ("cancelled", "cancelled_by_jury", "helene"),
        ("validated", "", "helene"),
        ("rejected", "fraud", "helene"),
        ("validated", "", "helene"),
        ("validated", "", "helene"),
    ]


@pytest.mark.parametrize(
    ("answers", "school", "jury_says", "status", "comment"),
    [
        (19, "technical", None, "cancelled", "cancelled_technical_lack_of_answers"),
        (19, "candidate", None, "rejected", "rejected_lack_of_answers"),
        (19, "candidate", "technical", "cancelled", "cancelled_technical_lack_of_answers"),
        (20, "technical", None, "validated", ""),
        (20, "candidate", None, "validated", ""),
        (32, None, None, "validated", ""),
    ],
)
async def test_statuses_follow_the_table(  # noqa: PLR0917 - a row of the table
    central: Central,
    tmp_path: Path,
    answers: int,
    school: str | None,
    jury_says: str | None,
    status: str,
    comment: str,
) -> None:
    async with exam_day(tmp_path / "school") as day:
        (ines,) = await day.begun("ines")
        await answer_right(ines, answers)
        await over(day)
        said = Finalisation({day.ids["ines"]: school} if school else {})
        await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, said)
        site = await taken_in(central, day)
        if jury_says:
            await do(central, order(site, day, "abandonment", "ines", text=jury_says))
        found = (await results(central, site, day, "ines"))[-1]
        assert found[:2] == (status, comment)
        async with central.instance.database.read() as conn:
            last = await jury.last_result(conn, site, day.ids["ines"])
        assert last is not None
        assert last.degraded == int(school == "candidate" and answers == 20)
        assert (last.score is None) == (answers == 19)


async def pulled(central: Central, day: Day, after: int = 0, **changes: object) -> tuple[int, list[bytes]]:
    """Ask for statements as the school does."""
    identity = day.site.kiosk.identity
    said = msgspec.structs.replace(PullLine(after, central.clock(), identity.site), **changes)
    line = frames.frame(identity.signer, PULL, canonical(said))
    reply = await central.client.post("/api/v1/statements", data=line)
    return reply.status, frames.split_lines(await reply.read()) if reply.status == 200 else []


async def test_publication_says_every_result_to_its_school_alone(central: Central, day: Day) -> None:
    site = await taken_in(central, day)
    await do(central, order(site, day, "candidate_words", "tom", text="Bravo quand même"))
    await do(central, order(site, day, "publish"))
    status, lines = await pulled(central, day)
    assert (status, len(lines)) == (200, 1)
    said, body = read_statement(lines[0], central.instance.signer.public, site)
    assert (said.number, said.type) == (1, "session.published")
    assert isinstance(body, SessionPublished)
    by_candidate = {one.candidate: one for one in body.results}
    assert set(by_candidate) == {day.ids["ines"], day.ids["tom"]}
    assert by_candidate[day.ids["tom"]].candidate_words == "Bravo quand même"
    assert b"Benali" not in lines[0]
    with pytest.raises(StatementError, match="another school"):
        read_statement(lines[0], central.instance.signer.public, "s-" + "0" * 16)
    assert await pulled(central, day, after=1) == (200, [])
    async with central.instance.database.read() as conn:
        (row,) = await said_store.of_session(conn, site, day.session.id)
    assert row.fetched_at is not None


async def test_a_pull_must_be_signed_by_its_school_and_of_now(central: Central, day: Day) -> None:
    await taken_in(central, day)
    assert (await pulled(central, day, site="s-" + "0" * 16))[0] == 403
    assert (await pulled(central, day, at=1))[0] == 409
    unsigned = await central.client.post("/api/v1/statements", data=b"0" * 128 + b' {"after":0}\n')
    assert unsigned.status == 400


async def test_nothing_is_ruled_after_publication_until_it_is_withdrawn(central: Central, day: Day) -> None:
    site = await taken_in(central, day)
    await do(central, order(site, day, "publish"))
    for act, who, said in (
        ("publish", "", ""),
        ("cancel", "ines", "Non"),
        ("rescore", "ines", ""),
        ("unfinalise", "", "Non"),
    ):
        with pytest.raises(Refused, match=r"jury\.published"):
            await do(central, order(site, day, act, who, text=said))
    await do(central, order(site, day, "unpublish", text="Erreur de salle"))
    await do(central, order(site, day, "unfinalise", text="Raison d'arrêt à revoir"))
    with pytest.raises(Refused, match=r"jury\.not_finalised"):
        await do(central, order(site, day, "publish"))
    assert [
        msgspec.json.decode(frames.parse(line).body)["type"] for line in (await pulled(central, day))[1]
    ] == [
        "session.published",
        "session.unpublished",
        "session.unfinalised",
    ]


async def test_the_square_of_a_certificate_is_checked_by_code_that_is_not_ours(
    central: Central, day: Day
) -> None:
    site = await taken_in(central, day)
    await do(central, order(site, day, "publish"))
    _, lines = await pulled(central, day)
    _, body = read_statement(lines[0], central.instance.signer.public, site)
    assert isinstance(body, SessionPublished)
    one = next(result for result in body.results if result.candidate == day.ids["ines"])
    tagged = cbor2.loads(base64.b64decode(one.token))
    assert tagged.tag == 18
    protected, beside, payload, signature = tagged.value
    assert cbor2.loads(protected) == {1: -8, 4: bytes.fromhex(central.instance.signer.key_id)}
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(central.instance.signer.public_hex))
    key.verify(signature, cbor2.dumps(["Signature1", protected, b"", payload]))
    with pytest.raises(InvalidSignature):
        key.verify(signature, cbor2.dumps(["Signature1", protected, b"", payload + b"\0"]))
    claims = cbor2.loads(payload)
    assert beside == {}
    assert (claims[1], claims[2], claims[3], claims[5]) == (one.code, one.score, 1024, "2026-11-26")
    sheets = await day.site.kiosk.db.read(
        lambda conn: conn.execute(
            "SELECT sheet FROM identity_sheets WHERE candidate = ?", (day.ids["ines"],)
        ).fetchone()
    )
    assert claims[9].hex() == sheet_hash(sheets[0].encode())


async def test_what_a_jury_did_can_be_neither_changed_nor_taken_away(central: Central, day: Day) -> None:
    site = await taken_in(central, day)
    await do(central, order(site, day, "cancel", "ines", text="Essai"))

    async def attempt(statement: str) -> None:
        async with central.instance.database.engine.begin() as conn:
            await conn.execute(text(statement))

    for statement in (
        "DELETE FROM jury_acts",
        "UPDATE jury_acts SET officer = 'personne'",
        "DELETE FROM cert_results",
        "UPDATE cert_results SET status = 'validated'",
    ):
        with pytest.raises(DBAPIError, match="only ever added"):
            await attempt(statement)


async def test_an_identity_that_the_finalisation_did_not_name_is_refused(central: Central, day: Day) -> None:
    await enrol(central, day)
    lines = await sheets_of(central, day)
    early = await central.client.post("/api/v1/identities", data=lines[0])
    assert b"identity.not_announced" in await early.read()
    await central.send(*await lines_of(day))
    kept = await central.client.post("/api/v1/identities", data=lines[0])
    assert b"refused" not in await kept.read()
    async with central.instance.database.read() as conn:
        raw = (await conn.execute(text("SELECT sealed FROM identities"))).scalar_one()
    assert b"Benali" not in bytes(raw)


def test_a_session_given_back_counts_again_once_finalised_again() -> None:
    back = JuryAct("s", "x", 1, "", "unfinalise", "40", "Corriger", "helene", 5)
    assert stand(40, [back]).finalised is None
    assert stand(55, [back]).finalised == 55


@pytest.mark.parametrize(
    ("act", "said", "code"),
    [
        ("cancel", "", "jury.needs_text"),
        ("abandonment", "fatigue", "jury.bad_reason"),
        ("candidate_words", "x" * 2001, "jury.long_text"),
        ("uncancel", "", "jury.not_now"),
        ("unreject", "", "jury.not_now"),
        ("unpublish", "Non", "jury.not_published"),
    ],
)
def test_an_act_out_of_place_is_refused(act: str, said: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_act(stand(1, []), act, "c-1", said)
    assert refusal.value.code == code
