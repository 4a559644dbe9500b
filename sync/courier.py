"""One round of the daemon: take what is pending, send it, keep the receipts, and say how it went.

Sending in any order and more than once is harmless: the central instance stores once and answers with the same
receipt. So nothing is remembered about a transfer that failed, except when to try again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.contact import Contact, write_contact
from sync.outbox import Outbox, Refusal
from sync.transport import Answer, Retry, TooBig, Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.backoff import Backoff
    from sync.db import Database
    from sync.log_store import StoredRecord

MOST_RECORDS = 200
MOST_BYTES = 4_000_000


@dataclass
class Report:
    """What one or several rounds did."""

    sent: int = 0
    refused: int = 0
    pending: int = 0
    state: str = "ok"
    detail: str = ""
    answered: bool = False
    """Whether the central instance answered at all; with nothing to send it is not asked."""


class Courier:
    """Carries records from an outbox over a transport; `now` gives milliseconds since 1970."""

    def __init__(
        self, outbox: Outbox, transport: Transport, db: Database, backoff: Backoff, now: Callable[[], int]
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._db = db
        self._backoff = backoff
        self._now = now
        self._most = MOST_RECORDS
        self.next_try = 0
        """Not before this instant (ms) after a failure; 0 when nothing failed."""

    async def carry_all(self) -> Report:
        """Send until nothing is pending or a try fails; the report says which."""
        report = Report()
        while records := self._outbox.pending(self._now(), self._most, MOST_BYTES):
            try:
                await self._carry(records, report)
            except Retry as error:
                report.state, report.detail = error.state, str(error)
                self.next_try = self._now() + self._backoff.failed(error.after_ms)
                break
            self._backoff.succeeded()
            self.next_try = 0
        report.pending = self._outbox.count_pending()
        await self._note(report)
        return report

    async def _carry(self, records: list[StoredRecord], report: Report) -> None:
        try:
            answer = await self._transport.send(records)
        except TooBig:
            answer = self._smaller(records)
        if not answer.receipts and not answer.refusals and self._most >= len(records):
            raise Retry("bad_answer", "the central instance answered without a receipt")
        await self._outbox.keep(answer.receipts, answer.refusals, self._now())
        report.answered = report.answered or bool(answer.receipts or answer.refusals)
        report.sent += len(answer.receipts)
        report.refused += len(answer.refusals)

    def _smaller(self, records: list[StoredRecord]) -> Answer:
        """Halve the next uploads; a record too big on its own is set aside, named, for later."""
        if len(records) > 1:
            self._most = len(records) // 2
            return Answer([], [])
        return Answer([], [Refusal(records[0], "too_big", "the central instance takes smaller records only")])

    async def _note(self, report: Report) -> None:
        now = self._now()
        contact = Contact(
            state=report.state,
            detail=report.detail[:500],
            last_try=now if report.answered or report.state != "ok" else 0,
            last_ok=now if report.answered else 0,
            failures=self._backoff.failures,
            next_try=self.next_try,
            pending=report.pending,
        )
        await self._db.write(lambda tx: write_contact(tx, contact))
