"""`preau bank build`, `open` and `key` as a person types them."""

import argparse
import io
import json
from pathlib import Path

import pytest
from sealed_kit import CODE, certification_files

from kiosk.cli import CommandError
from kiosk.commands.bank import register, run
from sync.box_keys import box_path, load_or_make_box
from sync.identity import init_home
from sync.keys import KeyFileError, load_or_make, save_public


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "bank"
    for name, data in certification_files().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    init_home(tmp_path / "home", "0330010G", "Collège Essai")
    save_public(tmp_path / "key.pub", load_or_make(tmp_path / "key").public)
    return root


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr("sys.stdin", io.StringIO(CODE + "\n"))
    return monkeypatch


def preau_bank(home: Path, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    register(parser)
    return run(parser.parse_args([str(word) for word in words], argparse.Namespace(home=home / "home")))


def test_a_school_shows_its_box_and_opens_what_was_built_for_it(
    folder: Path, tmp_path: Path, typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert preau_bank(tmp_path, "key", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["box_key"] == load_or_make_box(tmp_path / "home").public.hex()
    assert box_path(tmp_path / "home").stat().st_mode & 0o777 == 0o600
    sealed = ("--key", tmp_path / "key", "--day-code-stdin", "--school", shown["box_key"], "--rough")
    assert preau_bank(tmp_path, "build", folder, "--out", tmp_path / "out", "--json", *sealed) == 0
    assert json.loads(capsys.readouterr().out)["sealed"]["items"] == 64
    opening = ("open", tmp_path / "out", "--public-key", tmp_path / "key.pub")
    assert preau_bank(tmp_path, *opening, "--json") == 0
    assert json.loads(capsys.readouterr().out)["items"] == 64
    typed.setattr("sys.stdin", io.StringIO("un tout autre code du jour\n"))
    assert preau_bank(tmp_path, *opening, "--day-code-stdin") == 1
    assert "not the day code" in capsys.readouterr().err


def test_a_bundle_of_a_folder_without_lock_leaves_the_sealed_items_out(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert preau_bank(tmp_path, "build", folder, "--out", tmp_path / "out") == 0
    assert "left out" in capsys.readouterr().out
    assert b"-scelle" not in (tmp_path / "out").read_bytes()


def test_a_seal_needs_a_signature_and_opening_needs_its_key(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--key"):
        preau_bank(tmp_path, "build", folder, "--out", tmp_path / "out", "--rehearsal")
    with pytest.raises(CommandError, match="--public-key"):
        preau_bank(tmp_path, "open", folder)


def test_a_box_that_others_can_read_is_refused(folder: Path, tmp_path: Path) -> None:
    load_or_make_box(tmp_path / "home")
    box_path(tmp_path / "home").chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        preau_bank(tmp_path, "key")


def test_check_shows_the_proof_and_tells_it_to_scripts(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert preau_bank(tmp_path, "check", folder, "--certification") == 0
    assert "feasible: the test above meets every rule" in capsys.readouterr().out
    assert preau_bank(tmp_path, "check", folder, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["certification"]["proof"]["feasible"]
    assert said["warnings"] == []
