import argparse
import json
from pathlib import Path

import pytest
from bank_kit import bank_of, files

from exam.bundle import BankError
from kiosk.bank_files import load_bank, read_bank_folder, starter_bank
from kiosk.commands.bank import register, run
from sync.keys import load_or_make, save_public


def preau_bank(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    register(parser)
    return run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "bank"
    for name, data in files().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def test_a_folder_is_read_without_its_hidden_files(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    assert read_bank_folder(folder) == files()
    assert load_bank(folder).digest == bank_of().digest


def test_check_says_a_bank_is_good(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert preau_bank("check", folder) == 0
    assert "1 topic, 1 skill, 1 item, no problem" in capsys.readouterr().out


def test_check_names_every_problem_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "topics/sujet/un.toml").write_text('skill = "sujet-2"\nkind = "single_choice"\n')
    assert preau_bank("check", folder, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["ok"]
    assert {problem["code"] for problem in said["problems"]} == {"missing"}
    assert len(said["problems"]) == 4
    assert preau_bank("check", folder) == 1
    assert "topics/sujet/un.toml: note: note is required [missing]" in capsys.readouterr().out


def test_a_path_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    assert preau_bank("check", tmp_path / "absent") == 2


def test_build_writes_a_bundle_that_reads_back(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bank.json"
    assert preau_bank("build", folder, "--out", out, "--json") == 0
    assert json.loads(capsys.readouterr().out)["digest"] == load_bank(out).digest == bank_of().digest
    assert preau_bank("check", out) == 0


def test_build_refuses_a_bank_with_a_problem(folder: Path, tmp_path: Path) -> None:
    (folder / "courses/parcours.toml").write_text("minutes = 3\n")
    assert preau_bank("build", folder, "--out", tmp_path / "out") == 1
    assert not (tmp_path / "out").exists()


def test_a_signed_bundle_is_read_with_the_key_of_its_signer_only(folder: Path, tmp_path: Path) -> None:
    out, key = tmp_path / "bank.signed", tmp_path / "key"
    assert preau_bank("build", folder, "--out", out, "--key", key) == 0
    public = load_or_make(key).public
    assert load_bank(out, public).digest == bank_of().digest
    save_public(tmp_path / "key.pub", public)
    assert preau_bank("stats", out, "--public-key", tmp_path / "key.pub") == 0
    assert preau_bank("stats", out) == 1
    with pytest.raises(BankError):
        load_bank(out, load_or_make(tmp_path / "other").public)
    out.write_bytes(out.read_bytes().replace(b"Essai", b"Essay"))
    with pytest.raises(BankError):
        load_bank(out, public)


def test_stats_have_the_promised_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert preau_bank("stats", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    promised = (
        "areas competences topics skills items practical simulators parametrised by_competence languages"
    )
    assert said.keys() >= set(promised.split())
    assert len(said["by_competence"]) == 16


def test_the_starter_bank_is_sound_and_large_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert preau_bank("check") == 0, capsys.readouterr().out
    capsys.readouterr()
    assert preau_bank("stats", starter_bank(), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["areas"] == 5
    assert said["topics"] >= 10
    assert said["items"] >= 80
    assert said["practical"] >= 15
    assert said["languages"] == ["fr", "en"]


def test_the_head_of_a_bank_stands_for_its_folder(folder: Path) -> None:
    assert preau_bank("check", folder / "bank.toml") == 0


@pytest.mark.parametrize("act", ["check", "stats"])
def test_what_can_be_no_bank_is_told_in_a_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    (tmp_path / "notes.txt").write_text("bonjour")
    for path, told in (
        (tmp_path / "nulle-part", "does not exist"),
        (folder / "topics", "holds no bank.toml"),
        (tmp_path / "notes.txt", "is no bundle"),
    ):
        assert preau_bank(act, path) == 2
        said = capsys.readouterr().err
        assert told in said
        assert "Give the folder that holds bank.toml" in said


def test_an_export_needs_a_folder_to_write_in(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "absent" / "paquet.zip"
    assert preau_bank("export", "--bank", folder, "--format", "qti3", "--out", out) == 2
    assert "is not a folder" in capsys.readouterr().err


def test_one_problem_is_said_in_the_singular(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "topics" / "sujet" / "un.toml").unlink()
    assert preau_bank("check", folder) == 1
    assert "1 problem." in capsys.readouterr().out
