"""Every word exists in French and English, with the same placeholders, and every key a page uses exists."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from web.i18n import LANGUAGES, LOCALES, MissingWordError, Words, placeholders, plural_form

if TYPE_CHECKING:
    from pathlib import Path

WEB = LOCALES.parent
WORDS = Words.load(strict=True)
_IN_TEMPLATE = re.compile(r"""\btp?\(\s*["']([a-z_]+(?:\.[a-z0-9_]+)+)["']\s*[,)]""")
_PREFIX = re.compile(r"""\btp?\(\s*["']([a-z_]+(?:\.[a-z0-9_]+)*[._])["']\s*~""")
_IN_SCRIPT = re.compile(r"""\bword\(\s*"([a-z_]+)"\s*[,)]""")
PUPIL_SCRIPTS = [
    path
    for path in (WEB / "static/js").rglob("*.js")
    if not path.name.startswith(("staff", "central", "end")) and path.parent.name != "simulators"
]


def test_the_two_languages_have_the_same_files() -> None:
    names = [{path.name for path in (LOCALES / lang).glob("*.json")} for lang in LANGUAGES]
    assert names[0] == names[1]


def test_the_two_languages_have_the_same_keys() -> None:
    assert set(WORDS.entries["fr"]) == set(WORDS.entries["en"])


def test_the_two_languages_take_the_same_placeholders() -> None:
    different = [
        key
        for key, entry in WORDS.entries["fr"].items()
        if placeholders(entry) != placeholders(WORDS.entries["en"][key])
    ]
    assert different == []


def test_no_word_is_left_empty_in_one_language_only() -> None:
    different = [
        key for key, entry in WORDS.entries["fr"].items() if bool(entry) != bool(WORDS.entries["en"][key])
    ]
    assert different == []


def test_every_key_a_template_uses_exists() -> None:
    missing = {
        (path.name, key)
        for path in (WEB / "templates").rglob("*.html")
        for key in _IN_TEMPLATE.findall(path.read_text("utf-8"))
        if not WORDS.has(key)
    }
    assert missing == set()


def test_every_beginning_of_a_key_a_template_completes_exists() -> None:
    missing = {
        (path.name, prefix)
        for path in (WEB / "templates").rglob("*.html")
        for prefix in _PREFIX.findall(path.read_text("utf-8"))
        if not any(key.startswith(prefix) for key in WORDS.entries["fr"])
    }
    assert missing == set()


def test_every_key_the_question_page_scripts_use_exists() -> None:
    # A certification's page has the words of both.
    known = {*WORDS.under("fr", "pupil.script"), *WORDS.under("fr", "exam.script")}
    used = {key for path in PUPIL_SCRIPTS for key in _IN_SCRIPT.findall(path.read_text("utf-8"))}
    assert used - known == set()
    assert used


def test_every_key_a_simulator_uses_exists() -> None:
    helpers = {"maze": "blocks"}  # a part of a tool speaks with the tool's words
    for path in (WEB / "static/js/simulators").glob("*.js"):
        tool = helpers.get(path.stem, path.stem)
        known = {*WORDS.under("fr", "simulators.kit"), *WORDS.under("fr", f"simulators.{tool}")}
        assert set(_IN_SCRIPT.findall(path.read_text("utf-8"))) - known == set(), path.name


def test_a_missing_word_is_an_error_when_strict_and_its_key_otherwise() -> None:
    with pytest.raises(MissingWordError):
        WORDS.text("fr", "common.nothing_of_the_kind")
    with pytest.raises(MissingWordError):
        WORDS.text("fr", "common.stars", {"count": 2})
    assert Words.load().text("fr", "common.nothing_of_the_kind") == "common.nothing_of_the_kind"


def test_french_says_one_below_two_and_english_for_one_alone() -> None:
    assert [plural_form("fr", count) for count in (0, 1, 2)] == ["one", "one", "other"]
    assert [plural_form("en", count) for count in (0, 1, 2)] == ["other", "one", "other"]


def test_a_word_missing_in_english_is_shown_in_french(tmp_path: Path) -> None:
    for lang, words in (("fr", {"only": "Seulement {n}"}), ("en", {})):
        (tmp_path / lang).mkdir()
        (tmp_path / lang / "x.json").write_text(json.dumps(words), "utf-8")
    assert Words.load(tmp_path).text("en", "x.only", {"n": 3}) == "Seulement 3"
