"""A home of the version before the school year opens with everything it held."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from kiosk_site import open_site

import kiosk
from kiosk.homes import make_home
from kiosk.opening import FILE
from sync.identity import init_home
from sync.log import LOG_MIGRATIONS
from sync.migrate import MigrationSet, migrate

BEFORE = 2
"""The last file of the previous version."""
PEOPLE = [
    ("p1", "zoe.petit", "Zoé", "Petit", "pupil", "6A"),
    ("p2", "ana.roux", "Ana", "Roux", "teacher", None),
    ("p3", "luc.bon", "Luc", "Bon", "principal", None),
]


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """Make a home as the previous version left it: three people, a campaign, a participation and its report."""
    home, folder = tmp_path / "home", tmp_path / "old"
    init_home(home, "0750001U", "Collège des Tilleuls")
    make_home(home)
    folder.mkdir()
    for path in sorted((Path(kiosk.__file__).parent / "migrations").glob("*.sql"))[:BEFORE]:
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    with closing(sqlite3.connect(home / FILE, isolation_level=None)) as old:
        migrate(old, [LOG_MIGRATIONS, MigrationSet("kiosk", folder)])
        old.executemany(
            "INSERT INTO people (id, username, first_name, last_name, role, division, password, created_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, 'phc', 5)",
            PEOPLE,
        )
        old.execute("INSERT INTO logins VALUES (x'01', 'l1', 'p2', 5, 9999999999999)")
        old.execute("INSERT INTO campaigns VALUES ('c1', 'ABCDEF234', 'N', 'c', 'b', '', '', 'p2', 6, NULL)")
        old.execute(
            "INSERT INTO participations (id, campaign, pupil, status, answered, started_ms, last_ms)"
            " VALUES ('x1', 'c1', 'p1', 'started', 3, 7, 8)"
        )
        old.execute("INSERT INTO reports VALUES (1, 'x1', 1, 'i', 'other', 'mot', 8)")
        old.execute("INSERT INTO uploads VALUES ('x1', 1, 'h', 'n', 1, '{}', 8)")
    return home


async def test_roles_become_memberships_and_classes_learners(old_home: Path) -> None:
    async with open_site(old_home) as site:
        roles = await site.kiosk.db.read(
            lambda conn: conn.execute(
                "SELECT person, role, organisation FROM memberships WHERE person LIKE 'p%' ORDER BY person"
            ).fetchall()
        )
        classes = await site.kiosk.db.read(
            lambda conn: conn.execute(
                "SELECT organisation, first_name, division, length(id) FROM learners WHERE person = 'p1'"
            ).fetchall()
        )
    assert roles == [("p2", "member", "school"), ("p3", "admin", "school")]
    assert classes == [("school", "Zoé", "6A", 16)]


async def test_campaigns_participations_and_what_hangs_on_them_are_kept(old_home: Path) -> None:
    async with open_site(old_home) as site:
        kept = await site.kiosk.db.read(
            lambda conn: conn.execute(
                "SELECT x.answered, x.attempt, x.current, x.trial, l.person, c.organisation, c.kind, r.text, u.sha256"
                " FROM participations x JOIN campaigns c ON c.id = x.campaign JOIN learners l ON l.id = x.learner"
                " JOIN reports r ON r.participation = x.id JOIN uploads u ON u.participation = x.id"
            ).fetchall()
        )
        logged = await site.kiosk.db.read(
            lambda conn: conn.execute("SELECT organisation FROM logins WHERE id = 'l1'").fetchall()
        )
    assert kept == [(3, 1, 1, 0, "p1", "school", "assessment", "mot", "h")]
    assert logged == [("school",)]
