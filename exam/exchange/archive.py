"""A zip package from elsewhere: its names stay inside it, and nothing in it may unpack to more than is reasonable."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from exam.exchange.refusals import Refused

MAX_PACKAGE = 50_000_000
MAX_MEMBERS = 2000
MAX_MEMBER = 5_000_000
MAX_TOTAL = 100_000_000
MAX_RATIO = 200
"""Times a member may be larger than what is stored of it; written text packs some ten times."""


class Package:
    """The members of a zip, by their path; raises `Refused` when it is no sound zip."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_PACKAGE:
            raise Refused(0, "too_large", f"a package has at most {MAX_PACKAGE} bytes")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
            raise Refused(0, "not_zip", f"this is no zip: {error}") from error
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise Refused(0, "too_many", f"a package has at most {MAX_MEMBERS} files")
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            _check(info)
            if info.filename in self._infos:
                raise Refused(0, "duplicate_id", f"{info.filename[:120]!r} is in the package twice")
            self._infos[info.filename] = info
        if sum(info.file_size for info in infos) > MAX_TOTAL:
            raise Refused(0, "too_large", f"a package holds at most {MAX_TOTAL} bytes")

    def __contains__(self, name: object) -> bool:
        """Return whether the package has a file of that path."""
        return name in self._infos

    def read(self, name: str) -> bytes:
        """Return one member; raises `Refused` when it cannot be read or is not what it says."""
        try:
            with self._zip.open(self._infos[name]) as stream:
                data = stream.read(MAX_MEMBER + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
            struct.error,
        ) as error:
            raise Refused(0, "not_zip", f"{name[:120]!r} cannot be read: {error}") from error
        if len(data) > MAX_MEMBER:
            raise Refused(0, "too_large", f"{name[:120]!r} has more than {MAX_MEMBER} bytes")
        return data


def _check(info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or "\\" in name or ":" in name or {"", ".", ".."} & set(parts) or len(name) > 300:
        raise Refused(0, "unsafe", f"{name[:120]!r} is no path inside a package")
    if info.flag_bits & 1:
        raise Refused(0, "unsafe", f"{name[:120]!r} is encrypted")
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        raise Refused(0, "unsafe", f"{name[:120]!r} is a link")
    if info.file_size > MAX_MEMBER and name.lower().endswith(".xml"):
        raise Refused(0, "too_large", f"{name[:120]!r} has more than {MAX_MEMBER} bytes")
    if info.file_size > 10_000 and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise Refused(0, "unsafe", f"{name[:120]!r} unpacks to more than {MAX_RATIO} times its size")
