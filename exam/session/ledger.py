"""A candidate's time, folded from the events of their chain: integers on the session's clock, and nothing else.

Time runs from `Started` to `Closed` while nothing stops it (`Stopped`, `Resumed`). What counts as used is the running time
outside the losses that are credited and not vetoed; losses are intervals, so that the same minute is never given twice, and a
loss outside the running time gives nothing. What remains is allowance + extra time + added minutes - used. A reload, a restart
or a change of the wall clock is not an event here, and so changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.session.events import (
    Closed,
    Credited,
    Reinstated,
    Resumed,
    Started,
    Stopped,
    TimeAdded,
    Vetoed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exam.session.events import Hold

MINUTE_MS = 60_000
ALLOWANCE_MS = 105 * MINUTE_MS
"""1 h 45 for everyone."""

EXPIRES_MS = 24 * 60 * MINUTE_MS
"""This long after its start on the session's clock, a passage that nobody ended is over."""

LEAST_LOSS_MS = 10_000
"""A silence shorter than this is the network's ordinary life and is not credited; a restart of the server always is."""

LARGEST_ADDED_MS = 240 * MINUTE_MS
"""Most that one act may add."""


class Loss(NamedTuple):
    """Lost time, from `start` to `end`; `counts` is false once vetoed."""

    start: int
    end: int
    cause: str
    counts: bool


class Ledger:
    """The fold; change it only with `apply`. `stopped` says what stops the clock now, `losses` every credit by its number."""

    __slots__ = (
        "_spans",
        "added_ms",
        "allowance_ms",
        "closed",
        "extra_percent",
        "losses",
        "started",
        "stopped",
    )

    def __init__(self) -> None:
        self.allowance_ms = 0
        self.extra_percent = 0
        self.added_ms = 0
        self.started: int | None = None
        self.closed: int | None = None
        self.stopped: set[Hold] = set()
        self.losses: dict[int, Loss] = {}
        self._spans: list[list[int | None]] = []  # running time: [from, until or None]

    @property
    def running(self) -> bool:
        """Whether the clock runs now."""
        return bool(self._spans) and self._spans[-1][1] is None

    @property
    def total_ms(self) -> int:
        """Everything the candidate is given: allowance, extra time rounded up to the millisecond, added minutes."""
        return self.allowance_ms + -(-self.allowance_ms * self.extra_percent // 100) + self.added_ms

    def apply(self, event: object) -> None:
        """Add what happened; events that are not about time are none of its business."""
        match event:
            case Started(t, allowance_ms, extra_percent):
                self.started, self.allowance_ms, self.extra_percent = t, allowance_ms, extra_percent
                self._run(t)
            case Stopped(t, why):
                self._halt(t)
                self.stopped.add(why)
            case Resumed(t, why):
                self.stopped.discard(why)
                self._run(t)
            case Closed(t):
                self._halt(t)
                self.closed = t
            case _:
                self._apply_account(event)

    def _apply_account(self, event: object) -> None:
        match event:
            case Credited(_, credit, cause, start, end):
                self.losses[credit] = Loss(start, end, cause, counts=True)
            case Vetoed(_, credit):
                self._count(credit, counts=False)
            case Reinstated(_, credit):
                self._count(credit, counts=True)
            case TimeAdded(_, ms):
                self.added_ms += ms
            case _:
                pass

    def used_ms(self, t: int) -> int:
        """Return the time used at instant `t`."""
        losses = union((loss.start, loss.end) for loss in self.losses.values() if loss.counts)
        return sum(_outside(span, losses) for span in self.spans(t))

    def remaining_ms(self, t: int) -> int:
        """Return the time left at instant `t`; negative is overtime."""
        return self.total_ms - self.used_ms(t)

    def worth_ms(self, credit: int) -> int:
        """Return what one credit gives that no other does: what a veto of it would take."""
        others = union((o.start, o.end) for c, o in self.losses.items() if c != credit and o.counts)
        loss = self.losses[credit]
        pieces = [(max(loss.start, start), min(loss.end, end)) for start, end in self.spans(max(loss.end, 0))]
        return sum(_outside(piece, others) for piece in pieces if piece[0] < piece[1])

    def ends_at(self, t: int) -> int | None:
        """Return the instant at which the time will be over if nothing stops it; None while it stands still."""
        return t + self.remaining_ms(t) if self.running else None

    def expired(self, t: int) -> bool:
        """Return whether the passage has lasted a whole day."""
        return self.started is not None and self.closed is None and t - self.started >= EXPIRES_MS

    def _run(self, t: int) -> None:
        if self.started is not None and self.closed is None and not self.stopped and not self.running:
            self._spans.append([t, None])

    def _halt(self, t: int) -> None:
        if self.running:
            self._spans[-1][1] = max(t, self._spans[-1][0] or 0)

    def _count(self, credit: int, *, counts: bool) -> None:
        if credit in self.losses:
            self.losses[credit] = self.losses[credit]._replace(counts=counts)

    def spans(self, t: int) -> list[tuple[int, int]]:
        """Return the running spans up to `t`."""
        spans = ((start or 0, t if end is None else min(end, t)) for start, end in self._spans)
        return [(start, end) for start, end in spans if start < end]


def union(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same instants as intervals that do not touch, in order."""
    made: list[tuple[int, int]] = []
    for start, end in sorted((start, end) for start, end in intervals if start < end):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _outside(span: tuple[int, int], apart: Sequence[tuple[int, int]]) -> int:
    """Return how long a span is outside intervals that do not touch."""
    start, end = span
    inside = sum(max(0, min(end, until) - max(start, since)) for since, until in apart)
    return end - start - inside
