"""A school comes in with a code used once, and nobody else does."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pytest
from central_kit import Pupils

from sync import frames
from sync.central import codes
from sync.keys import public_from_hex

if TYPE_CHECKING:
    from central_room import Central


async def refused(central: Central, asked: dict[str, str]) -> tuple[int, str]:
    reply = await central.client.post("/api/v1/enrolments", json=asked)
    return reply.status, (await reply.json())["error"]["code"]


async def test_a_code_takes_a_school_in_and_the_statement_is_signed_by_the_central_key(
    central: Central,
) -> None:
    school = Pupils()
    reply = await central.client.post("/api/v1/enrolments", json=school.enrolment(await central.code()))
    welcome = await reply.json()
    key = public_from_hex(welcome["central_key"])
    said = msgspec.json.decode(frames.open_frame(welcome["statement"].encode(), frames.STATEMENT, key))
    assert (said["site"], said["public_key"]) == (welcome["site"], school.signer.public_hex)
    assert welcome["site"] == "s-" + hashlib.sha256(bytes.fromhex(school.signer.public_hex)).hexdigest()[:16]


async def test_the_code_is_recognised_however_it_is_typed(central: Central) -> None:
    code = await central.code()
    reply = await central.client.post(
        "/api/v1/enrolments", json=Pupils().enrolment(code.lower().replace("-", " "))
    )
    assert reply.status == 200


async def test_a_lost_answer_is_given_again_and_the_same(central: Central) -> None:
    asked = Pupils().enrolment(await central.code())
    first = await (await central.client.post("/api/v1/enrolments", json=asked)).json()
    central.clock.now += 60_000
    assert await (await central.client.post("/api/v1/enrolments", json=asked)).json() == first


async def test_a_used_code_with_another_key_is_refused_and_shown_to_officers(central: Central) -> None:
    code = await central.code()
    await central.client.post("/api/v1/enrolments", json=Pupils().enrolment(code))
    assert await refused(central, Pupils("thief").enrolment(code)) == (409, "enrolment.code_used")
    await central.sign_in()
    assert "1 refus" in await central.page("/")


async def test_a_signature_by_another_key_proves_nothing(central: Central) -> None:
    stolen = Pupils("thief").enrolment(await central.code(), public_key=Pupils().signer.public_hex)
    assert await refused(central, stolen) == (403, "enrolment.bad_proof")


async def test_a_code_is_refused_after_seven_days(central: Central) -> None:
    asked = Pupils().enrolment(await central.code())
    central.clock.now += codes.VALID_MS
    assert await refused(central, asked) == (403, "enrolment.code_expired")


async def test_a_code_serves_only_its_school(central: Central) -> None:
    asked = Pupils().enrolment(await central.code(), uai="0750001U")
    assert await refused(central, asked) == (409, "enrolment.other_school")


async def test_guessing_codes_is_throttled(central: Central) -> None:
    for _ in range(10):
        assert await refused(central, Pupils().enrolment("AAAA")) == (403, "enrolment.unknown_code")
    assert await refused(central, Pupils().enrolment(await central.code())) == (429, "tries.too_many")
    central.clock.now += 11 * 60_000
    await central.enrol()


@pytest.mark.parametrize("field", ["code", "uai", "name", "public_key", "proof"])
@pytest.mark.parametrize("value", [None, "", "é" * 300, "\0"])
async def test_a_malformed_request_is_refused_by_name(
    central: Central, field: str, value: str | None
) -> None:
    asked = {**Pupils().enrolment("AAAA"), field: value}
    status, code = await refused(central, asked)  # type: ignore[arg-type]  # None is the point
    assert (status, code.partition(".")[0]) in {(400, "enrolment"), (403, "enrolment")}


async def test_only_the_hash_of_a_code_is_kept(central: Central) -> None:
    code = await central.code()
    async with central.instance.database.read() as conn:
        rows = (await conn.exec_driver_sql("SELECT * FROM enrolment_codes")).all()
    assert code not in repr(rows)
    assert codes.code_hash(code) in repr(rows)
