"""`preau person` and `preau privacy`, as the person who keeps the server types them; the exported log still verifies."""

from __future__ import annotations

import asyncio
import json
import zipfile
from typing import TYPE_CHECKING, Any

from kiosk_site import open_site
from two_schools import known, played

from kiosk.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def prepared(home: Path) -> None:
    """Leave a home in which Léa has played."""

    async def play() -> None:
        async with open_site(home) as site:
            await known(site)
            await played(site)

    asyncio.run(play())


def told(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - what JSON holds
    """Return what a command printed."""
    return json.loads(capsys.readouterr().out)


def test_a_person_is_written_out_then_erased_and_the_log_still_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, data, log = tmp_path / "home", tmp_path / "lea.zip", tmp_path / "log"
    prepared(home)
    assert main(["--home", str(home), "person", "data", "lea", "--to", str(data)]) == 0
    with zipfile.ZipFile(data) as archive:
        assert b"Moreau" in archive.read("donnees.json")
    assert main(["--home", str(home), "person", "erase", "lea"]) == 1
    assert "--sure" in capsys.readouterr().err
    assert main(["--home", str(home), "person", "erase", "lea", "--sure", "--json"]) == 0
    assert told(capsys)["rows"]["people"] == 1
    assert main(["--home", str(home), "log", "check"]) == 0
    assert main(["--home", str(home), "log", "key", "--json"]) == 0
    key = capsys.readouterr().out.rsplit('"public_key":"', 1)[1][:64]
    assert main(["--home", str(home), "log", "export", str(log)]) == 0
    assert main(["verify", str(log), "--key", key]) == 0
    assert main(["--home", str(home), "person", "erase", "lea", "--sure"]) == 1


def test_a_report_changes_nothing_and_a_purge_does_what_it_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(tmp_path)
    (tmp_path / "config.toml").write_text("keep_participations_months = 1\n")
    for _ in range(2):
        assert main(["--home", str(tmp_path), "privacy", "report", "--json"]) == 0
        kept = {line["kind"]: line for line in told(capsys)["kept"]}
        assert (kept["participations"]["held"], kept["participations"]["kept"]) == (1, 1)
    assert main(["--home", str(tmp_path), "privacy", "purge", "--json"]) == 0
    assert told(capsys)["purged"]["participations"] == kept["participations"]["due"]
    assert main(["--home", str(tmp_path), "log", "check"]) == 0
