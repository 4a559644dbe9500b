"""The guides people read, on the day or through the year, as the documentation keeps them: one text for paper, repository and pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

GUIDES = (
    "annee-enseignant",
    "enseignant",
    "annee-chef",
    "imports",
    "chef-etablissement",
    "donnees-personnelles",
    "certification-surveillant",
    "certification-chef",
)
"""Guides that pages show."""
_HERE = Path(__file__).parent
# Where an installed copy has them, then where the repository does.
_FOLDERS = (_HERE / "guides", _HERE.parent / "docs" / "guides")
_TO_A_FILE = re.compile(r"\[([^\]]+)\]\((?!https?:|/)[^)]*\)")
_DEEPER = re.compile(r"\n#(#+ )")


@cache
def guide_text(name: str) -> str | None:
    """Return the Markdown of a guide, None when there is none of this name."""
    if name not in GUIDES:
        return None
    return next(
        (path.read_text("utf-8") for folder in _FOLDERS if (path := folder / f"{name}.md").exists()), None
    )


def parts_of(text: str) -> tuple[str, str]:
    """Return the title of a guide and its body, sections one level up, links to files of the repository left as words."""
    title, _, body = text.partition("\n")
    body = _DEEPER.sub(r"\n\1", _TO_A_FILE.sub(r"\1", body))
    return title.removeprefix("# ").strip(), body.strip()
