"""Profiles that follow pupils: pieces come in from the schools that made them and go out to the school that asks.

A piece is kept as it came, sealed for our box, whose key is a file beside the database: a copy of the database says nothing of
anybody. People are looked up by a keyed hash. Every question is written down before it is answered.
"""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync import frames, letters
from sync.canonical import canonical
from sync.central.errors import Refused, Throttled
from sync.central.intake import REVOKED
from sync.central.keyring import public_key
from sync.central.store import profiles, schools
from sync.central.store.profiles import Ask, PieceRow
from sync.pieces import BadPiece, is_person, piece_hash, plain_ine, read_piece
from sync.profile_exchange import (
    CLOCK_MS,
    MAX_PIECES,
    MAX_WANTED,
    AnswerLine,
    AskLine,
    BoxStatement,
    Found,
    PieceLine,
    PieceReceipt,
    Wanted,
    hash_of,
    packed,
    unpacked,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.box_keys import Box
    from sync.central.database import Database
    from sync.central.store.profiles import Kept
    from sync.central.store.schools import School
    from sync.keys import Signer

DAY_MS = 24 * 3_600_000
KEPT_MS = 3 * 365 * DAY_MS
"""How long a piece is kept after it was handed in; results that change hand in another."""
ASKED_A_DAY = 3_000
"""People one school may ask for in a day: more than any school takes in, far fewer than it takes to guess numbers."""

T = TypeVar("T", PieceLine, AskLine)
R = TypeVar("R")
_wanted = msgspec.json.Decoder(list[Wanted])


@dataclass(frozen=True, slots=True)
class Turned:
    """A piece refused, by its place in the body."""

    index: int
    code: str


class Profiles:
    """Takes pieces in and answers questions; `pool`, of one thread, opens and seals."""

    def __init__(self, database: Database, signer: Signer, box: Box, pool: Executor) -> None:
        self._database = database
        self._signer = signer
        self._box = box
        self._pool = pool
        self._swept = 0
        secret = HKDF(SHA256(), 32, None, b"preau.person-index.v1\n")
        self._index_key = secret.derive(box.private.private_bytes_raw())

    def statement(self, now: int) -> bytes:
        """Return our box's public key, as a line our key signs."""
        said = BoxStatement(now, self._box.public.hex(), self._signer.key_id)
        return frames.frame(self._signer, frames.BOX, canonical(said))

    async def take(self, body: bytes, now: int) -> tuple[list[bytes], list[Turned]]:
        """Take pieces in; return a signed receipt for each one kept, and the refusals."""
        lines = frames.split_lines(body)
        if len(lines) > MAX_PIECES:
            raise Refused("body.too_many", 413)
        await self._sweep(now)
        receipts: list[bytes] = []
        turned: list[Turned] = []
        for index, line in enumerate(lines):
            try:
                receipts.append(await self._take_one(line, now))
            except Refused as refusal:
                turned.append(Turned(index, refusal.code))
        return receipts, turned

    async def _sweep(self, now: int) -> None:
        """Once a day, erase the pieces whose time is over."""
        if now - self._swept >= DAY_MS:
            self._swept = now
            await self._database.write(lambda conn: profiles.drop_old(conn, now - KEPT_MS))

    async def _take_one(self, line: bytes, now: int) -> bytes:
        said, _ = await self._open_line(line, frames.PIECE, PieceLine)
        row = await self._think(lambda: self._row(said, now))

        async def keep(conn: AsyncConnection) -> None:
            state = await profiles.state_of(conn, said.site, said.person)
            if state is None:
                raise Refused("piece.not_announced", 409)
            if state.piece != said.hash:
                raise Refused("piece.superseded", 409)
            await profiles.keep_piece(conn, row)

        await self._database.write(keep)
        receipt = PieceReceipt(now, said.hash, self._signer.key_id, said.person, said.site)
        return frames.frame(self._signer, frames.RECEIPT, canonical(receipt))

    def _row(self, said: PieceLine, now: int) -> PieceRow:
        try:
            sealed = unpacked(said.sealed)
            data = letters.open_letter(self._box, letters.PIECE + said.site.encode(), sealed)
            piece = read_piece(data)
        except (ValueError, letters.LetterError, BadPiece) as error:
            raise Refused("piece.unreadable", 422) from error
        if piece_hash(data) != said.hash:
            raise Refused("piece.other_hash", 422)
        return PieceRow(said.site, said.person, said.hash, self.who(piece.ine, piece.birth_date), sealed, now)

    def who(self, ine: str, birth_date: str) -> str:
        """Return what a person is looked up by: it says nothing without our key."""
        return hmac.digest(self._index_key, f"{plain_ine(ine)}\n{birth_date}".encode(), "sha256").hex()

    async def answer(self, line: bytes, now: int) -> bytes:
        """Answer a school's question. Raises Refused or Throttled; who asked for whom is written down first."""
        said, body = await self._open_line(line, frames.ASK, AskLine)
        if abs(now - said.at) > CLOCK_MS:
            raise Refused("ask.other_time", 409)
        wanted = await self._think(lambda: self._wanted(said))
        asked = hash_of(body)
        whos = [self.who(one.ine, one.birth_date) for one in wanted]

        async def note(conn: AsyncConnection) -> list[list[Kept]]:
            if not await schools.touch_school(conn, said.site, now):
                raise Refused(REVOKED[0], 403)
            kept = [await profiles.pieces_of(conn, who, said.site) for who in whos]
            if not await profiles.was_asked(conn, said.site, asked):
                await self._check_rate(conn, said.site, len(wanted), now)
                await profiles.add_asks(conn, _asks(said, asked, whos, kept, now))
            return kept

        found = await self._database.write(note)
        return await self._think(lambda: self._sealed(said, asked, found, now))

    async def _check_rate(self, conn: AsyncConnection, site: str, more: int, now: int) -> None:
        if await profiles.asked_since(conn, site, now - DAY_MS) + more > ASKED_A_DAY:
            raise Throttled(wait_s=3600)

    def _wanted(self, said: AskLine) -> list[Wanted]:
        try:
            context = letters.ASK + said.site.encode()
            found = _wanted.decode(letters.open_letter(self._box, context, unpacked(said.sealed)))
        except (ValueError, letters.LetterError) as error:
            raise Refused("ask.unreadable", 422) from error
        if not 0 < len(found) <= MAX_WANTED or len(found) != len(said.by):
            raise Refused("ask.too_many", 422)
        if not all(is_person(plain_ine(one.ine), one.birth_date) for one in found):
            raise Refused("ask.unreadable", 422)
        if not all(0 < len(by) <= 64 and by.isprintable() for by in said.by):
            raise Refused("ask.unreadable", 422)
        return found

    def _sealed(self, said: AskLine, asked: str, kept: list[list[Kept]], now: int) -> bytes:
        found = [self._found(number, one) for number, some in enumerate(kept) for one in some]
        try:
            box = bytes.fromhex(said.box)
            letter = letters.seal_letter(box, letters.ANSWER + asked.encode(), msgspec.json.encode(found))
        except (ValueError, letters.LetterError) as error:
            raise Refused("ask.unreadable", 422) from error
        line = AnswerLine(asked, now, self._signer.key_id, packed(letter), said.site)
        return frames.frame(self._signer, frames.ANSWER, canonical(line))

    def _found(self, number: int, one: Kept) -> Found:
        piece = letters.open_letter(self._box, letters.PIECE + one.site.encode(), one.sealed)
        return Found(number, piece.decode(), one.public_key, one.frame.decode(), one.school, one.uai)

    async def _open_line(self, line: bytes, domain: bytes, kind: type[T]) -> tuple[T, bytes]:
        """Return what a school's line says, once it is that of a school we know, by its signature."""
        try:
            frame = frames.parse(line)
            said = msgspec.json.decode(frame.body, type=kind)
        except (frames.FrameError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Refused("line.malformed") from error
        school = await self._school(said.site)
        try:
            frames.check(frame, domain, public_key(school.public_key))
        except frames.FrameError as error:
            raise Refused("line.bad_signature", 403) from error
        return said, frame.body

    async def _school(self, site: str) -> School:
        async with self._database.read() as conn:
            school = await schools.read_school(conn, site[:60])
        if school is None:
            raise Refused("school.unknown", 403)
        if school.revoked_at is not None:
            raise Refused(REVOKED[0], 403)
        return school

    async def _think(self, job: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._pool, job)


def _asks(said: AskLine, asked: str, whos: list[str], kept: list[list[Kept]], now: int) -> list[Ask]:
    return [
        Ask(said.site, asked, number, by, who, now, len(some))
        for number, (by, who, some) in enumerate(zip(said.by, whos, kept, strict=True))
    ]
