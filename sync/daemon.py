"""The process that brings records to the central instance whenever there is a way, and waits when there is none.

It reads the kiosk's database and never writes it; stopping it, or deleting its own small database, loses nothing.
A record committed by the kiosk is sent within a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

import structlog

from sync.backoff import Backoff
from sync.contact import Contact, write_contact
from sync.courier import Courier, Report
from sync.db import Database
from sync.enrolment import NotEnrolled, load_enrolment
from sync.errands import Errands
from sync.identity import HomeError
from sync.keys import KeyFileError
from sync.notify import Notifier, watch
from sync.outbox import OUTBOX_MIGRATIONS, Outbox
from sync.session_errands import SessionErrands
from sync.transport import Retry, Transport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path


POLL_S = 0.5
"""Seconds between two looks at the kiosk's database; a look costs one PRAGMA."""

LOOK_AGAIN_MS = 60_000
"""How often to see whether a record that was refused is due to be offered again."""
ERRANDS_AGAIN_MS = 5_000
"""How long to wait with pieces and questions after a try that failed."""

log = structlog.get_logger("preau.sync")


class NothingToRead(Exception):  # noqa: N818 - says what is the case
    """The kiosk has not made its database yet."""


class Rounds(NamedTuple):
    """What is carried besides records: of profiles and of certifications."""

    profiles: Errands
    sessions: SessionErrands

    async def run(self) -> bool:
        """Carry all of it; return whether something still waits. Raises sync.transport.Retry."""
        waits = await self.profiles.run()
        return await self.sessions.run() or waits

    def close(self) -> None:
        """Release the kiosk's database."""
        self.profiles.close()
        self.sessions.close()


class Parts(NamedTuple):
    """Everything one needs to send."""

    courier: Courier
    outbox: Outbox
    errands: Rounds


@contextlib.asynccontextmanager
async def open_courier(home: Path, now: Callable[[], int]) -> AsyncIterator[Parts]:
    """Open everything one needs to send. Raises NotEnrolled, NothingToRead, HomeError, KeyFileError or SchemaError."""
    enrolled = load_enrolment(home)
    kiosk_db = home / "kiosk.db"
    if not _has_log(kiosk_db):
        raise NothingToRead(f"{kiosk_db.name} is not there yet: start `preau serve` first")
    db = Database.open(home / "sync.db", [OUTBOX_MIGRATIONS], readers=1)
    try:
        outbox = Outbox(kiosk_db, db)
        try:
            async with Transport(enrolled) as transport:
                errands = Rounds(
                    Errands(home, enrolled, transport, db, now),
                    SessionErrands(home, enrolled, transport, db, now),
                )
                try:
                    yield Parts(
                        Courier(outbox, transport, db, Backoff(secrets.randbelow), now), outbox, errands
                    )
                finally:
                    errands.close()
        finally:
            outbox.close()
    finally:
        await db.close()


async def run_once(home: Path, now: Callable[[], int], *, again: bool = False) -> Report:
    """Send what is pending now, or `again` all there ever was, and report. Raises as `open_courier`."""
    async with open_courier(home, now) as (courier, outbox, errands):
        if again:
            await outbox.forget()
        report = await courier.carry_all()
        if report.state == "ok":
            await _run_errands(errands)
        return report


async def run(home: Path, now: Callable[[], int], notifier: Notifier, stop: asyncio.Event) -> None:
    """Send records until `stop` is set; waits patiently for the enrolment and for the kiosk's database."""
    notifier.ready("starting")
    helpers = [asyncio.create_task(watch(notifier)), asyncio.create_task(_keep_serving(home, now, notifier))]
    stopped = asyncio.create_task(stop.wait())
    # An upload under way is dropped at once: it is simply sent again after the next start.
    done, _ = await asyncio.wait([stopped, *helpers], return_when=asyncio.FIRST_COMPLETED)
    notifier.stopping()
    for task in (stopped, *helpers):
        task.cancel()
    await asyncio.gather(stopped, *helpers, return_exceptions=True)
    for task in done:
        task.result()


async def _keep_serving(home: Path, now: Callable[[], int], notifier: Notifier) -> None:
    while True:
        try:
            async with open_courier(home, now) as parts:
                log.info("sync.started")
                await _serve(parts, now, notifier)
        except (NotEnrolled, NothingToRead, HomeError, KeyFileError) as error:
            await _note_waiting(home, str(error), now)
            notifier.status(str(error))
            await asyncio.sleep(2 * POLL_S)
        except (sqlite3.Error, OSError) as error:
            # A file being restored or repaired: look again, from the beginning.
            log.warning("sync.file", error=str(error))
            notifier.status(f"file: {error}")
            await asyncio.sleep(10 * POLL_S)


async def _serve(parts: Parts, now: Callable[[], int], notifier: Notifier) -> None:
    """Carry whatever the kiosk commits, as soon as it does, or when a failed try is due again."""
    courier, outbox, errands = parts
    waiting, look_again, errands_at = True, 0, 0
    while True:
        changed = outbox.changed()
        waiting = changed or waiting or (look_again > 0 and now() >= look_again)
        if waiting and now() >= courier.next_try:
            report = await courier.carry_all()
            waiting = report.state != "ok"
            look_again = now() + LOOK_AGAIN_MS if report.pending else 0
            _tell(report, notifier)
        if not waiting and (changed or now() >= errands_at):
            errands_at = now() + (ERRANDS_AGAIN_MS if await _run_errands(errands) else LOOK_AGAIN_MS)
        await asyncio.sleep(POLL_S)


async def _run_errands(errands: Rounds) -> bool:
    """Carry pieces and questions; return whether some still wait. A failure is told, and the next time comes."""
    try:
        return await errands.run()
    except Retry as error:
        log.warning("sync.errands_delayed", state=error.state, detail=str(error))
        return True


def _tell(report: Report, notifier: Notifier) -> None:
    notifier.status(f"{report.state}: {report.sent} sent, {report.pending} pending {report.detail}")
    if report.state != "ok":
        log.warning("sync.delayed", state=report.state, detail=report.detail, pending=report.pending)
    elif report.sent or report.refused:
        log.info("sync.sent", sent=report.sent, refused=report.refused, pending=report.pending)


async def _note_waiting(home: Path, why: str, now: Callable[[], int]) -> None:
    db = Database.open(home / "sync.db", [OUTBOX_MIGRATIONS], readers=1)
    try:
        contact = Contact("not_enrolled", why, now(), 0, 0, 0, 0)
        await db.write(lambda tx: write_contact(tx, contact))
    finally:
        await db.close()


def _has_log(path: Path) -> bool:
    """Whether the kiosk's database exists and already has the tables of the log."""
    if not path.exists():
        return False
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            connection.execute("SELECT 1 FROM log_records LIMIT 1")
        except sqlite3.OperationalError:
            return False
    return True
