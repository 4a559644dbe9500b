"""The guides people read on the day, as they are kept for the documentation: one text for paper, repository and pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

GUIDES = ("certification-surveillant", "certification-chef")
"""Guides that pages show."""
_HERE = Path(__file__).parent
# Where an installed copy has them, then where the repository does.
_FOLDERS = (_HERE / "guides", _HERE.parent / "docs" / "guides")


@cache
def guide_text(name: str) -> str | None:
    """Return the Markdown of a guide, None when there is none of this name."""
    if name not in GUIDES:
        return None
    return next(
        (path.read_text("utf-8") for folder in _FOLDERS if (path := folder / f"{name}.md").exists()), None
    )


def parts_of(text: str) -> tuple[str, str]:
    """Return the title of a guide and its body, whose sections begin at the first level."""
    title, _, body = text.partition("\n")
    return title.removeprefix("# ").strip(), body.replace("\n## ", "\n# ").strip()
