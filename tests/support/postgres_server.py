"""A real PostgreSQL for the tests: one cluster a run, on a socket nobody else can reach, one database a test."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sync.central.database import open_database

USER = "postgres"
MIGRATED = "migrated"


def binary(name: str) -> str:
    """Return the newest installed PostgreSQL program of this name."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else str(shutil.which(name))


def migrate_central(address: str) -> None:
    """Give a database the central instance's tables; in a thread, since tests have a loop of their own."""

    async def migrate() -> None:
        opened = await open_database(address)
        await opened.close()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, migrate()).result()


class Cluster:
    """A running server; `make_database` gives the address of a fresh database."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="preau-pg-"))
        self._made = 0
        self._known: set[str] = set()
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

    def make_database(self, like: str = "template1") -> str:
        """Return the address of a new database: an empty one, or the like of another that nobody uses."""
        self._made += 1
        name = f"preau_{self._made}"
        self._run("createdb", "-h", str(self.folder), "-U", USER, "-T", like, name)
        return self._address(name)

    def make_central(self) -> str:
        """Return the address of a new database with the central instance's tables, made by its migrations once a run."""
        if MIGRATED not in self._known:
            self._run("createdb", "-h", str(self.folder), "-U", USER, MIGRATED)
            migrate_central(self._address(MIGRATED))
            self._known.add(MIGRATED)
        return self.make_database(MIGRATED)

    def _address(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)
