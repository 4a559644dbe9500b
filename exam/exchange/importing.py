"""One door for files from elsewhere: the format is told from the content, and the result is files an author would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.content import Problem
from exam.exchange.draft import Source
from exam.exchange.gift import read_gift
from exam.exchange.moodle import read_moodle
from exam.exchange.qti_items import read_qti_item
from exam.exchange.qti_packages import read_package
from exam.exchange.refusals import Refused
from exam.exchange.topic_folder import topic_files
from exam.exchange.tree import parse_tree

if TYPE_CHECKING:
    from collections.abc import Collection

    from exam.exchange.draft import Draft
    from exam.exchange.qti_packages import Read
    from exam.exchange.topic_folder import Place


class Imported(msgspec.Struct, frozen=True):
    """What an import gives: the files to write, the questions refused, and what an author must look at."""

    format: str
    files: dict[str, bytes]
    items: list[str]
    problems: list[Problem]
    warnings: list[Problem]


def import_file(
    data: bytes, path: str, place: Place, *, lang: str = "", taken: Collection[str] = ()
) -> Imported:
    """Return what a file holds as items of `place`; `lang` overrides what the file says, `taken` paths are kept.

    Never raises for what the file holds: an unreadable file is a problem of the result.
    """
    name = ""
    try:
        name, (drafts, problems, warnings) = _read(data, path, lang)
    except Refused as refused:
        return Imported(name or "unknown", {}, [], [refused.at(path)], [])
    files, refusals, marks = topic_files(drafts, place, taken)
    items = sorted(
        one.rpartition("/")[2].removesuffix(".toml")
        for one in files
        if one.endswith(".toml") and not one.endswith("/topic.toml")
    )
    return Imported(name, files, items, [*problems, *refusals], [*warnings, *marks])


def _read(data: bytes, path: str, lang: str) -> tuple[str, Read]:
    if data.startswith(b"PK"):
        return "qti-package", read_package(data, lang)
    source = Source(path, lang or "fr")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:2]
    if not start.startswith(b"<") and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "gift", _told(read_gift(data, source), source)
    root = parse_tree(data)
    if root.name == "assessmentitem":
        draft = read_qti_item(root, source, lang=lang)
        return "qti-item", ([draft], [], source.warnings)
    if root.name == "quiz":
        return "moodle-xml", _told(read_moodle(root, source), source)
    raise root.refuse("unsupported", "this format cannot be imported")


def _told(read: tuple[list[Draft], list[Problem]], source: Source) -> Read:
    return *read, source.warnings
