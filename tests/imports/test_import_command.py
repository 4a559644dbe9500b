"""`preau import`: the same import from a terminal, dry or for good, and formats of one's own."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pupil_kit import UAI, onde_csv, pupils, siecle

from kiosk.cli import main
from kiosk.homes import held, make_home
from kiosk.imports import custom_format
from sync.identity import init_home

SAMPLE = Path(custom_format.__file__).parent / "formats" / "onde.toml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    init_home(tmp_path / "home", UAI, "Collège des Tilleuls")
    make_home(tmp_path / "home")
    return tmp_path / "home"


def run(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, dict[str, Any]]:
    status = main(["--home", str(home), "import", *words, "--json"])
    out = capsys.readouterr().out
    return status, json.loads(out) if out else {}


def test_a_file_is_imported_and_counted(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pupils.xml"
    file.write_bytes(siecle(4))
    assert run(capsys, home, "pupils", str(file), "--dry-run")[1]["added"] == 4
    status, done = run(capsys, home, "pupils", str(file))
    assert (status, done["added"], done["changed"], done["disabled"], done["skipped"]) == (0, 4, 0, 0, 0)
    assert done["errors"] == []
    assert file.exists()
    assert run(capsys, home, "pupils", str(file))[1]["kept"] == 4


def test_errors_come_with_line_field_code_and_message(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pupils.xml"
    file.write_bytes(siecle(2).replace(b"<CODE_SEXE>2</CODE_SEXE>", b""))
    status, done = run(capsys, home, "pupils", str(file))
    assert status == 1
    assert done["errors"] == [
        {
            "line": 9,
            "field": "CODE_SEXE",
            "code": "SEX_CODE_REQUIRED",
            "message": "The sex is missing, or neither 1 nor 2.",
        }
    ]


def test_a_home_that_is_served_is_left_to_its_server(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pupils.xml"
    file.write_bytes(siecle(1))
    with held(home):
        assert main(["--home", str(home), "import", "pupils", str(file)]) == 1
        assert "use its pages or its API" in capsys.readouterr().err
        assert run(capsys, home, "pupils", str(file), "--dry-run")[0] == 0


def test_a_format_of_ones_own_is_checked_and_kept(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "x"\nunicity = []\ncolumn = []\n')
    assert main(["--home", str(home), "import", "format", str(bad)]) == 1
    assert "unicity" in capsys.readouterr().err


def test_a_school_takes_the_format_it_was_given(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form, file = tmp_path / "own.toml", tmp_path / "pupils.csv"
    form.write_text(SAMPLE.read_text("utf-8").replace("classe", "groupe"), "utf-8")
    file.write_bytes(onde_csv(pupils(3)).replace(b"classe", b"groupe"))
    assert run(capsys, home, "format", str(form))[1]["columns"][3] == "groupe"
    assert run(capsys, home, "pupils", str(file))[1]["added"] == 3
    assert run(capsys, home, "format", "--use", "siecle")[1]["format"] == "siecle"
    assert main(["--home", str(home), "import", "format"]) == 1


def test_a_format_of_ones_own_is_part_of_a_backup(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, home, "format", str(SAMPLE))
    assert main(["--home", str(home), "backup", str(tmp_path / "copy.tar")]) == 0
    assert main(["--home", str(tmp_path / "other"), "restore", str(tmp_path / "copy.tar")]) == 0
    assert (tmp_path / "other" / "formats" / "school.toml").read_bytes() == SAMPLE.read_bytes()


def test_a_format_spoilt_afterwards_is_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pupils.csv"
    file.write_bytes(onde_csv(pupils(1)))
    run(capsys, home, "format", str(SAMPLE))
    (home / "formats" / "school.toml").write_text("name = 3")
    assert main(["--home", str(home), "import", "pupils", str(file)]) == 1
    assert "spoilt" in capsys.readouterr().err


def test_a_format_the_school_does_not_take_is_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pupils.csv"
    file.write_bytes(onde_csv(pupils(1)))
    assert main(["--home", str(home), "import", "pupils", str(file), "--format", "custom"]) == 1
    assert "does not take this format" in capsys.readouterr().err


def test_another_organisation_imports_its_own_pupils(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pupils.xml"
    file.write_bytes(siecle(2, uai="0750002V"))
    assert main(["--home", str(home), "import", "pupils", str(file), "--organisation", "nobody"]) == 1
    assert "there is no organisation nobody" in capsys.readouterr().err
    assert run(capsys, home, "pupils", str(file))[1]["errors"][0]["code"] == "UAI_MISMATCHED"


def test_imports_cut_short_do_not_stand_in_the_way(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pupils.xml"
    file.write_bytes(siecle(2))
    for _ in range(3):
        assert run(capsys, home, "pupils", str(file))[0] == 0
        with closing(sqlite3.connect(home / "kiosk.db")) as conn:
            conn.execute("UPDATE learner_imports SET state = 'uploaded'")
            conn.commit()
    assert run(capsys, home, "pupils", str(file))[1]["kept"] == 2
