"""Where files of pupils wait while they are worked on, and the configured format an organisation may have.

Files are the server's alone to read, named by their import and never by what a browser said, and gone once imported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk.imports.custom_format import FORMAT_BYTES, BadFormat, CustomFormat, parse_format
from kiosk.imports.registry import Format, formats_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kiosk.organisations import Organisation

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def folder_of(home: Path) -> Path:
    """Return the folder of a home where these files are, made when it is missing."""
    folder = home / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def kept_file(home: Path, import_id: str) -> Path:
    """Return where the file of an import is kept."""
    return folder_of(home) / f"{_safe(import_id)}.file"


def made_private(path: Path) -> None:
    """Let the server's own account alone read a file."""
    path.chmod(0o600)


def discard(home: Path, import_id: str) -> None:
    """Delete the file of an import, if it is there."""
    kept_file(home, import_id).unlink(missing_ok=True)


def discard_others(home: Path, kept: Collection[str]) -> None:
    """Delete every file but those of the imports named."""
    for path in folder_of(home).glob("*.file"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)


def format_file(home: Path, organisation: str) -> Path:
    """Return where an organisation's own format is."""
    return home / "formats" / f"{_safe(organisation)}.toml"


def own_format(home: Path, organisation: str) -> CustomFormat | None:
    """Return the format an organisation gave, None when it uses the sample; raises BadFormat when it was spoilt."""
    path = format_file(home, organisation)
    try:
        with path.open("rb") as file:
            return parse_format(file.read(FORMAT_BYTES + 1))
    except FileNotFoundError:
        return None
    except BadFormat as problem:
        raise BadFormat([f"{path.name}: {fault}" for fault in problem.faults]) from None


def formats_for(home: Path, organisation: Organisation) -> tuple[Format, ...]:
    """Return the formats this organisation takes, its own first; raises BadFormat."""
    kind = organisation.import_format
    return formats_of(kind, own_format(home, organisation.id) if kind == "custom" else None)


def keep_format(home: Path, organisation: str, data: bytes) -> CustomFormat:
    """Check a format and keep it for this organisation; raises BadFormat."""
    found = parse_format(data)
    path = format_file(home, organisation)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    waiting = path.with_suffix(".new")
    waiting.write_bytes(data)
    waiting.replace(path)
    return found


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not a name of ours")
    return name
