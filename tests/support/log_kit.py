"""A school's log for tests: a real database, a real key, and a handful of sittings."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sync.db import Database
from sync.identity import Identity, init_home
from sync.log import LOG_MIGRATIONS, Log
from sync.records import ParticipationShared, SiteOpened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.transaction import Tx

UAI = "0751234J"
NAME = "Collège des Tilleuls"


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """An event with the shape of the real ones."""

    number: int
    item: str


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """An answer, of any of the three shapes answers have."""

    number: int
    answer: str | list[str] | dict[str, str] | None


class Graded(msgspec.Struct, frozen=True, tag="graded"):
    """A grade."""

    number: int
    outcome: str


@dataclass
class School:
    """An open school: its home, who it is, its database and its log."""

    home: Path
    identity: Identity
    db: Database
    log: Log

    def answer(self, sitting: str, number: int, text: str = "b") -> int:
        """Append one question with its answer and grade; return the number of the last event."""

        def job(tx: Tx) -> int:
            self.log.append_event(tx, sitting, Asked(number, f"item-{number}"), 1_000 + number)
            self.log.append_event(tx, sitting, Answered(number, text), 1_000 + number)
            return self.log.append_event(tx, sitting, Graded(number, "ok"), 1_000 + number).seq

        return self.db.write_sync(job)

    def share(self, sitting: str) -> int:
        """Append the record that carries the whole sitting; return its number."""

        def job(tx: Tx) -> int:
            last = self.log.append_event(tx, sitting, Graded(0, "shared"), 5_000)
            events = [msgspec.Raw(data) for data in self.log.events_in(tx, sitting)]
            body = ParticipationShared(
                sitting, "c-1", "course", "0" * 64, "campaign/1", "u-1", last.hash, events
            )
            return self.log.append_record(tx, "participation.shared", body, 5_001)

        return self.db.write_sync(job)


@contextmanager
def open_school(home: Path) -> Iterator[School]:
    """Open a school in `home`, made when new."""
    identity = init_home(home, UAI, NAME)
    db = Database.open(home / "kiosk.db", [LOG_MIGRATIONS])
    clock = itertools.count(1_000_000)
    try:
        log = Log(db, identity.signer, identity.site, lambda: next(clock))
        yield School(home, identity, db, log)
    finally:
        db.close_sync()


def fill(school: School, sittings: int = 3, questions: int = 4) -> None:
    """Write the opening record and some shared sittings."""
    opened = SiteOpened(school.identity.uai, school.identity.name, school.identity.signer.public_hex)
    school.db.write_sync(lambda tx: school.log.append_record(tx, "site.opened", opened, 1))
    for place in range(sittings):
        sitting = f"p-{place}"
        for number in range(1, questions + 1):
            school.answer(sitting, number, f"réponse « {number} »")
        school.share(sitting)
