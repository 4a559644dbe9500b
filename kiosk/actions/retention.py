"""How long things are kept: what is past its time, said beforehand, and purged once a day when the settings ask for it.

A pupil's answers go with their events, a whole sitting at a time, under a signed tombstone; what the pupil learnt stays while they
are a pupil here. A record the central instance has not acknowledged yet is never purged.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

import structlog

from kiosk.actions import erasing
from kiosk.actions.profile_requests import enrolled
from kiosk.errors import KioskError, NotFound
from kiosk.pasts import keep_settled
from kiosk.store import privacy, receipts
from kiosk.store import retention as store
from sync.tombstones import Whole, purge

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from sync.db import Tx

DAY_MS = 86_400_000
MONTH_MS = 2_629_800_000
"""A twelfth of a year of 365 days and a quarter."""
CHUNK = 50


class Line(NamedTuple):
    """One kind of thing: how long it is kept ("" for always), how much there is and how much is past its time."""

    kind: str
    setting: str
    kept: int
    unit: str
    held: int
    due: int
    oldest_ms: int | None


_KINDS = (
    ("participations", "keep_participations_months", "months"),
    ("disabled", "keep_disabled_months", "months"),
    ("uploads", "keep_uploads_days", "days"),
    ("mails", "keep_mails_days", "days"),
    ("imports", "keep_imports_days", "days"),
    ("refusals", "keep_telemetry_days", "days"),
)


def report(conn: Reader, config: Config, now_ms: int) -> list[Line]:
    """Return what is kept and what is past its time; nothing is changed."""
    lines = []
    for kind, setting, unit in _KINDS:
        kept = int(getattr(config, setting))
        found = store.due(conn, kind, before(kept, unit, now_ms))
        lines.append(Line(kind, setting, kept, unit, *found))
    return lines


def before(kept: int, unit: str, now_ms: int) -> int:
    """Return the instant before which things go; 0 when they are kept always."""
    return 0 if kept == 0 else now_ms - kept * (MONTH_MS if unit == "months" else DAY_MS)


async def apply(kiosk: Kiosk) -> dict[str, int]:
    """Purge what is past its time; return how much of each kind went."""
    now, config = kiosk.clock.now_ms(), kiosk.config
    limits = {kind: before(int(getattr(config, setting)), unit, now) for kind, setting, unit in _KINDS}
    return {
        "mails": await kiosk.db.write(lambda tx: store.drop_mails(tx, limits["mails"])),
        "imports": await kiosk.db.write(lambda tx: store.drop_imports(tx, limits["imports"])),
        "uploads": await _drop_uploads(kiosk, limits["uploads"]),
        "participations": await _drop_participations(kiosk, limits["participations"], now),
        "disabled": await _erase_left(kiosk, limits["disabled"]),
        "refusals": await kiosk.db.write(lambda tx: store.drop_telemetry(tx, limits["refusals"])),
    }


async def daily_purge(kiosk: Kiosk, after: str) -> None:
    """Do it as one of the day's tasks, all at once."""
    del after
    done = await apply(kiosk)
    if any(done.values()):
        structlog.get_logger().info("purged", **done)


async def _drop_uploads(kiosk: Kiosk, limit: int) -> int:
    if not limit:
        return 0

    def job(tx: Tx) -> list[str]:
        return [one for one in store.drop_uploads(tx, limit) if not privacy.still_named(tx, one)]

    files = await kiosk.db.write(job)
    return await asyncio.to_thread(erasing.remove_files, kiosk.config.uploads, files)


async def _drop_participations(kiosk: Kiosk, limit: int, now: int) -> int:
    """Purge sittings past their time with their events and the records that shared them, chunk by chunk."""
    if not limit:
        return 0
    sent = (
        await asyncio.to_thread(receipts.stored_records, kiosk.config.sync_database)
        if enrolled(kiosk)
        else None
    )
    count, after = 0, ""
    while rows := await _next(kiosk, limit, after):
        after = rows[-1].id
        ready = [row for row in rows if row.record is None or sent is None or row.record in sent]
        count += await _drop_chunk(kiosk, ready, now)
    return count


async def _next(kiosk: Kiosk, limit: int, after: str) -> list[store.Old]:
    return await kiosk.db.read(lambda conn: store.old_participations(conn, limit, after, CHUNK))


async def _drop_chunk(kiosk: Kiosk, rows: list[store.Old], now: int) -> int:
    def job(tx: Tx) -> tuple[int, list[str]]:
        ready = [row for row in rows if not row.sitting or _is_known(kiosk, tx, row.id)]
        wholes = {Whole(row.id, row.record): row.id for row in ready}
        gone = [wholes[whole] for whole in purge(tx, kiosk.identity.signer, wholes, now)]
        files = store.files_of_participations(tx, gone) if gone else []
        for participation in gone:
            store.close_participation(tx, participation, now)
            kiosk.sittings.forget(participation)
        return len(gone), [one for one in files if not privacy.still_named(tx, one)]

    if not rows:
        return 0
    count, files = await kiosk.db.write(job)
    await asyncio.to_thread(erasing.remove_files, kiosk.config.uploads, files)
    return count


def _is_known(kiosk: Kiosk, tx: Tx, participation: str) -> bool:
    """Keep what a sitting settled; False when it cannot be read (its bank is gone), and then it is left."""
    try:
        keep_settled(kiosk, tx, participation)
    except NotFound as problem:
        structlog.get_logger().warning("a sitting is not purged", reason=problem.code)
        return False
    return True


async def _erase_left(kiosk: Kiosk, limit: int) -> int:
    """Erase pupils who left long ago; one who may not be erased now is left for another day."""
    if not limit:
        return 0
    count = 0
    for learner in await kiosk.db.read(lambda conn: store.old_learners(conn, limit, 500)):
        try:
            await erasing.erase_left(kiosk, learner)
            count += 1
        except KioskError as refusal:
            structlog.get_logger().info("a pupil who left is not erased yet", reason=refusal.code)
    return count
