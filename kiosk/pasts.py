"""What a person's sittings leave to the next one and to their profile.

A sitting that is over keeps what it settled in a row; only those still running are folded, from memory in the writer's
thread or from the log in a reading one. Trials of the staff leave nothing; a participation the staff deleted leaves what the
pupil learnt. A start from nothing in the middle of a sitting takes away what the sitting had settled by then, no more.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.events import Event
from exam.priors import Past, Reset, dates_from, prior_from
from kiosk.sittings import fold_events, read_events
from kiosk.store import pieces, settled

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from exam.events import Known
    from kiosk.banks import Banks
    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from kiosk.store.settled import Played, Restart
    from sync.db import Tx
    from sync.log import Log


class History(NamedTuple):
    """Everything a person settled and when, and when they started from nothing."""

    pasts: list[Past]
    resets: list[Reset]

    def known(self, now_ms: int) -> list[Known]:
        """Return what counts of it at an instant."""
        return prior_from(self.pasts, now_ms, resets=self.resets)

    def failed(self) -> list[str]:
        """Return the ids of the skills failed when asked and not acquired since, the latest failure first."""
        known = prior_from(self.pasts, 0, resets=self.resets)
        dates = dates_from(self.pasts, self.resets)
        skills = [skill for skill, status, source in known if status == "invalidated" and source == "direct"]
        return sorted(skills, key=lambda skill: (-dates[skill], skill))

    def validated(self, now_ms: int) -> set[str]:
        """Return the ids of the skills validated."""
        return {skill for skill, status, _ in self.known(now_ms) if status == "validated"}


class _Dated(msgspec.Struct, frozen=True):
    at: int
    body: Event


class _Source(NamedTuple):
    """How a sitting is read: what it settled, and its events' bytes."""

    known_of: Callable[[Played], list[Known]]
    lines_of: Callable[[Played], Iterable[bytes]]
    banks: Banks


_dated = msgspec.json.Decoder(_Dated)


def known_elsewhere(kiosk: Kiosk, tx: Tx, pupil: str, here: str, now_ms: int) -> list[Known]:
    """Return what the pupil's sittings other than `here` settled themselves, as it counts at `now_ms`."""
    return history_in(kiosk, tx, pupil, here).known(now_ms)


def history_in(kiosk: Kiosk, tx: Tx, pupil: str, here: str = "") -> History:
    """Return a pupil's history inside a job of the writer, the sitting `here` left out."""
    kept = settled.of_pupil(tx, pupil)

    def known_of(row: Played) -> list[Known]:
        known = kept.get(row.id)
        if known is None:
            known = kiosk.sittings.get(tx, row.id).sitting.settled_here()
            if row.ended_ms is not None:  # a sitting that ended before rows were kept
                settled.keep(tx, row.id, known)
        return known

    source = _Source(known_of, lambda row: kiosk.log.events_in(tx, row.id), kiosk.banks)
    own = _history(tx, pupil, [row for row in settled.played_by(tx, pupil) if row.id != here], source)
    return _with_carried(tx, pupil, own)


def keep_settled(kiosk: Kiosk, tx: Tx, participation: str) -> None:
    """Keep what a sitting settled, before its events are purged; harmless when it is kept already."""
    if not settled.is_kept(tx, participation):
        settled.keep(tx, participation, kiosk.sittings.get(tx, participation).sitting.settled_here())
        kiosk.sittings.forget(participation)


def history_of(conn: sqlite3.Connection, banks: Banks, log: Log, pupil: str) -> History:
    """Return a person's history on a reading connection."""
    return _with_carried(conn, pupil, own_history_of(conn, banks, log, pupil))


def own_history_of(conn: sqlite3.Connection, banks: Banks, log: Log, pupil: str) -> History:
    """Return what a person settled on this server: what other schools said of them is left out."""
    kept = settled.of_pupil(conn, pupil)

    def lines_of(row: Played) -> Iterable[bytes]:
        return log.events(conn, row.id)

    def known_of(row: Played) -> list[Known]:
        known = kept.get(row.id)
        return fold_events(banks, read_events(lines_of(row))).settled_here() if known is None else known

    return _history(conn, pupil, settled.played_by(conn, pupil), _Source(known_of, lines_of, banks))


def validated_of(conn: sqlite3.Connection, banks: Banks, log: Log, pupil: str, now_ms: int) -> set[str]:
    """Return the ids of the skills a person has validated, wherever it was."""
    return history_of(conn, banks, log, pupil).validated(now_ms)


def _with_carried(conn: Reader, pupil: str, own: History) -> History:
    """Add what other schools said of the person: it counts as if it had been settled here, on its own dates."""
    states = [carried.state for carried in pieces.carried_of_person(conn, pupil)]
    pasts = [Past(past.known, past.at) for state in states for past in state.pasts]
    resets = [Reset(one.skills, one.at) for state in states for one in state.resets]
    return History(own.pasts + pasts, own.resets + resets)


def _history(conn: Reader, pupil: str, rows: Sequence[Played], source: _Source) -> History:
    restarts = settled.restarts_of(conn, pupil)
    pasts: list[Past] = []
    for row in rows:
        inside = [one for one in restarts if row.started_ms < one.at_ms <= row.last_ms]
        known = source.known_of(row)
        pasts += _split(known, row, inside, source) if inside else [Past(known, row.last_ms)]
    return History(pasts, [Reset(one.skills, one.at_ms) for one in restarts])


def _split(known: list[Known], row: Played, restarts: Sequence[Restart], source: _Source) -> list[Past]:
    """Return the results of a sitting that a start from nothing cuts in two, each with when it was obtained."""
    events = [_dated.decode(line) for line in source.lines_of(row)]
    at = {skill: row.last_ms for skill, _, _ in known}
    for restart in restarts:
        before = fold_events(source.banks, [event.body for event in events if event.at < restart.at_ms])
        for skill, _, _ in before.settled_here():
            at[skill] = min(restart.at_ms - 1, at.get(skill, restart.at_ms))
    by_time: dict[int, list[Known]] = defaultdict(list)
    for one in known:
        by_time[at[one[0]]].append(one)
    return [Past(some, when) for when, some in sorted(by_time.items())]
