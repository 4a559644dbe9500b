"""`preau rehearse`: a session led and cut in its middle on this machine, what it says, and what it refuses."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from exam_site import exam_day
from processes import PREAU, preau

from kiosk.bench.rehearsal import problems_of
from kiosk.cli import main
from kiosk.commands.rehearse import NEXT

if TYPE_CHECKING:
    from pathlib import Path

GOOD: dict[str, float | int | str] = {
    "refused": 0,
    "lost": 0,
    "doubled": 0,
    "killed": 1,
    "back_s": 4.0,
    "first_question_p95_ms": 100,
    "p99_ms": 4100,
    "screen_lag_p99_ms": 200,
    "answers": 100,
    "log": "verified",
}


@pytest.mark.journey
def test_a_session_cut_in_its_middle_loses_and_doubles_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    preau(home, "init", "--uai", "0990001N", "--name", "Essai")
    before = sorted(path.name for path in home.iterdir())
    words = ["--home", str(home), "rehearse", "--candidates", "4", "--seconds", "5", "--json"]
    done = subprocess.run([PREAU, *words], capture_output=True, text=True, timeout=200, check=False)
    told = json.loads(done.stdout)
    assert (told["refused"], told["lost"], told["doubled"], told["log"]) == (0, 0, 0, "verified"), done.stderr
    assert told["answers"] > 8
    # How fast it went is this machine's affair, not a claim of this test.
    assert all(code.startswith("slow_") for code in told["problems"])
    assert (done.returncode, told["ready"]) == ((1, False) if told["problems"] else (0, True))
    assert not [path for path in home.iterdir() if path.is_dir() and path.name not in before]


@pytest.mark.parametrize(
    ("figures", "problems"),
    [
        ({}, []),
        ({"lost": 1}, ["lost"]),
        ({"doubled": 2, "refused": 1}, ["refused", "doubled"]),
        ({"log": "failed"}, ["log"]),
        ({"back_s": 11.0, "p99_ms": 11400}, ["slow_back"]),
        ({"p99_ms": 5000}, ["slow_answers"]),
        (
            {"killed": 0, "back_s": 0.0, "p99_ms": 501, "screen_lag_p99_ms": 1001},
            ["slow_answers", "slow_screens"],
        ),
        ({"first_question_p95_ms": 2001}, ["slow_start"]),
        ({"answers": 0}, ["silent"]),
    ],
)
def test_what_is_not_good_enough_is_named_with_what_to_do_next(
    figures: dict[str, float | int | str], problems: list[str]
) -> None:
    assert problems_of({**GOOD, **figures}) == problems
    assert all(NEXT[code] for code in problems)


async def test_nobody_rehearses_beside_an_open_session_nor_without_a_school(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with exam_day(tmp_path / "home"):
        assert main(["--home", str(tmp_path / "home"), "rehearse"]) == 1
    assert "a session is open" in capsys.readouterr().err
    assert main(["--home", str(tmp_path / "nothing"), "rehearse"]) != 0
    assert main(["--home", str(tmp_path / "home"), "rehearse", "--candidates", "0"]) == 2
