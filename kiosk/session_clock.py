"""The clock of a session: whole milliseconds since it opened, kept on disk so that no restart moves it.

It follows the machine's monotonic clock, which a restart of the server does not touch. When the machine itself restarted,
nothing says how long it was off: the session's clock goes on from the last instant it is known to have reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.store.sessions import Anchor

if TYPE_CHECKING:
    from kiosk.clock import Clock

JUMP_MS = 5000
"""A wall clock that moves by more than this against the session's is told in the session's chain."""


class SessionClock:
    """One session's clock. Read from any thread; only `floor` changes it, before anyone else knows it."""

    __slots__ = ("_boot", "_clock", "_mono", "_t")

    def __init__(self, clock: Clock, *, t_ms: int = 0) -> None:
        self._clock = clock
        self._boot, self._mono, self._t = clock.boot_id(), clock.monotonic_ms(), t_ms

    @classmethod
    def going_on(cls, clock: Clock, anchor: Anchor) -> tuple[SessionClock, bool]:
        """Return the clock of a session that was open when this server began, and whether the machine restarted."""
        made = cls(clock, t_ms=anchor.t_ms)
        if anchor.boot != clock.boot_id():
            return made, True
        made._mono = anchor.mono_ms
        return made, False

    def now(self) -> int:
        """Return the instant."""
        return max(self._t, self._t + self._clock.monotonic_ms() - self._mono)

    def wall_ms(self) -> int:
        """Return the wall clock, for what people read."""
        return self._clock.now_ms()

    def floor(self, t: int) -> None:
        """Go on from `t` if the clock is behind it: something was written at that instant."""
        behind = t - self.now()
        if behind > 0:
            self._t += behind

    def anchor(self) -> Anchor:
        """Return where the clock stands, to be kept."""
        return Anchor(self._boot, self._clock.monotonic_ms(), self.now(), self._clock.now_ms())


def wall_jump(before: Anchor, after: Anchor) -> int:
    """Return by how much the wall clock moved beyond the session's between two anchors, 0 when it hardly did."""
    moved = (after.wall_ms - before.wall_ms) - (after.t_ms - before.t_ms)
    return moved if abs(moved) > JUMP_MS else 0
