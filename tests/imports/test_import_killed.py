"""A process killed at any instant of an import leaves all of its pupils or none, and the next import starts afresh."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from pupil_kit import UAI, siecle

from kiosk.homes import make_home
from sync.identity import init_home

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.journey
PUPILS = 1500


def started(home: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", "--home", str(home), "import", "pupils", str(file), "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def count(home: Path, table: str) -> int:
    path = home / "kiosk.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as conn:
        known = conn.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) if known else 0  # noqa: S608 - a name of this test


def test_a_kill_leaves_all_or_nothing(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "pupils.xml"
    init_home(home, UAI, "Collège des Tilleuls")
    make_home(home)
    file.write_bytes(siecle(PUPILS))
    # Whatever the speed of this machine, these instants are spread from before the reading to after the commit.
    for after in (0.4, 0.8, 1.1, 1.4, 1.8):
        process = started(home, file)
        try:
            process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        assert count(home, "learners") in {0, PUPILS}
    final = started(home, file)
    _, said = final.communicate(timeout=60)
    assert final.returncode == 0, said.decode()
    assert count(home, "learners") == PUPILS
