"""The demo's servers as child processes: started, watched, started again when they fall, stopped in order.

Each writes to its own journal in the home folder. A child that falls is started again after a delay that doubles, so
that a lasting fault fills neither the screen nor the processor.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientSession, ClientTimeout

from kiosk.cli import CommandError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Mapping
    from pathlib import Path

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STEADY = 60.0
"""Seconds a child must live for its next fall to count as a first one."""
STOP_WITHIN = 10.0
READY_WITHIN = 60.0
TAIL = 1500


@dataclass
class Child:
    """One server: its name for people, the words after `preau`, its journal, and where it says it is well."""

    name: str
    words: list[str]
    journal: Path
    health: str | None
    environ: Mapping[str, str] = field(default_factory=dict)
    process: Process | None = None

    async def start(self) -> None:
        """Start the process, in a session of its own so that Ctrl-C reaches only the demo."""
        self.journal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.journal.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "kiosk",
                *self.words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, **self.environ},
                start_new_session=True,
            )

    async def ready(self, session: ClientSession) -> None:
        """Wait until it answers; raises CommandError with the end of its journal when it ends or takes too long."""
        if self.health is None:
            return
        try:
            async with asyncio.timeout(READY_WITHIN):
                while not await self._answers(session, self.health):
                    if self.process is None or self.process.returncode is not None:
                        break
                    await asyncio.sleep(0.05)  # polls the condition of the loop
                else:
                    return
        except TimeoutError:
            pass
        raise CommandError(
            f"{self.name} does not answer; its journal {self.journal} ends with:\n{self.tail()}"
        )

    async def _answers(self, session: ClientSession, address: str) -> bool:
        with suppress(ClientError, TimeoutError, OSError):
            async with session.get(address) as reply:
                return reply.status == 200
        return False

    def tail(self) -> str:
        """Return the end of the journal."""
        with suppress(OSError):
            return self.journal.read_bytes()[-TAIL:].decode("utf-8", "replace").strip()
        return "(empty)"

    async def watch(self, say: Callable[[str], None]) -> None:
        """Start it again each time it ends, until cancelled; say so, and when it is back."""
        clock = asyncio.get_running_loop()
        delay = FIRST_DELAY
        while True:
            if self.process is None:
                return
            began = clock.time()
            status = await self.process.wait()
            if clock.time() - began >= STEADY:
                delay = FIRST_DELAY
            say(
                f"{self.name} stopped by itself (status {status}); starting it again in {delay:.0f} s. See {self.journal}"
            )
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_DELAY)
            await self.start()
            with suppress(CommandError):  # not ready: it has ended, and the next round says so
                async with http_session() as session:
                    await self.ready(session)
                    say(f"{self.name} is back.")

    async def stop(self) -> None:
        """Ask it to end, and insist when it does not."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def http_session() -> ClientSession:
    """Return a client for asking children how they are; the caller closes it."""
    return ClientSession(timeout=ClientTimeout(total=2))
