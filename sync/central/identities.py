"""Who candidates are: sheets handed in sealed, kept sealed, opened only to certify, to correct, or for a national system.

A copy of the database says nothing of anybody: the box's key is a file beside it, and people are looked up by keyed hashes.
"""

from __future__ import annotations

import asyncio
import hmac
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync import frames, letters
from sync.canonical import canonical
from sync.central.errors import Refused
from sync.central.keyring import public_key
from sync.central.store import certifications, schools
from sync.central.store import statements as store
from sync.central.store.statements import IdentityRow
from sync.identities import (
    CORRECTED,
    MAX_SHEETS,
    SEALED,
    SHEET,
    Letter,
    Sheet,
    SheetLine,
    SheetReceipt,
    read_sheet,
    sheet_hash,
)
from sync.pieces import plain_ine
from sync.profile_exchange import packed, unpacked

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.box_keys import Box
    from sync.central.database import Database
    from sync.central.store.schools import School
    from sync.keys import Signer


class Known(NamedTuple):
    """An identity in clear, for as long as it is needed."""

    sheet: Sheet
    letter: Letter


class Identities:
    """Takes sheets in and opens them; `pool`, of one thread, does the sealing."""

    def __init__(self, database: Database, signer: Signer, box: Box, pool: Executor) -> None:
        self._database, self._signer, self._box, self._pool = database, signer, box, pool
        secret = HKDF(SHA256(), 32, None, b"preau.candidate-index.v1\n")
        self._index_key = secret.derive(box.private.private_bytes_raw())

    async def take(self, body: bytes, now: int) -> list[bytes]:
        """Take sheets in; return a receipt or a refusal line for each."""
        lines = frames.split_lines(body)
        if len(lines) > MAX_SHEETS:
            raise Refused("body.too_many", 413)
        replies = []
        for index, line in enumerate(lines):
            try:
                replies.append(await self._take_one(line, now))
            except Refused as refusal:
                said = {"index": index, "code": refusal.code}
                replies.append(b"refused " + msgspec.json.encode(said) + b"\n")
        return replies

    async def _take_one(self, line: bytes, now: int) -> bytes:
        said, school = await self._open_line(line)
        row = await asyncio.get_running_loop().run_in_executor(self._pool, self._row, said, school, now)

        async def keep(conn: AsyncConnection) -> None:
            final = await certifications.final_of(conn, said.site, said.session)
            named = {one.candidate: one.identity for one in final.said.candidates} if final else {}
            if named.get(said.candidate) != said.hash:
                raise Refused("identity.not_announced", 409)
            known = await store.identity_of(conn, said.site, said.candidate)
            if known is not None and known.erased:
                raise Refused("identity.erased", 410)
            if known is None or known.said != said.hash:
                await store.keep_identity(conn, row)

        await self._database.write(keep)
        receipt = SheetReceipt(now, said.candidate, said.hash, self._signer.key_id, said.site)
        return frames.frame(self._signer, frames.RECEIPT, canonical(receipt))

    async def _open_line(self, line: bytes) -> tuple[SheetLine, School]:
        try:
            frame = frames.parse(line)
            said = msgspec.json.decode(frame.body, type=SheetLine)
        except (frames.FrameError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Refused("line.malformed") from error
        async with self._database.read() as conn:
            school = await schools.read_school(conn, said.site[:60])
        if school is None or school.revoked_at is not None:
            raise Refused("school.unknown", 403)
        try:
            frames.check(frame, SHEET, public_key(school.public_key))
        except frames.FrameError as error:
            raise Refused("line.bad_signature", 403) from error
        return said, school

    def _row(self, said: SheetLine, school: School, now: int) -> IdentityRow:
        try:
            sealed = unpacked(said.sealed)
            letter = self._letter(said.site, sealed)
            sheet = read_sheet(letter.sheet.encode())
            box = bytes.fromhex(said.box)
        except (ValueError, letters.LetterError, msgspec.MsgspecError) as error:
            raise Refused("identity.unreadable", 422) from error
        if sheet_hash(letter.sheet.encode()) != said.hash or len(box) != 32:
            raise Refused("identity.other_hash", 422)
        return IdentityRow(
            site=said.site,
            candidate=said.candidate,
            session=said.session,
            hash=said.hash,
            said=said.hash,
            who=self.by_ine(letter.details.ine) if letter.details.ine else "",
            named=self.by_name(school.uai, sheet.last_name, sheet.first_name, sheet.birth_date),
            box=said.box,
            sealed=sealed,
            received_at=now,
        )

    def _letter(self, site: str, sealed: bytes) -> Letter:
        return msgspec.json.decode(
            letters.open_letter(self._box, SEALED + site.encode(), sealed), type=Letter
        )

    def open(self, row: IdentityRow) -> Known:
        """Return an identity in clear; raises ValueError when it does not open."""
        try:
            letter = self._letter(row.site, row.sealed)
        except (letters.LetterError, msgspec.MsgspecError) as error:
            raise ValueError("this identity does not open with our box") from error
        return Known(read_sheet(letter.sheet.encode()), letter)

    def corrected(self, row: IdentityRow, sheet: Sheet, uai: str) -> IdentityRow:
        """Return the identity with another sheet, sealed as the first was."""
        text = canonical(sheet)
        letter = Letter(self.open(row).letter.details, text.decode())
        sealed = letters.seal_letter(
            self._box.public, SEALED + row.site.encode(), msgspec.json.encode(letter)
        )
        named = self.by_name(uai, sheet.last_name, sheet.first_name, sheet.birth_date)
        return IdentityRow(
            row.site, row.candidate, row.session, sheet_hash(text), row.said, row.who, named, row.box, sealed,
            row.received_at,
        )  # fmt: skip

    def for_school(self, row: IdentityRow) -> str:
        """Return the sheet in force sealed for the school's box, empty when it is the school's own."""
        if row.hash == row.said:  # also one that was erased
            return ""
        sheet = self.open(row).letter.sheet.encode()
        return packed(letters.seal_letter(bytes.fromhex(row.box), CORRECTED + row.site.encode(), sheet))

    def by_ine(self, ine: str) -> str:
        """Return what a pupil is looked up by: it says nothing without our key."""
        return self._keyed("ine", plain_ine(ine))

    def by_name(self, uai: str, last_name: str, first_name: str, birth_date: str) -> str:
        """Return what a pupil of a school is looked up by, names without case or accents."""
        return self._keyed("name", uai.upper(), _bare(last_name), _bare(first_name), birth_date)

    def _keyed(self, *parts: str) -> str:
        return hmac.digest(self._index_key, "\n".join(parts).encode(), "sha256").hex()


def _bare(name: str) -> str:
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name[:300]).casefold())
    return "".join(sign for sign in flat if sign.isalnum())
