"""Settings refuse what they do not know; generated pages and words keep up with the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exam import errors as exam_errors
from kiosk.config import SETTINGS, BadConfig, Config, load_config
from kiosk.documents import pages
from kiosk.routes import ROUTES
from web.i18n import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
WORDS = Words.load(strict=True)


@pytest.mark.parametrize("path", list(pages()), ids=lambda path: path.name)
def test_a_generated_page_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == pages()[path], "run python -m kiosk.documents"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("prot = 1", "prot"),
        ("port = '8080'", "port"),
        ("port = true", "port"),
        ("port = 70000", "port"),
        ("names = 'a'", "names"),
        ("port = ", "TOML"),
    ],
)
def test_a_setting_unknown_or_malformed_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(BadConfig, match=named):
        load_config(tmp_path, {})


def test_the_command_line_wins_over_the_environment_and_the_environment_over_the_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "config.toml").write_text("port = 1111\nlogin_hours = 3\n")
    environment = {"PREAU_KIOSK_PORT": "2222", "PREAU_ALLOWED_HOSTS": "a.local, b.local"}
    config = load_config(tmp_path, environment)
    assert (config.port, config.login_hours) == (2222, 3)
    assert config.allowed_hosts == ("a.local", "b.local")
    assert load_config(tmp_path, environment, port=3333).port == 3333
    with pytest.raises(BadConfig, match="PREAU_KIOSK_PORT"):
        load_config(tmp_path, {"PREAU_KIOSK_PORT": "many"})


def test_the_rows_and_the_record_say_the_same_defaults() -> None:
    config = Config(home=Path())
    assert {row.name: row.default for row in SETTINGS} == {
        row.name: getattr(config, row.name) for row in SETTINGS
    }


def codes() -> Iterator[str]:
    """Yield every code a refusal of the kiosk or of the exam is raised with."""
    kinds = "BadRequest|NotSignedIn|Forbidden|NotFound|WrongMethod|Conflict|TooLarge|Unsupported|Refused|TooMany|Full"
    pattern = re.compile(rf'(?:{kinds}|Stale|KioskError)\(\s*"([a-z_]+\.[a-z_]+)"')
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        yield from pattern.findall(path.read_text("utf-8"))
    for kind in vars(exam_errors).values():
        if isinstance(kind, type) and issubclass(kind, exam_errors.ExamError):
            yield kind.code
    answer = re.compile(r'BadAnswer\(\s*"([a-z_]+\.[a-z_]+)"')
    for path in sorted((ROOT / "exam").rglob("*.py")):
        yield from answer.findall(path.read_text("utf-8"))


@pytest.mark.parametrize("code", sorted(set(codes()) - {"exam.refused"}))
def test_every_refusal_has_its_words_in_both_languages(code: str) -> None:
    for lang in ("fr", "en"):
        assert f"errors.{code}" in WORDS.entries[lang]


def test_no_two_rows_share_an_address_and_unsafe_ones_check_their_origin() -> None:
    addresses = [(row.method, row.path) for row in ROUTES]
    assert len(addresses) == len(set(addresses))
    assert all(row.csrf for row in ROUTES if row.method not in {"GET", "HEAD"})


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: f"{row.method} {row.path}")
def test_every_handler_says_what_it_does(row: object) -> None:
    assert row.handler.__doc__  # type: ignore[attr-defined] # a Route; typed as object so that ids may be a lambda
