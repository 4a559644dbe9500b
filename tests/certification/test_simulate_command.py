from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from certification_kit import small_bank

from exam.certification.parameter_table import read_parameters, write_parameters
from exam.certification.reference_bank import reference_bank
from exam.certification.tables import compile_tables
from kiosk.cli import main

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "examinees",
    "rmse",
    "bias",
    "max_exposure",
    "max_exposure_by_segment",
    "overlap",
    "unused",
    "content_ok",
    "seconds",
}


def table(tmp_path: Path, text: str) -> str:
    path = tmp_path / "items.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_simulation_prints_its_figures_and_repeats_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path, write_parameters(small_bank(4)))
    words = [
        "simulate",
        "--parameters",
        path,
        "--examinees",
        "300",
        "--mean",
        "0.3",
        "--sd",
        "1.1",
        "--seed",
        "7",
    ]
    runs = []
    for _ in range(2):
        assert main([*words, "--target-exposure", "0.6", "--rough", "--json"]) == 0
        runs.append(json.loads(capsys.readouterr().out))
    assert set(runs[0]) >= KEYS
    assert (runs[0]["examinees"], runs[0]["content_ok"]) == (300, 1)
    assert 0 < runs[0]["rmse"] < 1
    assert len(runs[0]["max_exposure_by_segment"]) == 5
    for one in runs:
        del one["seconds"]
    assert runs[0] == runs[1]


def test_a_bank_that_misses_competences_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path, write_parameters(small_bank(3, competences=15)))
    assert main(["simulate", "--parameters", path, "--rough", "--json"]) == 1
    printed = capsys.readouterr()
    assert "15 competences" in printed.err
    assert not printed.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, item"),
        ("item,a,b,competence\n", "line 1, topic"),
        ("item,a,b,competence,topic,colour\n", "line 1, colour"),
        ("item,a,b,competence,topic\n", "no item"),
        ("item,a,b,competence,topic\nx,1,0\n", "line 2: 3 fields"),
        ("item,a,b,competence,topic\nx,0,0,c,t\n", "line 2, a"),
        ("item,a,b,competence,topic\nx,-1,0,c,t\n", "line 2, a"),
        ("item,a,b,competence,topic\nx,1,easy,c,t\n", "line 2, b"),
        ("item,a,b,competence,topic\nx,1,nan,c,t\n", "line 2, b"),
        ("item,a,b,competence,topic\nx,1,0,c,\n", "line 2, topic"),
        ("item,a,b,competence,topic\nx,1,0,c,t\nx,1,0,c,u\n", "line 3, item"),
        ("item,a,b,competence,topic,enemy\nx,1,0,c,t,ghost\n", "line 2, enemy"),
        ("item,a,b,competence,topic,access\nx,1,0,c,t,some\n", "line 2, access"),
    ],
)
def test_a_table_that_cannot_be_read_names_line_and_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert main(["simulate", "--parameters", table(tmp_path, text), "--json"]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["--examinees", "0"], ["--sd", "0"], ["--mean", "99"], ["--seed", "-1"], ["--target-exposure", "0"]],
)
def test_a_wrong_number_is_refused_before_any_work(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--reference-bank", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_items_written_as_a_table_are_read_back_the_same() -> None:
    items = reference_bank()
    read = read_parameters(write_parameters(items).splitlines())
    assert [(one.id, one.a, one.b, one.competence) for one in read] == [
        (one.id, one.a, one.b, one.competence) for one in items
    ]
    tables = compile_tables(read)
    assert (compile_tables(items).keeps == tables.keeps).all()


def test_a_label_shared_by_lines_makes_them_enemies_and_a_topic_lies_in_its_competence() -> None:
    read = read_parameters(
        ["item,a,b,competence,topic,enemy", "x,1,0,c,t,k", "y,1,0,d,t,k", "z,1,0,e,t,y;x", "w,1,0,f,t,"]
    )
    assert [one.enemies for one in read] == [("y",), ("x",), ("x", "y"), ()]
    assert len({one.topic for one in read}) == 4


def test_catsim_and_the_bound_are_printed_beside_for_the_same_candidates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path, write_parameters(small_bank(4)))
    words = ["--examinees", "12", "--target-exposure", "0.6", "--rough", "--beside", "catsim", "--bound"]
    assert main(["simulate", "--parameters", path, *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert 0 < found["bound"] < 1
    both = found["beside"]
    assert both["candidates"] == 12
    assert both["preau"]["content_ok"] == 1 > both["catsim"]["content_ok"]
    assert {*both["preau"]} == {*both["catsim"]} >= {"rmse", "max_exposure", "overlap", "unused", "seconds"}
    assert both["seconds_ratio"] > 0


def test_without_catsim_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "catsim", None)
    assert main(["simulate", "--reference-bank", "--beside", "catsim"]) == 1
    assert "catsim is not installed" in capsys.readouterr().err
