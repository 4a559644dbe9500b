"""Static files in memory, under an address that changes when any of them does.

One fingerprint covers the whole folder and stands in every address (``/static/<fingerprint>/css/base.css``), so
that style sheets and modules name their neighbours by relative paths and still get the right version. Under the
current fingerprint a file may be kept for ever; under another one, as a page opened before an update asks, it is
served but not kept.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import Match

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_WORTH_PACKING = frozenset({".css", ".js", ".svg", ".txt"})
_CSS_COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)
_JS_COMMENT = re.compile(rb"^[ ]*(?:/\*\*.*?\*/|//[^\n]*)|^[ ]+", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    """One static file: its bytes, the same bytes packed by gzip when that helps, and its media type."""

    data: bytes
    packed: bytes | None
    media_type: str


def _only_line_ends(found: Match[bytes]) -> bytes:
    """Keep the line ends of a comment, so that lines have the same numbers in the browser and in the source."""
    return b"\n" * found.group().count(b"\n")


@cache
def _packed(data: bytes) -> bytes:
    """Return the bytes packed as small as gzip can, which takes a while: once a process for the same bytes."""
    return gzip.compress(data, 9, mtime=0)


def _read(path: Path) -> Asset:
    """Read a file; comments and indentation stay at home, since a room may load it all at the same minute."""
    data = path.read_bytes()
    if path.suffix == ".css":
        data = _CSS_COMMENT.sub(b"", data)
    elif path.suffix == ".js":
        data = _JS_COMMENT.sub(_only_line_ends, data)
    packed = _packed(data) if path.suffix in _WORTH_PACKING else None
    return Asset(data, packed, _TYPES[path.suffix])


class Assets:
    """The static folder, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read every file of the folder whose type we serve."""
        paths = sorted(path for path in folder.rglob("*") if path.suffix in _TYPES)
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in paths}
        digest = hashlib.sha256()
        for name, asset in self._files.items():
            digest.update(f"{name}\0{len(asset.data)}\0".encode())
            digest.update(asset.data)
        self.fingerprint = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Return the address of a file; raise `KeyError` when there is no such file."""
        if name not in self._files:
            raise KeyError(f"no static file named {name}")
        return f"{PREFIX}/{self.fingerprint}/{name}"

    def get(self, name: str) -> Asset | None:
        """Return the file of this name, or None."""
        return self._files.get(name)
