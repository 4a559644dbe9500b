"""`preau campaign` from a terminal: every field, a course of picked topics, archiving, deleting for good."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from exam.content import TopLevel
from exam.course_file import write_course
from exam.courses import definition_of
from kiosk.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    folder = str(tmp_path / "home")
    assert main(["init", "--home", folder, "--uai", "0750001U", "--name", "Collège"]) == 0
    for username, role in (("alice.roy", "teacher"), ("ines.faure", "teacher")):
        names = ["--username", username, "--first", "A", "--last", "B"]
        assert main(["account", "add", "--home", folder, "--role", role, *names]) == 0
    capsys.readouterr()
    return folder


def asked(capsys: pytest.CaptureFixture[str], home: str, *words: str) -> tuple[int, str, str]:
    status = main(["campaign", *words, "--home", home, "--json"])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_course_is_made_of_picked_topics_and_used_then_the_campaign_archived_and_deleted(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "selection.json"
    file.write_bytes(write_course(definition_of("Réviser", "", [TopLevel("mots-de-passe", 3)])))
    owner = ("--owner", "alice.roy")
    course = json.loads(asked(capsys, home, "course", str(file), *owner)[1])["course"]
    fields = ("--multiple", "--reset", "--external-label", "Numéro", "--external-type", "text")
    made = json.loads(asked(capsys, home, "create", *owner, "--name", "5B", "--course", course, *fields)[1])
    assert (made["course"], made["kind"]) == (course, "assessment")
    archived = json.loads(asked(capsys, home, "archive", made["code"], "--as", "alice.roy")[1])
    assert archived["archived"] is True
    delete = ("delete", made["code"], "--as", "alice.roy")
    assert "--sure" in asked(capsys, home, *delete)[2]
    assert asked(capsys, home, "delete", made["code"], "--as", "ines.faure", "--sure")[0] == 1
    assert json.loads(asked(capsys, home, *delete, "--sure")[1]) == {"deleted": 1}
    assert json.loads(asked(capsys, home, "list", "--archived")[1]) == {"campaigns": []}


def test_a_collection_is_made_and_a_bad_selection_is_refused_by_its_defects(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = json.loads(
        asked(capsys, home, "create", "--owner", "alice.roy", "--name", "Profils", "--kind", "collection")[1]
    )
    assert (made["kind"], made["course"]) == ("collection", "")
    file = tmp_path / "selection.json"
    file.write_bytes(write_course(definition_of("", "", [TopLevel("nulle-part", 3)])))
    status, _, words = asked(capsys, home, "course", str(file), "--owner", "alice.roy")
    assert status == 1
    assert "course.name_required" in words
    assert "course.unknown_topic nulle-part" in words
