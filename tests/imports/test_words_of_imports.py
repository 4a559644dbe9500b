"""Every code a reader can give has its sentence in both languages, and every column a name."""

from __future__ import annotations

import re
from pathlib import Path

from kiosk.import_words import problem_of
from kiosk.imports.reading import COLUMNS, Finding
from web.i18n import LANGUAGES, Words

READERS = Path(__file__).parents[2] / "kiosk" / "imports"
WORDS = Words.load(strict=True)
_CODE = re.compile(r'(?:Finding|FileRefused|failed|skip|_?problem|warn)\(\s*(?:"\w+", )?"([A-Z][A-Z_]{3,})"')
_DETAIL = re.compile(r'"(INVALID_FILE|BAD_CSV_FORMAT|ENCODING_NOT_SUPPORTED|UAI_MISMATCHED)", "([a-z_0-9]+)"')


def sources() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(READERS.glob("*.py")))


def test_every_code_has_its_sentence() -> None:
    found = set(_CODE.findall(sources()))
    assert {code for code in found if not WORDS.has(f"imports.code.{code}")} == set()
    assert len(found) > 25


def test_every_known_cause_has_its_sentence() -> None:
    found = set(_DETAIL.findall(sources()))
    assert {
        f"{code}_{detail}" for code, detail in found if not WORDS.has(f"imports.code.{code}_{detail}")
    } == set()
    assert len(found) > 10


def test_every_column_has_a_name() -> None:
    assert [name for name in COLUMNS if not WORDS.has(f"imports.field.{name}")] == []


def test_every_problem_has_a_next_step() -> None:
    for lang in LANGUAGES:
        told = problem_of(WORDS, lang, Finding("FIELD_REQUIRED", 2, "Nom"))
        assert told.message
        assert told.next
