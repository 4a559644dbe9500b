"""What a jury rules at the central instance, what each ruling makes of a result, and what publication says to the school."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import cbor2
import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from exam_site import exam_day
from finalisation_kit import answer_right, over
from jury_kit import do, order, results, taken_in
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kiosk.actions import finalisation
from kiosk.finalisation_rules import Finalisation
from sync import frames
from sync.canonical import canonical
from sync.central.errors import Refused
from sync.central.jury import JuryAct, check_act, stand
from sync.central.store import jury
from sync.central.store import statements as said_store
from sync.identities import sheet_hash
from sync.statements import PULL, PullLine, SessionPublished, StatementError, read_statement

if TYPE_CHECKING:
    from pathlib import Path

    from central_room import Central
    from exam_site import Day


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
