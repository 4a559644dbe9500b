from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kiosk.cli import main

if TYPE_CHECKING:
    import pytest


def test_the_step_is_measured_over_whole_sittings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "step", "--sittings", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["items"], found["steps"]) == (800, 96)
    assert found["step_us"] > 0


def test_chained_certifications_replay_identically(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "certification", "--sittings", "12", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["identical"] == found["sittings"] == 12
    assert found["sittings_per_second"] > 0


def test_a_bench_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "step", "--sittings", "0"]) == 1
    assert "--sittings" in capsys.readouterr().err
