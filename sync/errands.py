"""What the daemon carries besides records: pieces of profiles up, questions for profiles up, their answers down.

It reads the kiosk's database and writes only its own. A piece goes up after its record; an answer stays sealed until the kiosk
opens it, and is dropped once the kiosk has settled its request.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from sync import frames, letters
from sync.box_keys import load_or_make_box
from sync.canonical import canonical
from sync.connections import connect_reader
from sync.identity import Identity
from sync.profile_exchange import (
    MAX_PIECES,
    MAX_WANTED,
    AnswerLine,
    AskLine,
    BoxStatement,
    PieceLine,
    PieceReceipt,
    Wanted,
    hash_of,
    packed,
)
from sync.transport import Retry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.db import Database
    from sync.enrolment import Enrolled
    from sync.transaction import Tx
    from sync.transport import Transport

S = TypeVar("S", bound=msgspec.Struct)
FINAL = frozenset({"piece.superseded", "piece.unreadable", "piece.other_hash"})
"""Refusals that stand: another piece took this one's place, or it will never be read."""

_HASHES = "SELECT hash FROM pieces"  # from an index alone: this runs at every commit of the kiosk
_PIECE = "SELECT p.person, p.hash, p.piece, r.hash FROM pieces p JOIN log_records r ON r.seq = p.record WHERE p.hash = ?"
_QUEUED = (
    "SELECT q.id, q.person, l.ine, l.birth_date FROM profile_requests q JOIN learners l ON l.id = q.learner"
    " WHERE q.state = 'queued' AND l.ine IS NOT NULL AND l.birth_date IS NOT NULL ORDER BY q.at_ms, q.id"
)
_KEEP_ANSWER = (
    "INSERT OR REPLACE INTO profile_answers (request, code, at, number, answer) VALUES (?, ?, ?, ?, ?)"
)


class _Piece(NamedTuple):
    person: str
    hash: str
    piece: bytes
    record: str


class _Question(NamedTuple):
    request: str
    person: str
    ine: str
    birth_date: str


class _Refused(msgspec.Struct, frozen=True):
    code: str
    index: int


class Errands:
    """Carries pieces and questions for one home. Close it."""

    def __init__(
        self, home: Path, enrolled: Enrolled, transport: Transport, db: Database, now: Callable[[], int]
    ) -> None:
        self._source = connect_reader(home / "kiosk.db")
        self._identity = Identity.load(home)
        self._box = load_or_make_box(home)
        self._enrolled = enrolled
        self._transport = transport
        self._db = db
        self._now = now
        self._central_box = b""
        self._done = db.read_sync(_settled_pieces)

    async def run(self) -> bool:
        """Carry what waits; return whether anything still does. Raises sync.transport.Retry."""
        try:
            pieces, questions = self._pieces(), self._questions()
        except sqlite3.OperationalError:
            return False  # a home of an older version, before its first start with this one
        await self._forget_settled()
        if pieces or questions:
            await self._learn_box()
        for start in range(0, len(questions), MAX_WANTED):
            await self._ask(questions[start : start + MAX_WANTED])
        while pieces:
            if await self._hand_in(pieces) < len(pieces):
                return True
            pieces = self._pieces()
        return False

    def close(self) -> None:
        """Release the kiosk's database."""
        self._source.close()

    def _pieces(self) -> list[_Piece]:
        """Return the next pieces whose record was taken, at most a body of them."""
        found: list[_Piece] = []
        for (digest,) in self._source.execute(_HASHES).fetchall():
            if digest in self._done:
                continue
            row = self._source.execute(_PIECE, (digest,)).fetchone()
            if row is not None and self._is_sent(row[-1]):
                found.append(_Piece(*row))
            if len(found) == MAX_PIECES:
                break
        return found

    def _is_sent(self, record: str) -> bool:
        return self._db.read_sync(
            lambda conn: (
                conn.execute("SELECT 1 FROM receipts WHERE hash = ?", (record,)).fetchone() is not None
            )
        )

    def _questions(self) -> list[_Question]:
        known = self._db.read_sync(
            lambda conn: {row[0] for row in conn.execute("SELECT request FROM profile_answers")}
        )
        return [_Question(*row) for row in self._source.execute(_QUEUED) if row[0] not in known]

    async def _learn_box(self) -> None:
        if self._central_box:
            return
        line = await self._transport.ask("GET", "/api/v1/box", b"")
        try:
            said = msgspec.json.decode(
                frames.open_frame(line, frames.BOX, self._enrolled.central_key), type=BoxStatement
            )
            self._central_box = bytes.fromhex(said.box)
        except (frames.FrameError, msgspec.DecodeError, ValueError) as error:
            raise Retry(
                "bad_answer", f"the central instance's box is not signed by its key: {error}"
            ) from error

    async def _hand_in(self, pieces: list[_Piece]) -> int:
        """Hand pieces in; return how many are settled."""
        reply = await self._transport.ask(
            "POST", "/api/v1/pieces", b"".join(self._piece_line(piece) for piece in pieces)
        )
        settled: list[tuple[str, str, bytes]] = []
        for line in frames.split_lines(reply):
            if line.startswith(b"refused "):
                refused = _decoded(line[len(b"refused ") :], _Refused)
                if refused.code in FINAL and 0 <= refused.index < len(pieces):
                    settled.append((pieces[refused.index].hash, refused.code, b""))
            else:
                settled.append((self._receipt(line, pieces), "kept", line))
        now = self._now()

        def keep(tx: Tx) -> None:
            for digest, state, line in settled:
                tx.execute(
                    "INSERT OR REPLACE INTO piece_receipts (hash, state, at, line) VALUES (?, ?, ?, ?)",
                    (digest, state, now, line),
                )

        await self._db.write(keep)
        self._done.update(digest for digest, _, _ in settled)
        return len(settled)

    def _receipt(self, line: bytes, pieces: list[_Piece]) -> str:
        try:
            receipt = _decoded(
                frames.open_frame(line, frames.RECEIPT, self._enrolled.central_key), PieceReceipt
            )
        except frames.FrameError as error:
            raise Retry(
                "wrong_key", f"a piece's receipt is not signed by the central key: {error}"
            ) from error
        if receipt.hash not in {piece.hash for piece in pieces} or receipt.site != self._identity.site:
            raise Retry("bad_answer", "a receipt for a piece that was not handed in")
        return receipt.hash

    def _piece_line(self, piece: _Piece) -> bytes:
        site = self._identity.site
        sealed = letters.seal_letter(self._central_box, letters.PIECE + site.encode(), piece.piece)
        said = PieceLine(self._now(), piece.hash, piece.person, packed(sealed), site)
        return frames.frame(self._identity.signer, frames.PIECE, canonical(said))

    async def _ask(self, questions: list[_Question]) -> None:
        site, now = self._identity.site, self._now()
        wanted = [Wanted(one.ine, one.birth_date) for one in questions]
        context = letters.ASK + site.encode()
        sealed = letters.seal_letter(self._central_box, context, msgspec.json.encode(wanted))
        body = canonical(
            AskLine(now, self._box.public.hex(), [one.person for one in questions], packed(sealed), site)
        )
        code, line = "", b""
        try:
            line = await self._transport.ask(
                "POST", "/api/v1/profiles", frames.frame(self._identity.signer, frames.ASK, body)
            )
        except Retry as error:
            if error.code not in {"ask.unreadable", "ask.too_many"}:
                raise
            code = error.code
        if line:
            self._check_answer(line, hash_of(body))

        def keep(tx: Tx) -> None:
            for number, one in enumerate(questions):
                tx.execute(_KEEP_ANSWER, (one.request, code, now, number, line))

        await self._db.write(keep)

    def _check_answer(self, line: bytes, asked: str) -> None:
        try:
            said = _decoded(frames.open_frame(line, frames.ANSWER, self._enrolled.central_key), AnswerLine)
        except frames.FrameError as error:
            raise Retry("wrong_key", f"the answer is not signed by the central key: {error}") from error
        if (said.asked, said.site) != (asked, self._identity.site):
            raise Retry("bad_answer", "the answer is to another question")

    async def _forget_settled(self) -> None:
        """Drop answers whose request waits no more."""
        queued = {
            row[0] for row in self._source.execute("SELECT id FROM profile_requests WHERE state = 'queued'")
        }
        kept = self._db.read_sync(
            lambda conn: {row[0] for row in conn.execute("SELECT request FROM profile_answers")}
        )
        if kept <= queued:
            return

        def drop(tx: Tx) -> None:
            tx.executemany("DELETE FROM profile_answers WHERE request = ?", [(one,) for one in kept - queued])

        await self._db.write(drop)


def _settled_pieces(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT hash FROM piece_receipts")}


def _decoded(data: bytes, kind: type[S]) -> S:
    """Return what a line says. Raises Retry."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Retry("bad_answer", "the central instance answered something else") from error
