"""Pages of `docs/` made from the code: run `python -m kiosk.documents` after changing a setting or a route."""

from __future__ import annotations

from pathlib import Path

from kiosk.config import settings_markdown
from kiosk.routes import urls_markdown

FOLDER = Path(__file__).parent.parent / "docs"


def pages() -> dict[Path, str]:
    """Return each generated page and what it must hold."""
    return {FOLDER / "settings.md": settings_markdown(), FOLDER / "urls.md": urls_markdown()}


def write() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    write()
