"""The command `preau`: what it prints, what it refuses, and what it leaves on disk."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from kiosk_site import PASSWORD, UAI

from kiosk.cli import COMMANDS, main
from kiosk.homes import held


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    made = tmp_path / "home"
    assert run(capsys, "init", "--home", made, "--uai", UAI, "--name", "Collège des Tilleuls")[0] == 0
    return made


def add(
    capsys: pytest.CaptureFixture[str], home: Path, username: str, role: str, *more: str
) -> dict[str, str | None]:
    words = ["--username", username, "--role", role, "--first", "Ada", "--last", "Byron", "--json", *more]
    status, out, err = run(capsys, "account", "add", *words, "--home", home)
    assert status == 0, err
    found: dict[str, str | None] = json.loads(out)
    return found


def test_the_version_is_that_of_the_changelog(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")
    newest = next(line for line in changelog.splitlines() if line.startswith("## ["))
    assert capsys.readouterr().out == f"preau {newest[4:].partition(']')[0]}\n"


def test_init_makes_a_private_home_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "keys" / "school.key").stat().st_mode) == 0o600
    status, out, _ = run(
        capsys, "--home", home, "init", "--uai", UAI, "--name", "Collège des Tilleuls", "--json"
    )
    assert status == 0
    assert json.loads(out)["made"] is False


@pytest.mark.parametrize("uai", ["", "abc", "0750001A", "07500012"])
def test_init_refuses_a_number_no_school_has(
    tmp_path: Path, uai: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = run(capsys, "init", "--home", tmp_path / "h", "--uai", uai, "--name", "x")
    assert status == 1
    assert "preau init:" in err
    assert not (tmp_path / "h" / "kiosk.db").exists()


def test_an_account_gets_a_one_time_password_or_the_one_given(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(capsys, home, "ada.byron", "pupil", "--division", "5B")
    assert len(made["one_time_password"] or "") == 8
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    given = add(capsys, home, "b.teacher", "teacher", "--password-stdin")
    assert given["one_time_password"] is None
    listed = json.loads(run(capsys, "account", "list", "--home", home, "--json")[1])
    assert {row["username"] for row in listed["accounts"]} == {"ada.byron", "b.teacher"}
    assert "password" not in json.dumps(listed)


def test_a_username_is_taken_once_and_must_be_plain(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(capsys, home, "ada", "pupil")
    words = ["--role", "pupil", "--first", "A", "--last", "B", "--home", home]
    status, _, err = run(capsys, "account", "add", "--username", "ADA", *words)
    assert status == 1
    assert "taken" in err
    assert run(capsys, "account", "add", "--username", "é à", *words)[0] == 1


def test_closing_and_resetting_an_account(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(capsys, home, "ada", "pupil")
    for act in ("disable", "enable", "reset"):
        assert run(capsys, "account", act, "--username", "ada", "--home", home)[0] == 0
    assert run(capsys, "account", "reset", "--username", "nobody", "--home", home)[0] == 1


def test_a_campaign_is_made_for_a_teacher_only_and_not_beside_a_server(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(capsys, home, "roy", "teacher")
    add(capsys, home, "ada", "pupil")
    base = ["campaign", "create", "--home", home, "--course", "rentree-5e", "--name", "5B", "--json"]
    status, out, _ = run(capsys, *base, "--owner", "roy")
    assert status == 0
    assert len(json.loads(out)["code"]) == 9
    assert run(capsys, *base, "--owner", "ada")[0] == 1
    assert run(capsys, *base, "--owner", "nobody")[0] == 1
    with held(home):
        status, _, err = run(capsys, *base, "--owner", "roy")
    assert status == 1
    assert "already running" in err
    listed = json.loads(run(capsys, "campaign", "list", "--home", home, "--json")[1])
    assert len(listed["campaigns"]) == 1


def test_a_home_that_is_none_is_named_with_the_next_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["account", "list"], ["campaign", "list"], ["serve", "--plain-http"], ["backup", "x.zip"]):
        status, _, err = run(capsys, *words, "--home", tmp_path / "none")
        assert status == 1
        assert "preau init" in err
        assert not (tmp_path / "none").exists()


def test_a_folder_with_other_things_in_it_is_never_made_a_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "holidays.txt").write_text("mine")
    tmp_path.chmod(0o755)
    for words in (["init", "--uai", UAI, "--name", "Collège"], ["serve", "--plain-http"]):
        status, _, said = run(capsys, *words, "--home", tmp_path)
        assert status == 1
        assert str(tmp_path) in said
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
        assert [path.name for path in tmp_path.iterdir()] == ["holidays.txt"]


@pytest.mark.parametrize("command", ["init", "demo"])
def test_a_folder_that_cannot_be_made_is_named_without_a_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "file").write_text("not a folder")
    more = ["--uai", UAI, "--name", "Collège"] if command == "init" else ["--any-port"]
    status, _, said = run(capsys, command, "--home", tmp_path / "file" / "home", *more)
    assert status == 1
    assert said.startswith(f"preau {command}: {tmp_path}/file")
    assert said.count("\n") == 1


def test_a_port_no_machine_has_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, said = run(capsys, "demo", "--home", tmp_path / "var", "--port", "80000")
    assert (status, said) == (1, "preau demo: --port must be between 1 and 65535, not 80000\n")


def test_plain_http_never_leaves_the_machine(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "serve", "--home", home, "--plain-http", "--host", "192.0.2.1")
    assert status == 1
    assert "127.0.0.1" in err


def test_an_unknown_setting_refuses_to_start(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "config.toml").write_text("prot = 8080\n")
    status, _, err = run(capsys, "serve", "--home", home, "--plain-http")
    assert status == 1
    assert "prot" in err


def test_doctor_says_go_and_then_why_not(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "doctor", "--home", home, "--json")
    assert status == 0
    assert json.loads(out)["go"] is True
    home.chmod(0o755)
    status, out, _ = run(capsys, "doctor", "--home", home)
    assert status == 1
    assert "NO-GO" in out
    database = home / "kiosk.db"
    database.write_bytes(database.read_bytes()[:5000] + b"\xff" * 3000)
    findings = json.loads(run(capsys, "doctor", "--home", home, "--json")[1])["checks"]
    assert {"database": "problem"}.items() <= {f["name"]: f["level"] for f in findings}.items()


def test_a_backup_is_put_back_whole_and_keeps_the_key_out_unless_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(capsys, home, "ada", "pupil")
    assert run(capsys, "backup", tmp_path / "a.zip", "--home", home)[0] == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as kept:
        assert "keys/school.key" not in kept.namelist()
    assert run(capsys, "backup", tmp_path / "a.zip", "--home", home)[0] == 1
    assert run(capsys, "backup", tmp_path / "k.zip", "--with-keys", "--home", home)[0] == 0
    back = tmp_path / "back"
    assert run(capsys, "restore", tmp_path / "k.zip", "--home", back)[0] == 0
    assert json.loads(run(capsys, "account", "list", "--home", back, "--json")[1])["accounts"]
    assert run(capsys, "restore", tmp_path / "k.zip", "--home", back)[0] == 1


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "notes.txt", "keys/../../evil"])
def test_a_restore_takes_nothing_a_backup_does_not_have(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as made:
        made.writestr("backup.json", json.dumps({"format": "preau.backup/1", "site": "s"}))
        made.writestr(name, "x")
    assert run(capsys, "restore", tmp_path / "bad.zip", "--home", tmp_path / "h")[0] == 1
    assert not (tmp_path / "h").exists()


def test_help_loads_no_command() -> None:
    code = "import sys; from kiosk.cli import main; main([]); print('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")
    for name in COMMANDS:
        assert name in done.stdout
