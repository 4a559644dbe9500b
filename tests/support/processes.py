"""Real processes for the journeys: the command as installed, real ports, real signals, ended by pid and never by name."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREAU = str(Path(sys.executable).with_name("preau"))
PATIENCE_S = 60


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def preau(home: Path, *words: str, stdin: str = "") -> str:
    """Run one command to its end and return what it printed; a failure shows what it said."""
    done = subprocess.run(
        [PREAU, "--home", str(home), *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if done.returncode != 0:
        msg = f"preau {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}"
        raise AssertionError(msg)
    return done.stdout


def preau_json(home: Path, *words: str, stdin: str = "") -> Any:  # noqa: ANN401 - what JSON holds
    """Run a command with `--json` and return its object."""
    return json.loads(preau(home, *words, "--json", stdin=stdin))


@dataclass
class Server:
    """One long-running command: start it, kill it, start it again on the same port and home."""

    words: list[str]
    log: Path
    health: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    """What runs the command: words that enter a namespace, for instance."""
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and return how many seconds passed before it answered."""
        began = time.monotonic()
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                [*self.before, PREAU, *self.words], stdout=out, stderr=out, env={**os.environ, **self.env}
            )
        self._await_health(began + PATIENCE_S)
        return time.monotonic() - began

    def _await_health(self, deadline: float) -> None:
        while self.health is not None:
            if self.child is None or self.child.poll() is not None or time.monotonic() > deadline:
                msg = f"{self.words} does not answer: {self.log.read_text()[-2000:]}"
                raise AssertionError(msg)
            try:
                with urllib.request.urlopen(self.health, timeout=2) as reply:  # noqa: S310 - our own loopback address
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)  # a poll of the condition above, not a guess of a duration

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, and wait; return the exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.child is None:
            return 0
        if self.child.poll() is None:
            self.child.send_signal(how)
        status = self.child.wait(PATIENCE_S)
        self.child = None
        return status
