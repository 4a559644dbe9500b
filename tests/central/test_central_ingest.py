"""Records come in once, whatever is sent, however often and in whatever order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from central_kit import Pupils, a_bank, receipts_in, shared, trail_of

from exam.events import Asked
from sync import frames
from sync.central import middleware
from sync.central.body import FRAMES_MAX, MAGIC
from sync.central.store import participations, records, schools
from sync.receipts import read_receipt
from sync.transport import RECEIPTS_TYPE
from sync.zstd import compress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from central_room import Central


async def verdict_of(central: Central, name: str) -> participations.Participation:
    async with central.instance.database.read() as conn:
        found = await participations.read_participation(conn, central.pupils.site, name)
    assert found is not None
    return found


async def count(central: Central, table: str) -> int:
    async with central.instance.database.read() as conn:
        return int((await conn.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - a table's name


async def test_a_shared_participation_is_replayed_and_verified(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    reply = await central.send(school.participation("p-1"))
    found = await verdict_of(central, "p-1")
    assert (found.verdict, found.step, reply["refused"]) == ("verified", None, [])
    assert found.bank == a_bank().digest


async def test_a_receipt_is_signed_by_the_central_key(central: Central) -> None:
    school = await central.enrol()
    line = (await central.send(school.campaign()))["receipts"][0].encode()
    receipt = read_receipt(line, central.instance.signer.public, school.site)
    assert (receipt.seq, receipt.state, receipt.at) == (1, "stored", central.clock())


async def test_a_daemon_gets_receipt_lines_and_refusal_lines(central: Central) -> None:
    school = await central.enrol()
    body = compress(school.campaign() + b"nothing\n")
    headers = {"Accept": RECEIPTS_TYPE, "Content-Encoding": "zstd"}
    reply = await central.client.post("/api/v1/records", data=body, headers=headers)
    receipt, refusal = (await reply.read()).splitlines(keepends=True)
    assert reply.content_type == RECEIPTS_TYPE
    assert read_receipt(receipt, central.instance.signer.public, school.site).seq == 1
    assert refusal.startswith(b'refused {"index":1,"code":"record.bad_frame"')


async def test_fifty_parallel_sendings_store_once_and_get_the_same_receipts(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    lines = [school.campaign(), school.participation("p-1"), school.participation("p-2")]
    replies = await asyncio.gather(*(central.send(*lines) for _ in range(50)))
    assert all(reply == replies[0] for reply in replies)
    assert (await count(central, "records"), await count(central, "participations")) == (3, 2)
    assert await count(central, "problems") == 0


async def test_a_second_record_under_the_same_number_is_quarantined_and_both_are_kept(
    central: Central,
) -> None:
    school = await central.enrol()
    other = Pupils(school.name)
    first, second = await central.send(school.campaign("c-1")), await central.send(other.campaign("c-2"))
    assert [receipts_in(reply)[0]["state"] for reply in (first, second)] == ["stored", "quarantined"]
    assert await central.send(other.campaign("c-2")) != second
    assert await count(central, "records") == 3
    await central.sign_in()
    assert "Deux enregistrements portent le numéro" in await central.page(f"/schools/{school.site}")


async def test_records_arrive_in_any_order_and_what_is_missing_is_shown(central: Central) -> None:
    school = await central.enrol()
    lines = [school.campaign(f"c-{number}") for number in range(6)]
    await central.send(lines[5], lines[1])
    async with central.instance.database.read() as conn:
        assert await records.read_gaps(conn, school.site) == [records.Gap(1, 1), records.Gap(3, 5)]
    await central.send(*lines)
    async with central.instance.database.read() as conn:
        assert await records.read_gaps(conn, school.site) == []
        assert await records.read_broken_links(conn, school.site) == []


async def test_a_record_that_does_not_follow_the_one_before_is_shown(central: Central) -> None:
    school = await central.enrol()
    await central.send(school.campaign("c-1"), school.record(shared("p-1"), prev="0" * 64))
    await central.sign_in()
    assert "ne suit pas" in await central.page(f"/schools/{school.site}")


async def test_a_participation_waits_for_its_bank_then_is_judged(central: Central) -> None:
    school = await central.enrol()
    await central.send(school.participation("p-1"))
    assert (await verdict_of(central, "p-1")).verdict == "waiting"
    await central.add_bank()
    counted = await central.instance.reverify.run(central.clock())
    assert (counted.judged, counted.verified) == (1, 1)
    assert (await verdict_of(central, "p-1")).verdict == "verified"


async def test_a_changed_item_fails_at_its_step_and_says_what_was_expected(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    told = list(trail_of("p-1"))
    place = next(index for index, event in enumerate(told) if getattr(event, "number", 0) == 2)
    right = getattr(told[place], "item", "")
    told[place] = Asked(2, "mail-1-a", "mail-1", 1, "fr")
    await central.send(school.participation("p-1", told))
    found = await verdict_of(central, "p-1")
    assert (found.verdict, found.step, found.code) == ("failed", 2, "replay.wrong_item")
    assert (found.expected, found.found) == (right, "mail-1-a")


async def test_a_revoked_school_is_refused(central: Central) -> None:
    school = await central.enrol()
    await central.instance.database.write(
        lambda conn: schools.revoke_school(conn, school.site, central.clock())
    )
    reply = await central.send(school.campaign())
    assert [refusal["code"] for refusal in reply["refused"]] == ["school.revoked"]
    assert await count(central, "records") == 0


async def test_a_school_nobody_enrolled_is_refused(central: Central) -> None:
    reply = await central.send(Pupils("stranger").campaign())
    assert [refusal["code"] for refusal in reply["refused"]] == ["school.unknown"]


async def test_a_school_cannot_sign_for_another(central: Central) -> None:
    school, forger = await central.enrol(), Pupils("forger")
    forger.site = school.site
    reply = await central.send(forger.campaign())
    assert [refusal["code"] for refusal in reply["refused"]] == ["record.bad_signature"]
    assert await count(central, "problems") == 1


async def test_a_body_cut_anywhere_keeps_its_whole_records_and_goes_on_later(central: Central) -> None:
    school = await central.enrol()
    lines = [school.campaign("c-1"), school.campaign("c-2")]
    body = b"".join(lines)
    for end in range(0, len(body), 61):
        reply = await central.send(body[:end])
        assert len(reply["receipts"]) == body[:end].count(b"\n")
    assert len((await central.send(body))["receipts"]) == 2
    assert await count(central, "records") == 2


async def test_a_packed_body_cut_on_the_way_keeps_nothing(central: Central) -> None:
    school = await central.enrol()
    packed = compress(school.campaign())
    reply = await central.client.post(
        "/api/v1/records", data=packed[:-5], headers={"Content-Encoding": "zstd"}
    )
    assert (reply.status, (await reply.json())["error"]["code"]) == (400, "body.damaged")


async def test_a_body_that_swells_too_much_is_refused(central: Central) -> None:
    reply = await central.client.post("/api/v1/records", data=compress(b"0" * 50_000_000))
    assert (reply.status, (await reply.json())["error"]["code"]) == (413, "body.too_big")


async def test_too_many_records_at_once_are_refused(central: Central) -> None:
    reply = await central.client.post("/api/v1/records", data=b"\n" * (FRAMES_MAX + 1))
    assert (reply.status, (await reply.json())["error"]["code"]) == (413, "body.too_many")


async def test_a_signed_record_that_is_not_canonical_is_refused(central: Central) -> None:
    school = await central.enrol()
    said = school.campaign().partition(b" ")[2].rstrip(b"\n").replace(b'"at":', b'"at": ')
    reply = await central.send(frames.frame(school.signer, frames.RECORD, said))
    assert [refusal["code"] for refusal in reply["refused"]] == ["record.not_canonical"]


@pytest.mark.parametrize("junk", [b"", b"\n", b"{}\n", b"\xff\xfe\n", MAGIC, MAGIC + b"\0" * 40, b"[" * 5000])
async def test_junk_changes_nothing(central: Central, junk: bytes) -> None:
    reply = await central.client.post("/api/v1/records", data=junk)
    assert reply.status in {200, 400}
    assert await count(central, "records") == 0


async def test_the_same_participation_shared_twice_counts_once_and_is_shown(central: Central) -> None:
    await central.add_bank()
    school = await central.enrol()
    await central.send(school.participation("p-1"), school.participation("p-1"))
    assert (await count(central, "records"), await count(central, "participations")) == (2, 1)
    await central.sign_in()
    assert "envoyée deux fois" in await central.page(f"/schools/{school.site}")


async def test_an_unknown_type_is_kept_for_later(central: Central) -> None:
    school = await central.enrol()
    reply = await central.send(school.record(shared("p-1"), type="session.closed"))
    assert [receipt["state"] for receipt in receipts_in(reply)] == ["stored"]
    assert await count(central, "participations") == 0


async def stalled() -> AsyncIterator[bytes]:
    """Yield the beginning of a body, and nothing more for as long as anybody waits."""
    yield b"0"
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("path", "limit"), [("/api/v1/records", "LONG_S"), ("/api/v1/enrolments", "SHORT_S")]
)
async def test_a_body_that_does_not_arrive_is_not_waited_for(
    central: Central, monkeypatch: pytest.MonkeyPatch, path: str, limit: str
) -> None:
    monkeypatch.setattr(middleware, limit, 0.05)
    reply = await central.client.post(path, data=stalled())
    assert (reply.status, (await reply.json())["error"]["code"]) == (408, "body.too_slow")
