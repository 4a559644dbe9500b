"""Time as the kiosk knows it: a wall clock for notes, a monotonic one for durations, and the boot they belong to.

A duration is measured on the monotonic clock, which a change of the wall clock never moves and which goes on
across a restart of the process. It starts again with the machine, so whoever keeps a monotonic instant keeps
the boot id beside it and compares both.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What actions ask for the time; tests give a frozen one."""

    def now_ms(self) -> int:
        """Return the wall clock, milliseconds since the Unix epoch."""
        ...

    def monotonic_ms(self) -> int:
        """Return milliseconds on a clock that only goes forward until the machine restarts."""
        ...

    def boot_id(self) -> str:
        """Return a name for the current run of the machine."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def __init__(self) -> None:
        self._boot = _boot_id()

    def now_ms(self) -> int:
        """Return the wall clock, milliseconds since the Unix epoch."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Return CLOCK_MONOTONIC in milliseconds."""
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1_000_000

    def boot_id(self) -> str:
        """Return the kernel's boot id, or the instant of boot where there is none."""
        return self._boot


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        # Elsewhere than Linux: the instant of boot, to the ten seconds, tells two runs apart.
        return f"boot-{round((time.time() - time.monotonic()) / 10)}"
