"""Writing zip archives whose bytes depend on their files alone."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_EPOCH = (2026, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100644 << 16


def pack(files: Iterable[tuple[str, bytes]], *, stored: str = "") -> bytes:
    """Return a zip archive of (path, bytes) in the order given; the file named `stored` is not compressed."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files:
            info = zipfile.ZipInfo(path, _EPOCH)
            info.create_system = 3
            info.external_attr = _REGULAR_FILE
            info.compress_type = zipfile.ZIP_STORED if path == stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=6)
    return out.getvalue()
