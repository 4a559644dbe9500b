"""The commands that take questions in and give them out."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import pytest
from bank_kit import SHARED, SINGLE, files

from kiosk.commands.bank import register, run

if TYPE_CHECKING:
    from pathlib import Path

ARGUMENTS = ["--topic", "reprise", "--competence", "1.1", "--level", "2"]


def preau_bank(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    register(parser)
    return run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a bank of two items, one of which no other format can hold."""
    root = tmp_path / "bank"
    loose = SHARED.replace('"Titre"', '"Autre"') + (
        'kind = "fill_blanks"\nmode = "dependent"\ntext = {fr = "[[a]] et [[b]]", en = "[[a]] and [[b]]"}\n'
        '[blanks.a]\nlabel = "1"\naccepted = ["un"]\n[blanks.b]\nlabel = "2"\naccepted = ["deux"]\n'
    )
    bank = files(choix=(SHARED + SINGLE).encode(), libre=loose.encode())
    for name, data in bank.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def said(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - the JSON of a command
    return json.loads(capsys.readouterr().out)


def leave(folder: Path, tmp_path: Path, *words: str) -> Path:
    out = tmp_path / "paquet.zip"
    assert preau_bank("export", "--bank", folder, "--format", "qti3", "--out", out, *words) == 0
    return out


def test_a_package_comes_back_as_a_bank_that_checks(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = leave(folder, tmp_path, "--items", "choix")
    capsys.readouterr()
    assert preau_bank("import", out, *ARGUMENTS, "--out", tmp_path / "new", "--json") == 0
    found = said(capsys)
    assert (found["ok"], found["format"], len(found["items"])) == (True, "qti-package", 1)
    assert preau_bank("check", tmp_path / "new") == 0


def test_nothing_that_is_there_is_written_over(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = leave(folder, tmp_path, "--items", "choix")
    for _ in range(2):
        assert preau_bank("import", out, *ARGUMENTS, "--out", folder) == 0
    capsys.readouterr()
    names = sorted(path.name for path in (folder / "topics" / "reprise").glob("reprise-*.toml"))
    assert names == ["reprise-2-item-choix-2.toml", "reprise-2-item-choix.toml"]
    assert 'id = "kit"' in (folder / "bank.toml").read_text()


def test_an_item_left_out_is_told_and_changes_the_status(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "paquet.zip"
    assert preau_bank("export", "--bank", folder, "--format", "qti22", "--out", out, "--json") == 1
    found = said(capsys)
    assert found["items"] == ["choix"]
    assert [problem["path"] for problem in found["problems"]] == ["topics/sujet/libre.toml"]


def test_a_file_that_is_refused_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_text("<other/>")
    assert preau_bank("import", bad, *ARGUMENTS, "--out", tmp_path / "new") == 1
    assert "line 1" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "words", [["--topic", "Pas Bon"], ["--competence", "9.9"], ["--level", "12"], ["--level", "0"]]
)
def test_a_place_that_cannot_be_is_refused_first(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_text("<other/>")
    assert preau_bank("import", bad, *ARGUMENTS, *words, "--out", tmp_path / "new") == 2
    assert capsys.readouterr().err


def test_an_unknown_file_item_or_topic_cannot_be_tried(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.zip"
    assert preau_bank("import", tmp_path / "none", *ARGUMENTS, "--out", tmp_path / "new") == 2
    assert preau_bank("export", "--bank", folder, "--format", "qti3", "--out", out, "--items", "none") == 2
    assert preau_bank("export", "--bank", folder, "--format", "qti3", "--out", out, "--topic", "none") == 2
    assert not out.exists()
    assert capsys.readouterr().err
