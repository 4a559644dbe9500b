"""Checks an exported log with nothing but the school's public key, and names everything that does not hold."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

import msgspec

from sync import frames
from sync.chain import VERSION
from sync.export import FILE_KIND, Closing, Header
from sync.log_check import LogCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from sync.keys import PublicKey
    from sync.verdict import Findings, Verdict

_ORDER = ("header", "tombstone", "seal", "event", "record", "closing")
_LONGEST = frames.MAX_FRAME + 200
_HEADER = msgspec.json.Decoder(Header)
_CLOSING = msgspec.json.Decoder(Closing)
T = TypeVar("T")


class _Stop(Exception):  # noqa: N818 - not an error: nothing after this line can be judged
    """The rest of the file says nothing."""


def verify_file(path: Path, key: PublicKey) -> Verdict:
    """Return the verdict on an exported log. Raises OSError when the file cannot be read."""
    with path.open("rb") as file:
        return _Reading(key).read(file)


class _Reading:
    """One pass over a file."""

    def __init__(self, key: PublicKey) -> None:
        self._key = key
        self._site = f"s-{key.key_id}"
        self._log = LogCheck(key, self._site)
        self._findings: Findings = self._log.findings
        self._digest = hashlib.sha256()
        self._counts = dict.fromkeys(_ORDER, 0)
        self._stage = 0
        self._last_event = ("", 0)

    def read(self, file: BinaryIO) -> Verdict:
        try:
            for number, line in enumerate(_lines(file), start=1):
                self._line(number, line)
            if not self._counts["closing"]:
                self._findings.add("cut", "the file ends before its signed last line: something was cut off")
        except _Stop:
            pass
        return self._log.verdict()

    def _line(self, number: int, line: bytes) -> None:
        kind = line.partition(b" ")[0].decode("ascii", "replace")
        rest = line[len(kind) + 1 :]
        if number == 1:
            self._header(kind, rest)
        elif self._counts["closing"]:
            self._findings.add("after_closing", f"line {number} comes after the signed last line")
            raise _Stop
        else:
            self._body_line(number, kind, rest)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._digest.update(line)

    def _header(self, kind: str, rest: bytes) -> None:
        header = self._open(rest, frames.EXPORT, _HEADER, "the first line") if kind == "header" else None
        if kind != "header":
            self._findings.add("bad_header", "the first line is not the header of an exported log")
        elif header is not None:
            self._check_header(header)

    def _check_header(self, header: Header) -> None:
        if (header.file, header.v) != (FILE_KIND, VERSION):
            self._findings.add("unknown_version", "another kind or version of file than this command reads")
        if header.key != self._key.key_id or header.site != self._site:
            self._findings.add(
                "unknown_key", f"the log of {header.site[:40]}, which is not this key's school"
            )

    def _body_line(self, number: int, kind: str, rest: bytes) -> None:
        if kind not in _ORDER[1:]:
            self._findings.add("bad_frame", f"line {number} begins with no known word")
            return
        if _ORDER.index(kind) < self._stage:
            self._findings.add("out_of_order", f"line {number} is a {kind} at the wrong place")
        self._stage = max(self._stage, _ORDER.index(kind))
        if kind == "event":
            self._event(number, rest)
        elif kind == "closing":
            self._closing(rest)
        else:
            self._frame(number, kind, rest)

    def _event(self, number: int, rest: bytes) -> None:
        if not rest.endswith(b"\n"):
            self._findings.add("bad_frame", f"line {number} does not end: the file was cut")
            return
        event = self._log.event(rest[:-1])
        if event is not None:
            if event.sitting < self._last_event[0]:
                self._findings.add(
                    "out_of_order", f"line {number} is not at its place", sitting=event.sitting
                )
            self._last_event = (event.sitting, event.seq)

    def _frame(self, number: int, kind: str, rest: bytes) -> None:
        try:
            frame = frames.parse(rest)
        except frames.FrameError as error:
            self._findings.add(error.code, f"line {number}: {error}")
            return
        if kind == "tombstone":
            self._log.tombstone(frame)
        elif kind == "seal":
            self._log.seal(frame)
        else:
            self._log.record(frame)

    def _closing(self, rest: bytes) -> None:
        closing = self._open(rest, frames.CLOSING, _CLOSING, "the last line")
        if closing is None:
            return
        if closing.site != self._site or closing.key != self._key.key_id:
            self._findings.add("unknown_key", "the last line is of another school")
        for kind in ("tombstone", "seal", "event", "record"):
            said = getattr(closing, kind + "s")
            if said != self._counts[kind]:
                code = "missing" if said > self._counts[kind] else "duplicate"
                self._findings.add(code, f"{said} {kind}s were written, {self._counts[kind]} are here")
        if closing.digest != self._digest.hexdigest():
            self._findings.add("altered", "the lines are not those that were closed by the last one")

    def _open(self, rest: bytes, domain: bytes, decoder: msgspec.json.Decoder[T], place: str) -> T | None:
        """Return a signed line's content, or note why it cannot be believed."""
        try:
            return decoder.decode(frames.open_frame(rest, domain, self._key))
        except frames.FrameError as error:
            code = "unknown_key" if domain == frames.EXPORT and self._other_key(rest) else error.code
            self._findings.add(code, f"{place}: {error}")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._findings.add("bad_frame", f"{place}: {error}")
        return None

    def _other_key(self, rest: bytes) -> bool:
        """Whether the header openly names another key, rather than claiming ours falsely."""
        try:
            return _HEADER.decode(frames.parse(rest).body).key != self._key.key_id
        except (frames.FrameError, msgspec.DecodeError, UnicodeDecodeError):
            return False


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines with their newline; a line longer than any record comes in pieces, which no check accepts."""
    while line := file.readline(_LONGEST):
        yield line
