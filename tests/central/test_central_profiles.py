"""Profiles at the central instance: who may hand in and ask, what is refused by name, what is written down, what officers see."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec
import pytest
from central_kit import START, UAI, Pupils
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from sync import frames, letters
from sync.box_keys import Box
from sync.canonical import canonical
from sync.central.profiles import KEPT_MS
from sync.central.store import schools
from sync.central.tables import pieces, profile_asks
from sync.pieces import Piece, State, piece_bytes, piece_hash
from sync.profile_exchange import (
    AnswerLine,
    AskLine,
    BoxStatement,
    Found,
    PieceLine,
    Wanted,
    packed,
    unpacked,
)
from sync.records import CourseCreated, LearnerImported, PersonErased, ProfileShared, ProfileState

if TYPE_CHECKING:
    from central_room import Central

INE, BIRTH = "1234567890K", "2013-04-05"
STATE = State("0" * 64, certifiable=False, competences=[("1.1", 1, 8)], pasts=[], resets=[], score=8)


class School(Pupils):
    """A school as it writes to the central instance about profiles."""

    def __post_init__(self) -> None:
        """Give it a box."""
        super().__post_init__()
        self.box = Box(X25519PrivateKey.generate())

    async def come_in(self, central: Central) -> School:
        """Be enrolled, and learn the central instance's box."""
        done = await central.client.post("/api/v1/enrolments", json=self.enrolment(await central.code()))
        assert done.status == 200
        said = await central.client.get("/api/v1/box")
        line = await said.read()
        body = frames.open_frame(line, frames.BOX, central.instance.signer.public)
        self.central_box = bytes.fromhex(msgspec.json.decode(body, type=BoxStatement).box)
        return self

    async def tell(self, central: Central, line: bytes) -> None:
        """Send one record."""
        assert (await central.client.post("/api/v1/records", data=line)).status == 200

    def piece(self, salt: str = "") -> bytes:
        """Return a document about the pupil."""
        return piece_bytes(Piece(START, BIRTH, INE, salt or secrets.token_hex(32), STATE))

    def handed(self, data: bytes, person: str = "u-1") -> bytes:
        """Return the line that hands a piece in."""
        sealed = letters.seal_letter(self.central_box, letters.PIECE + self.site.encode(), data)
        said = PieceLine(START, piece_hash(data), person, packed(sealed), self.site)
        return frames.frame(self.signer, frames.PIECE, canonical(said))

    def question(self, at: int, ine: str = INE, birth: str = BIRTH, many: int = 1) -> bytes:
        """Return the line that asks for a profile."""
        wanted = msgspec.json.encode([Wanted(ine, birth)] * many)
        sealed = letters.seal_letter(self.central_box, letters.ASK + self.site.encode(), wanted)
        said = AskLine(at, self.box.public.hex(), ["id-diaz"] * many, packed(sealed), self.site)
        return frames.frame(self.signer, frames.ASK, canonical(said))

    def read(self, central: Central, line: bytes) -> list[Found]:
        """Return what an answer says."""
        body = frames.open_frame(line, frames.ANSWER, central.instance.signer.public)
        said = msgspec.json.decode(body, type=AnswerLine)
        letter = letters.open_letter(self.box, letters.ANSWER + said.asked.encode(), unpacked(said.sealed))
        return msgspec.json.decode(letter, type=list[Found])


async def post(central: Central, path: str, line: bytes) -> tuple[int, bytes]:
    """Send a line and return what comes back."""
    reply = await central.client.post(path, data=line)
    return reply.status, await reply.read()


async def code_of(central: Central, line: bytes, path: str = "/api/v1/profiles") -> tuple[int, str]:
    """Return the refusal of a line."""
    status, body = await post(central, path, line)
    return status, str(msgspec.json.decode(body)["error"]["code"])


async def handed_in(central: Central, school: School, person: str = "u-1") -> bytes:
    """Announce a state, hand its piece in and return it."""
    data = school.piece()
    await school.tell(central, school.record(ProfileState(person, piece_hash(data), "school")))
    status, reply = await post(central, "/api/v1/pieces", school.handed(data, person))
    assert (status, reply[:8] == b"refused ") == (200, False)
    return data


async def asked(central: Central, school: School) -> list[Found]:
    """Ask for the pupil and return what is found."""
    status, line = await post(central, "/api/v1/profiles", school.question(central.clock()))
    assert status == 200, line
    return school.read(central, line)


async def test_a_school_that_asks_gets_what_others_handed_in_and_never_its_own(central: Central) -> None:
    old, new = await School("old").come_in(central), await School("new").come_in(central)
    data = await handed_in(central, old)
    await handed_in(central, new, "u-9")
    assert [one.piece.encode() for one in await asked(central, new)] == [data]


async def test_a_piece_nobody_announced_or_that_another_replaced_is_refused(central: Central) -> None:
    school = await School("old").come_in(central)
    early = school.piece()
    _, reply = await post(central, "/api/v1/pieces", school.handed(early))
    assert b"piece.not_announced" in reply
    await handed_in(central, school)
    _, reply = await post(central, "/api/v1/pieces", school.handed(early))
    assert b"piece.superseded" in reply


async def test_a_piece_that_is_not_the_one_its_record_names_is_refused(central: Central) -> None:
    school = await School("old").come_in(central)
    data, other = school.piece(), school.piece()
    await school.tell(central, school.record(ProfileState("u-1", piece_hash(data), "school")))
    sealed = letters.seal_letter(school.central_box, letters.PIECE + school.site.encode(), other)
    said = PieceLine(START, piece_hash(data), "u-1", packed(sealed), school.site)
    line = frames.frame(school.signer, frames.PIECE, canonical(said))
    assert b"piece.other_hash" in (await post(central, "/api/v1/pieces", line))[1]
    spoilt = canonical(msgspec.structs.replace(said, sealed=packed(b"nothing")))
    line = frames.frame(school.signer, frames.PIECE, spoilt)
    assert b"piece.unreadable" in (await post(central, "/api/v1/pieces", line))[1]


async def test_an_erasure_deletes_the_piece_and_a_state_that_comes_late_brings_nothing_back(
    central: Central,
) -> None:
    old, new = await School("old").come_in(central), await School("new").come_in(central)
    data = old.piece()
    state = old.record(ProfileState("u-1", piece_hash(data), "school"))
    await old.tell(central, old.record(PersonErased("u-1", ["l-1"])))
    await old.tell(central, state)
    assert b"piece.superseded" in (await post(central, "/api/v1/pieces", old.handed(data)))[1]
    await handed_in(central, old, "u-2")
    assert len(await asked(central, new)) == 1
    await old.tell(central, old.record(PersonErased("u-2", [])))
    assert await asked(central, new) == []
    async with central.instance.database.read() as conn:
        assert (await conn.execute(select(pieces))).all() == []


async def test_a_piece_is_erased_once_its_time_is_over(central: Central) -> None:
    old, new = await School("old").come_in(central), await School("new").come_in(central)
    await handed_in(central, old)
    central.clock.now += KEPT_MS + 1
    await post(central, "/api/v1/pieces", b"")
    assert await asked(central, new) == []


async def test_strangers_revoked_schools_and_forgeries_are_refused_by_name(central: Central) -> None:
    school = await School("new").come_in(central)
    stranger = School("stranger")
    stranger.central_box = school.central_box
    assert await code_of(central, stranger.question(central.clock())) == (403, "school.unknown")
    stranger.site = school.site  # claims to be another
    assert await code_of(central, stranger.question(central.clock())) == (403, "line.bad_signature")
    assert await code_of(central, b"nothing\n") == (400, "line.malformed")
    now = central.clock()
    await central.instance.database.write(lambda conn: schools.revoke_school(conn, school.site, now))
    assert (await code_of(central, school.question(now)))[0] == 403


async def test_an_old_question_is_worth_nothing_and_the_same_one_is_written_once(central: Central) -> None:
    school = await School("new").come_in(central)
    assert await code_of(central, school.question(central.clock() - 3_600_000)) == (409, "ask.other_time")
    line = school.question(central.clock())
    for _ in range(2):
        assert (await post(central, "/api/v1/profiles", line))[0] == 200
    async with central.instance.database.read() as conn:
        rows = (await conn.execute(select(profile_asks))).all()
    assert [(row.by, row.found) for row in rows] == [("id-diaz", 0)]
    assert INE not in str(rows)


async def test_more_people_than_a_school_takes_in_are_refused(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.central.profiles.ASKED_A_DAY", 25)
    school = await School("new").come_in(central)
    assert await code_of(central, school.question(central.clock(), many=21)) == (422, "ask.too_many")
    assert (await post(central, "/api/v1/profiles", school.question(central.clock(), many=20)))[0] == 200
    assert await code_of(central, school.question(central.clock(), many=20)) == (429, "tries.too_many")


async def test_the_database_itself_keeps_who_asked_for_whom(central: Central) -> None:
    school = await School("new").come_in(central)
    await asked(central, school)
    for statement in (delete(profile_asks), update(profile_asks).values(by="nobody")):
        with pytest.raises(DBAPIError, match="only ever added"):
            await central.instance.database.write(lambda conn, it=statement: conn.execute(it))  # type: ignore[misc] # mypy cannot infer a lambda with defaults


async def test_officers_read_a_schools_year_and_what_it_asked_for(central: Central) -> None:
    school = await School("new").come_in(central)
    await school.tell(central, school.campaign())
    await school.tell(
        central, school.record(LearnerImported("school", "siecle", "update", 132, 540, 3, 118, 0, 12, 9))
    )
    course = CourseCreated("custom:" + "0" * 32, "Réviser", "", [("mots", 3)], "0" * 64, "school", "u-7")
    await school.tell(central, school.record(course))
    shared = ProfileShared("p-1", "c-1", "u-1", "0" * 64, 96, certifiable=True, competences=[("1.1", 1, 12)])
    await school.tell(central, school.record(shared))
    await asked(central, school)
    await central.sign_in()
    page = await (await central.client.get(f"/schools/{school.site}")).text()
    for words in ("132", "Campagne c-1", "Réviser", "96", "id-diaz"):
        assert words in page, words
    assert UAI in page
