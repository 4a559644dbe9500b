"""Texts an author or an import left to be done: marks such as « (à traduire) » or TODO, in whatever a person reads.

These are warnings: a text may speak of such a mark on purpose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from exam.bank_rules import item_path
from exam.content import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.bank import Bank

_MARK = re.compile(
    r"\((?:à traduire|à écrire|to translate|to write|to be written|to be translated)\)|\blorem ipsum\b",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\b(?:TODO|FIXME|TBD)\b")


def unfinished_warnings(bank: Bank) -> Iterator[Problem]:
    """Yield one warning for each file that holds a mark, at the first field where it stands."""
    for path, record in _records(bank):
        found = next(((field, mark) for field, words in _texts(record) if (mark := _mark(words))), None)
        if found is not None:
            field, mark = found
            yield Problem(path, field, "unfinished", f"a text still says {mark!r}")


def _mark(words: str) -> str:
    found = _MARK.search(words) or _SHOUTED.search(words)
    return found[0] if found else ""


def _records(bank: Bank) -> Iterator[tuple[str, msgspec.Struct]]:
    for item in bank.items.values():
        if not item.archived:
            yield item_path(bank.content, item), item
    for topic in bank.topics.values():
        yield f"topics/{topic.id}/topic.toml", topic
    for skill in bank.skills.values():
        yield f"topics/{skill.topic}/topic.toml", skill
    for tutorial in bank.tutorials.values():
        yield f"topics/{tutorial.topic}/topic.toml", tutorial
    for course in bank.courses.values():
        yield f"courses/{course.id}.toml", course


def _texts(record: msgspec.Struct) -> Iterator[tuple[str, str]]:
    """Yield every text of a record with the name of the field that holds it."""
    for field, value in msgspec.to_builtins(record).items():
        yield from ((field, words) for words in _words(value))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
