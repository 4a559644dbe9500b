"""A school comes in: a code used once, a key shown to be held, a statement signed by the central instance.

The key is made on the school's machine and never leaves it. Coming back with the same code and the same key gets
the same answer, for answers get lost; the same code with another key is refused and shown to officers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec

from sync import frames
from sync.canonical import canonical
from sync.central import codes, throttle
from sync.central.errors import Refused
from sync.central.store import schools
from sync.central.store.schools import Code, School
from sync.keys import public_from_hex

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.database import Database
    from sync.keys import Signer

VERSION = 1


class Enrolment(msgspec.Struct, frozen=True):
    """What a school sends: its code, who it is, its key, and a signature that shows it holds the key."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    uai: Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{7}[A-Z]\Z")]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    public_key: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    proof: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{128}\Z")]


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the school gets back; `statement` is a frame line."""

    site: str
    statement: str
    central_key: str


def site_of(public_key: str) -> str:
    """Return the id of the school holding this key (raw, hex): its identity is the key, not its address."""
    return "s-" + hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def proof_of(code: str, public_key: str, uai: str) -> bytes:
    """Return the bytes a school signs to show that it holds the key, before their domain."""
    hashed = hashlib.sha256(code.encode()).hexdigest()
    return canonical({"code": hashed, "public_key": public_key, "uai": uai})


class Enrolments:
    """Takes schools in; `signer` is the central instance's own key."""

    def __init__(self, database: Database, signer: Signer) -> None:
        self._database = database
        self._signer = signer
        self._central_key = signer.public_hex

    async def enrol(self, asked: Enrolment, address: str, now: int) -> Welcome:
        """Enrol a school and return its welcome. Raises `Refused` or `Throttled`; nothing is then enrolled."""
        place = throttle.network_of(address)

        async def attempt(conn: AsyncConnection) -> Welcome | Refused:
            await throttle.take(conn, throttle.ENROLMENT, place, now)
            decided = await self._decide(conn, asked, now)
            if isinstance(decided, Welcome):
                await throttle.give_back(conn, throttle.ENROLMENT, place)
            return decided

        outcome = await self._database.write(attempt)
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    async def _decide(self, conn: AsyncConnection, asked: Enrolment, now: int) -> Welcome | Refused:
        proof = frames.ENROLMENT + proof_of(asked.code, asked.public_key, asked.uai)
        if not public_from_hex(asked.public_key).verify(bytes.fromhex(asked.proof), proof):
            return Refused("enrolment.bad_proof", 403)
        hashed = codes.code_hash(asked.code)
        code = await schools.read_code(conn, hashed)
        if code is None:
            return Refused("enrolment.unknown_code", 403)
        site = site_of(asked.public_key)
        if code.used_at is not None and code.site == site and code.statement is not None:
            return Welcome(site, code.statement, self._central_key)
        refusal = _refusal(code, asked.uai, now) or await _known_refusal(conn, site)
        if refusal is not None:
            await schools.note_refusal(conn, hashed, refusal.code, now)
            return refusal
        school = School(site, code.uai, code.name, asked.public_key, now, None, None)
        await schools.add_school(conn, school)
        statement = self._statement(school, now)
        await schools.use_code(conn, hashed, site, statement, now)
        return Welcome(site, statement, self._central_key)

    def _statement(self, school: School, now: int) -> str:
        fields = {
            "at": now,
            "central": self._central_key,
            "key": self._signer.key_id,
            "public_key": school.public_key,
            "site": school.site,
            "type": "enrolment",
            "uai": school.uai,
            "v": VERSION,
        }
        return frames.frame(self._signer, frames.STATEMENT, canonical(fields)).decode()


def _refusal(code: Code, uai: str, now: int) -> Refused | None:
    if code.used_at is not None:
        return Refused("enrolment.code_used", 409)
    if code.expires_at <= now:
        return Refused("enrolment.code_expired", 403)
    if code.uai != uai:
        return Refused("enrolment.other_school", 409)
    return None


async def _known_refusal(conn: AsyncConnection, site: str) -> Refused | None:
    known = await schools.read_school(conn, site)
    if known is not None and known.revoked_at is not None:
        return Refused("enrolment.key_revoked", 403)
    return None
