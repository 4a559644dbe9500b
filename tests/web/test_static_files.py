"""Static files: one fingerprint for all, kept for ever under it, never guessed, licences beside the fonts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application

from web.assets import FOLDER, Assets
from web.serving import static_routes

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATES = FOLDER.parent / "templates"


def test_the_address_changes_when_any_file_does(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}", "utf-8")
    before = Assets(tmp_path)
    (tmp_path / "b.css").write_text("b{}", "utf-8")
    assert Assets(tmp_path).url("a.css") != before.url("a.css")
    assert Assets(tmp_path).fingerprint == Assets(tmp_path).fingerprint


def test_an_unknown_file_has_no_address() -> None:
    with pytest.raises(KeyError):
        Assets().url("css/nothing.css")


async def test_a_file_is_kept_for_ever_under_its_fingerprint_only() -> None:
    assets = Assets()
    app = Application()
    app.add_routes(static_routes(assets))
    async with TestClient(TestServer(app)) as client:
        current = await client.get(assets.url("css/base.css"))
        older = await client.get("/static/0123456789ab/css/base.css")
        missing = await client.get(f"/static/{assets.fingerprint}/css/../../i18n.py")
        assert "immutable" in current.headers["Cache-Control"]
        assert current.headers["Content-Encoding"] == "gzip"
        assert older.status == 200
        assert older.headers["Cache-Control"] == "no-cache"
        assert missing.status == 404


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = {path.name for path in (FOLDER / "fonts").iterdir()}
    assert {"OFL-atkinson-hyperlegible-next.txt", "OFL-opendyslexic.txt"} <= fonts


def test_every_address_in_style_sheets_is_a_file_of_ours() -> None:
    for sheet in (FOLDER / "css").glob("*.css"):
        for target in re.findall(r"url\(([^)]+)\)", sheet.read_text("utf-8")):
            assert (sheet.parent / target).resolve().is_file(), (sheet.name, target)


def test_no_template_carries_an_inline_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text), path.name
        for opening in re.findall(r"<script[^>]*>", text):
            assert "src=" in opening or 'type="application/json"' in opening, (path.name, opening)


def test_no_template_or_script_names_another_server() -> None:
    for path in [*TEMPLATES.rglob("*.html"), *FOLDER.rglob("*.js"), *FOLDER.rglob("*.css")]:
        found = re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8"))
        assert [address for address in found if not address.startswith("http://www.w3.org/")] == [], path.name


def test_modules_stay_short_enough_to_read() -> None:
    long = {path.name: len(path.read_text("utf-8").splitlines()) for path in FOLDER.rglob("*.js")}
    assert {name: lines for name, lines in long.items() if lines > 200} == {}


def test_a_script_is_served_without_its_comments_and_with_its_line_numbers() -> None:
    assets = Assets()
    for path in (FOLDER / "js").rglob("*.js"):
        served = assets.get(path.relative_to(FOLDER).as_posix())
        assert served is not None
        assert served.data.count(b"\n") == path.read_bytes().count(b"\n"), path.name
        assert b"/**" not in served.data, path.name
