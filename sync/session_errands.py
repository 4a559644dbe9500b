"""What the daemon carries for certifications: identity sheets up, the central instance's statements down.

It reads the kiosk's database and writes only its own; the kiosk takes what came from there, after checking it again.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from sync import frames, letters
from sync.box_keys import load_or_make_box
from sync.canonical import canonical
from sync.connections import connect_reader
from sync.identities import MAX_SHEETS, SEALED, SHEET, Details, Letter, SheetLine, SheetReceipt
from sync.identity import Identity
from sync.profile_exchange import BoxStatement, packed
from sync.statements import MAX_STATEMENTS, PULL, PullLine, StatementError, read_statement
from sync.transport import Retry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.db import Database
    from sync.enrolment import Enrolled
    from sync.transaction import Tx
    from sync.transport import Transport

S = TypeVar("S", bound=msgspec.Struct)
PULL_EVERY_MS = 60_000
"""How often to ask what the central instance said: results wait for a jury, a minute more is nothing."""
FINAL = frozenset({"identity.unreadable", "identity.other_hash", "identity.erased"})
"""Refusals that stand; one that was not announced yet is offered again."""
_SHEETS = (
    "SELECT s.candidate, s.session, s.hash, s.sheet, s.details, r.hash FROM identity_sheets s"
    " JOIN log_records r ON r.seq = s.record"
)
_HELD = "SELECT max(1, count(*)) FROM sessions WHERE manifest IS NOT NULL HAVING count(*) > 0"


class _Sheet(NamedTuple):
    candidate: str
    session: str
    hash: str
    sheet: str
    details: str
    record: str


class _Refused(msgspec.Struct, frozen=True):
    code: str
    index: int


class SessionErrands:
    """Carries sheets and statements for one home. Close it."""

    def __init__(
        self, home: Path, enrolled: Enrolled, transport: Transport, db: Database, now: Callable[[], int]
    ) -> None:
        self._source = connect_reader(home / "kiosk.db")
        self._identity = Identity.load(home)
        self._box = load_or_make_box(home)
        self._enrolled, self._transport, self._db, self._now = enrolled, transport, db, now
        self._central_box = b""
        self._pull_at = 0

    async def run(self) -> bool:
        """Carry what waits; return whether a sheet still does. Raises sync.transport.Retry."""
        try:
            sheets = self._sheets()
            held = self._source.execute(_HELD).fetchone() is not None
        except sqlite3.OperationalError:
            return False  # a home of an older version, before its first start with this one
        settled = 0
        for start in range(0, len(sheets), MAX_SHEETS):
            settled += await self._hand_in(sheets[start : start + MAX_SHEETS])
        if held and self._now() >= self._pull_at:
            self._pull_at = self._now() + PULL_EVERY_MS
            while await self._pull() == MAX_STATEMENTS:
                pass
        return settled < len(sheets)

    def close(self) -> None:
        """Release the kiosk's database."""
        self._source.close()

    def _sheets(self) -> list[_Sheet]:
        """Return the sheets to hand in: those whose finalisation the central instance has."""

        def read(conn: sqlite3.Connection) -> tuple[set[str], set[str]]:
            sent = {row[0] for row in conn.execute("SELECT hash FROM receipts")}
            return sent, {row[0] for row in conn.execute("SELECT hash FROM sheet_receipts")}

        sent, done = self._db.read_sync(read)
        rows = [_Sheet(*row) for row in self._source.execute(_SHEETS)]
        return [row for row in rows if row.hash not in done and row.record in sent]

    async def _hand_in(self, sheets: list[_Sheet]) -> int:
        """Hand sheets in; return how many are settled."""
        await self._learn_box()
        reply = await self._transport.ask(
            "POST", "/api/v1/identities", b"".join(self._line(one) for one in sheets)
        )
        settled: list[tuple[str, str, bytes]] = []
        known = {one.hash for one in sheets}
        for line in frames.split_lines(reply):
            if line.startswith(b"refused "):
                refused = _decoded(line[len(b"refused ") :], _Refused)
                if refused.code in FINAL and 0 <= refused.index < len(sheets):
                    settled.append((sheets[refused.index].hash, refused.code, b""))
                continue
            receipt = _decoded(self._opened(line, frames.RECEIPT), SheetReceipt)
            if receipt.hash not in known or receipt.site != self._identity.site:
                raise Retry("bad_answer", "a receipt for a sheet that was not handed in")
            settled.append((receipt.hash, "kept", line))
        now = self._now()

        def keep(tx: Tx) -> None:
            tx.executemany(
                "INSERT OR REPLACE INTO sheet_receipts (hash, state, at, line) VALUES (?, ?, ?, ?)",
                [(digest, state, now, line) for digest, state, line in settled],
            )

        await self._db.write(keep)
        return len(settled)

    def _line(self, one: _Sheet) -> bytes:
        site = self._identity.site
        letter = msgspec.json.encode(Letter(_decoded(one.details.encode(), Details), one.sheet))
        sealed = letters.seal_letter(self._central_box, SEALED + site.encode(), letter)
        box = self._box.public.hex()
        said = SheetLine(self._now(), box, one.candidate, one.hash, packed(sealed), one.session, site)
        return frames.frame(self._identity.signer, SHEET, canonical(said))

    async def _learn_box(self) -> None:
        if not self._central_box:
            line = await self._transport.ask("GET", "/api/v1/box", b"")
            said = _decoded(self._opened(line, frames.BOX), BoxStatement)
            try:
                self._central_box = bytes.fromhex(said.box)
            except ValueError as error:
                raise Retry("bad_answer", "the central instance's box is no key") from error

    async def _pull(self) -> int:
        """Ask for the statements after the last one held, and keep them; return how many came."""
        after = self._db.read_sync(
            lambda conn: int(conn.execute("SELECT coalesce(max(number), 0) FROM statements").fetchone()[0])
        )
        said = PullLine(after, self._now(), self._identity.site)
        asked = frames.frame(self._identity.signer, PULL, canonical(said))
        reply = await self._transport.ask("POST", "/api/v1/statements", asked)
        rows: list[tuple[int, int, bytes]] = []
        for line in frames.split_lines(reply):
            try:
                statement, _ = read_statement(line, self._enrolled.central_key, self._identity.site)
            except StatementError as error:
                raise Retry(
                    "wrong_key" if error.code == "bad_signature" else "bad_answer", str(error)
                ) from error
            if statement.number != after + len(rows) + 1:
                raise Retry("bad_answer", "a statement is missing in what the central instance said")
            rows.append((statement.number, statement.at, line))

        def keep(tx: Tx) -> None:
            tx.executemany("INSERT INTO statements (number, at, line) VALUES (?, ?, ?)", rows)

        if rows:
            await self._db.write(keep)
        return len(rows)

    def _opened(self, line: bytes, domain: bytes) -> bytes:
        try:
            return frames.open_frame(line, domain, self._enrolled.central_key)
        except frames.FrameError as error:
            raise Retry("wrong_key", f"a line is not signed by the central key: {error}") from error


def _decoded(data: bytes, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Retry("bad_answer", "the central instance answered something else") from error
