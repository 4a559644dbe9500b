"""A real PostgreSQL for the tests: one cluster a run, on a socket nobody else can reach, one database a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

USER = "postgres"


def binary(name: str) -> str:
    """Return the newest installed PostgreSQL program of this name."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else str(shutil.which(name))


class Cluster:
    """A running server; `make_database` gives the address of a fresh database."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="preau-pg-"))
        self._made = 0
        self._as: list[str] = []
        if os.geteuid() == 0:
            # The server refuses to run as root, and its folder must belong to who runs it.
            shutil.chown(self.folder, USER, USER)
            self._as = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups"]
        self._run("initdb", "-D", str(self.data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", options, "start"
        )

    @property
    def data(self) -> Path:
        """Where the cluster lives."""
        return self.folder / "data"

    def _run(self, name: str, *words: str) -> None:
        command = [*self._as, binary(name), *words]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=60)

    def make_database(self) -> str:
        """Return the address of a new, empty database."""
        self._made += 1
        name = f"preau_{self._made}"
        self._run("createdb", "-h", str(self.folder), "-U", USER, name)
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)
