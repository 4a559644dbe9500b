"""How the kiosk's database is opened: with the log's tables first, then ours, and the log on top.

The server's own school takes its code and name from the home's identity the first time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from kiosk.store import organisations
from sync.db import Database
from sync.identity import Identity, now_ms
from sync.log import LOG_MIGRATIONS, Log
from sync.migrate import MigrationSet

if TYPE_CHECKING:
    from collections.abc import Callable

MIGRATIONS = (LOG_MIGRATIONS, MigrationSet("kiosk", Path(__file__).parent / "migrations"))
FILE = "kiosk.db"


def open_database(home: Path) -> Database:
    """Open the home's database without its log: for commands that only touch tables, beside a running server."""
    db = Database.open(home / FILE, MIGRATIONS, readers=1)
    try:
        _name_school(db, Identity.load(home), now_ms())
    except BaseException:
        db.close_sync()
        raise
    return db


def open_log(home: Path, identity: Identity, now: Callable[[], int] = now_ms) -> tuple[Database, Log]:
    """Open the home's database and its log; only one process may, see `kiosk.homes.held`."""
    db = Database.open(home / FILE, MIGRATIONS)
    try:
        log = Log(db, identity.signer, identity.site, now)
        _tell_damage(db, log)
        _name_school(db, identity, now())
    except BaseException:
        db.close_sync()
        raise
    return db, log


def _name_school(db: Database, identity: Identity, at_ms: int) -> None:
    if not db.read_sync(organisations.is_named):
        db.write_sync(lambda tx: organisations.name_school(tx, identity.uai, identity.name, at_ms))


def _tell_damage(db: Database, log: Log) -> None:
    """Write in the server's journal what the end of the log lacks; pupils are served all the same."""
    for failure in db.read_sync(log.check_tail).failures:
        structlog.get_logger().error(
            "the signed log does not hold: run preau log check",
            code=failure.code,
            record=failure.record,
            step=failure.step,
        )
