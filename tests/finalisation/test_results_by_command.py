"""Results carried as a file come in by a command too: what it says, what it refuses, and that nothing comes twice."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from evening_room import beside
from exam_site import exam_day
from finalisation_kit import answer_right, over
from jury_kit import hand_in

from kiosk.actions import finalisation
from kiosk.cli import main
from kiosk.finalisation_rules import Finalisation
from kiosk.store import certificates as store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """Give the home of a school whose results wait in `results.preau` beside it; its server is stopped."""
    async with exam_day(tmp_path / "school") as day:
        (ines,) = await day.begun("ines")
        await answer_right(ines)
        await over(day)
        await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, Finalisation())
        async with beside(day, tmp_path / "central") as both:
            await hand_in(both.central, day)
            await both.act("publish")
            (tmp_path / "results.preau").write_bytes(await both.as_file())
    return tmp_path / "school"


async def taken(home: Path, name: str = "results.preau") -> int:
    """Run the command; return its exit status."""
    words = ["--home", str(home), "session", "results", str(home.parent / name), "--json"]
    return await asyncio.to_thread(main, words)


async def test_results_are_taken_in_once_by_a_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await taken(home) == 0
    assert json.loads(capsys.readouterr().out) == {"statements": 1, "held": 1}
    assert await taken(home) == 0
    assert json.loads(capsys.readouterr().out) == {"statements": 0, "held": 1}
    async with exam_day(home) as day:
        (found,) = await day.site.kiosk.db.read(lambda conn: store.of_session(conn, day.session.id))
    assert (found.last_name, found.certificate.status) == ("Benali", "validated")


async def test_a_file_of_somebody_else_or_none_at_all_is_refused_and_says_why(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (home.parent / "results.preau").read_bytes()
    (home.parent / "changed.preau").write_bytes(good.replace(b"validated", b"cancelled"))
    (home.parent / "noise.preau").write_bytes(b"bonjour\n")
    for name, words in (
        ("changed.preau", "not signed by your central instance"),
        ("noise.preau", "cannot be read"),
        ("missing.preau", "missing.preau"),
    ):
        assert await taken(home, name) in {1, 2}
        told = capsys.readouterr()
        assert (told.out, words in told.err) == ("", True), told.err
    (home / "enrolment.json").rename(home / "away.json")
    assert await taken(home) == 1
    assert "preau enrol" in capsys.readouterr().err
