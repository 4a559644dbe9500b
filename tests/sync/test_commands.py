"""The commands on the log answer scripts in JSON and exit with the truth."""

import contextlib
import subprocess
import sys
from pathlib import Path

import log_kit
import msgspec
import pytest
from log_kit import open_school

from kiosk.cli import main
from sync.connections import connect_writer
from sync.db import Database
from sync.outbox import OUTBOX_MIGRATIONS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_school(tmp_path / "home") as school:
        log_kit.fill(school)
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return msgspec.json.decode(capsys.readouterr().out, type=dict[str, object])


def test_an_exported_log_verifies_with_the_public_key(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home.parent / "log.preau"
    assert main(["log", "export", str(file), "--home", str(home)]) == 0
    capsys.readouterr()
    assert main(["log", "key", "--json", "--home", str(home)]) == 0
    key = str(told(capsys)["public_key"])
    assert main(["verify", str(file), "--key", key, "--json"]) == 0
    assert told(capsys) == {"verdict": "verified", "records": 4, "sittings": 3, "failures": []}
    (home.parent / "school.pub").write_text(key + "\n")
    assert main(["verify", str(file), "--key", str(home.parent / "school.pub")]) == 0


def test_an_export_is_for_its_owner_alone_and_replaces_nothing_unless_forced(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home.parent / "log.preau"
    words = ["log", "export", str(file), "--home", str(home)]
    file.write_text("something dear")
    assert main(words) == 1
    assert "--force" in capsys.readouterr().err
    assert file.read_text() == "something dear"
    assert main([*words, "--force"]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in home.parent.iterdir()) == ["home", "log.preau"]


def test_a_changed_export_fails_and_says_where(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home.parent / "log.preau"
    main(["log", "export", str(file), "--home", str(home)])
    main(["log", "key", "--json", "--home", str(home)])
    key = str(msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])["public_key"])
    file.write_bytes(file.read_bytes().replace(b'"item-2"', b'"item-3"', 1))
    assert main(["verify", str(file), "--key", key]) == 1
    assert "sitting p-0" in capsys.readouterr().out


def test_trust_does_not_rest_on_assertions(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same answer with assertions switched off."""
    file = home.parent / "log.preau"
    main(["log", "export", str(file), "--home", str(home)])
    main(["log", "key", "--json", "--home", str(home)])
    key = str(msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])["public_key"])
    command = [sys.executable, "-O", "-m", "kiosk.cli", "verify", str(file), "--key", key]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60).returncode == 0
    lines = file.read_bytes().splitlines(keepends=True)
    for place in (0, 1, 6, len(lines) - 2, len(lines) - 1):
        file.write_bytes(b"".join(lines[:place] + lines[place + 1 :]))
        assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60).returncode == 1


def test_the_log_of_the_database_is_checked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "check", "--json", "--home", str(home)]) == 0
    assert told(capsys)["verdict"] == "verified"


def test_a_record_with_a_receipt_that_the_log_no_longer_has_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last seals and all they cover were taken away: the log agrees with itself, the receipt does not."""
    receipts = Database.open(home / "sync.db", [OUTBOX_MIGRATIONS])
    receipts.write_sync(
        lambda tx: tx.execute("INSERT INTO receipts VALUES (?, 4, 'stored', 1, x'')", ("0" * 64,))
    )
    receipts.close_sync()
    assert main(["log", "check", "--home", str(home)]) == 0
    with contextlib.closing(connect_writer(home / "kiosk.db")) as connection:
        connection.execute("DELETE FROM log_records WHERE seq = 4")
        connection.execute("DELETE FROM log_seals WHERE seq = 16")
        connection.execute("DELETE FROM log_events WHERE sitting = 'p-2' AND seq = 13")
    capsys.readouterr()
    assert main(["log", "check", "--json", "--home", str(home)]) == 1
    failures = msgspec.json.decode(capsys.readouterr().out)["failures"]
    assert [(failure["record"], failure["code"]) for failure in failures] == [(4, "missing")]


@pytest.mark.parametrize(
    "words",
    [
        ["sync", "--once"],
        ["log", "check"],
        ["log", "key"],
        ["enrol", "--central", "http://127.0.0.1:9", "--code", "x"],
    ],
)
def test_an_empty_home_is_answered_with_what_to_do(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--home", str(tmp_path)]) == 1
    assert "preau " in capsys.readouterr().err


def test_a_file_or_key_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path / "none"), "--key", "00" * 32]) == 1
    assert main(["verify", str(tmp_path / "none"), "--key", "nonsense"]) == 1
    assert "cannot be read" in capsys.readouterr().err
