"""What the chains of a certification day say, read from the files, against what pages told and the server acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from day_sizes import AWAY, DISMISSED, GIVEN_UP, INES, TOM, WITH_EXTRA, ZOE

from exam.certification.events import Abandoned, Answered, Asked, Ruled
from exam.session.attempt import fold_passage
from exam.session.events import Credited, Moved, Stopped, TimeAdded, TurnedAway
from kiosk.app import open_kiosk
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.passages import StoredEvent
from sync.log_store import each_record
from sync.room_proofs import faults_of

if TYPE_CHECKING:
    from day_room import Day

    from exam.session.attempt import ChainEvent

ALL = 32
UNTIL_GIVEN_UP = 5
Kind = TypeVar("Kind")


@dataclass
class Told:
    """What pages told of each candidate at the end: the room's page, and the words of the end page."""

    room: dict[str, dict[str, Any]]
    words: dict[str, list[str]]
    sat_through: list[str]
    """Names of those who were sitting when the switch went out, and after."""
    outage_ms: int
    """How long it was out at least."""


class Link(msgspec.Struct, frozen=True):
    """One line of the session's own chain."""

    body: dict[str, Any]


class Signed(msgspec.Struct, frozen=True):
    """One record of the log."""

    body: msgspec.Raw


@dataclass
class Log:
    """The chains as the files hold them."""

    lines: dict[str, list[bytes]]
    records: list[tuple[str, bytes]]
    """Type and body of everything that was signed, in order."""

    def record(self, kind: str) -> bytes:
        """Return the body of the only record of a type."""
        (found,) = (body for known, body in self.records if known == kind)
        return found

    def events(self, sitting: str) -> list[ChainEvent]:
        """Return a candidate's events."""
        return [msgspec.json.decode(line, type=StoredEvent).body for line in self.lines[sitting]]

    def of(self, sitting: str, kind: type[Kind]) -> list[Kind]:
        """Return a candidate's events of one kind."""
        return [event for event in self.events(sitting) if isinstance(event, kind)]

    def head(self, sitting: str) -> str:
        """Return the hash of the last event."""
        return sha256(self.lines[sitting][-1]).hexdigest()


async def log_of(day: Day) -> Log:
    """Read the chains from the files of a school that is stopped."""
    async with open_kiosk(load_config(day.town.school_home), SystemClock(), secure=False) as kiosk:
        records = await kiosk.db.read(lambda conn: list(each_record(conn)))
        return Log(
            {
                one: await kiosk.db.read(lambda conn, one=one: kiosk.log.events(conn, one))  # type: ignore[misc] # mypy cannot infer a lambda with a default
                for one in (day.session.id, *day.ids.values())
            },
            [(one.type, msgspec.json.decode(one.frame.body, type=Signed).body) for one in records],
        )


def check_answers(day: Day, log: Log) -> None:
    """Check that every answer the server said it kept is in the log once, and no other."""
    kept = [
        (candidate, event.number, event.key)
        for candidate in day.ids.values()
        for event in log.of(candidate, Answered)
    ]
    assert sorted(kept) == sorted(day.session.acknowledged)
    counts = {name: len(log.of(candidate, Answered)) for name, candidate in day.ids.items()}
    assert counts == {**dict.fromkeys(day.ids, ALL), AWAY: 0, GIVEN_UP: UNTIL_GIVEN_UP}


def check_time(day: Day, log: Log, told: Told) -> None:
    """Check that the time the room's page told of whoever had ended is what the chain gives, and what was lost came back."""
    for name, candidate in day.ids.items():
        shown = told.room[candidate]
        ledger = fold_passage(log.events(candidate)).ledger
        if shown["state"] == "ended":
            assert ledger.closed is not None
            assert shown["remaining_s"] == max(0, -(-ledger.remaining_ms(ledger.closed) // 1000)), name
        credited = [(one.credit, one.cause) for one in log.of(candidate, Credited)]
        assert [(one["credit"], one["cause"]) for one in shown["credits"]] == credited, name
        assert (shown["answered"], shown["extra_percent"]) == (
            len(log.of(candidate, Answered)),
            33 if name == WITH_EXTRA else 0,
        )
    assert "server" in {one.cause for one in log.of(day.ids[ZOE], Credited)}
    for name, candidate in day.ids.items():
        given = log.of(candidate, Credited)
        outages = [one for one in given if one.cause == "network" and one.end - one.start >= told.outage_ms]
        assert len(outages) == (name in told.sat_through), (name, given)
        apart = sorted((one.start, one.end) for one in given)
        assert all(before[1] <= after[0] for before, after in pairwise(apart)), (name, given)
    assert [one.ms for one in log.of(day.ids[WITH_EXTRA], TimeAdded)] == [300_000]


def check_incidents_of_the_day(day: Day, log: Log) -> None:
    """Check that each thing that happened in the room stands in the chain of whom it happened to."""
    ids = day.ids
    asked = [one.number for one in log.of(ids[TOM], Asked)]
    assert asked == [1, 2, *range(2, ALL + 1)]
    assert [(one.number, one.ruling, one.reason) for one in log.of(ids[TOM], Ruled)] == [
        (2, "validated", "E9")
    ]
    assert [one.ruling for one in log.of(ids[DISMISSED], Ruled)] == ["dismissed"]
    assert "lockdown" in {one.why for one in log.of(ids[INES], Stopped)}
    assert len(log.of(ids[ZOE], Moved)) == 1
    assert len(log.of(ids[AWAY], TurnedAway)) == 1
    assert [one.reason for one in log.of(ids[GIVEN_UP], Abandoned)] == ["candidate"]


def check_acts(day: Day, log: Log) -> None:
    """Check that the room's chain alone proves what phones did, the lost one's end included."""
    lines = log.lines[day.session.id]
    assert faults_of(lines) == []
    acts = [
        link["act"]
        for link in (msgspec.json.decode(line, type=Link).body for line in lines)
        if link["type"] == "acted" and link["by"].startswith("supervisor:")
    ]
    wanted = {"turn_away", "admit", "clear_lockdown", "rule", "add_time", "incident", "move", "revoke"}
    assert wanted <= set(acts)
    assert acts.count("rule") == 2
