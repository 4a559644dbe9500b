"""Trails kept for good: every later version and every Python must lead them again identically."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from golden_trails import FOLDER, replay_all
from toy_bank import toy_bank

from exam.events import Carried, Held, Reported, Served
from exam.replay import replay
from exam.trail import read_trail, write_trail

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_trail_replays_identically(name: str) -> None:
    result = replay(toy_bank(), read_trail((FOLDER / f"{name}.json").read_bytes()))
    assert (result.identical, result.code, result.expected, result.found) == (True, "", "", "")
    assert result.shared is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_trail_read_and_written_keeps_every_byte(name: str) -> None:
    data = (FOLDER / f"{name}.json").read_bytes()
    assert write_trail(read_trail(data)) == data


def test_one_golden_trail_holds_every_kind_of_event() -> None:
    kinds = {type(event) for event in read_trail((FOLDER / "everything.json").read_bytes())}
    assert {Held, Served, Reported, Carried} <= kinds
    assert len(kinds) == 10


def test_golden_trails_replay_without_assertions_compiled_in() -> None:
    code = "from golden_trails import replay_all; print(sum(r.identical for r in replay_all().values()))"
    done = subprocess.run(
        [sys.executable, "-O", "-c", code],
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'support'}",
            "PYTHONHASHSEED": "7",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == len(NAMES) == len(replay_all()) >= 10
