"""The file of a course a school made by picking topics: written for download, read back with every defect named.

It is a small JSON document, `{"format": "preau.course/1", "name", "description", "topics": [{"id", "level"}]}`. A file
comes from outside: it is bounded before it is read, and what is wrong with it is said line by line and topic by topic.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from exam.content import TopLevel
from exam.courses import Definition, definition_of, missing_topics
from exam.framework import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.bank import Bank

FORMAT = "preau.course/1"
MAX_FILE = 32 * 1024
MAX_NAME = 255
MAX_DESCRIPTION = 500
MAX_TOPICS = 200
_SHOWN = 40


class Defect(NamedTuple):
    """One thing wrong with a course: a stable code, the field, and what it is about (a topic, a line, a limit)."""

    code: str
    field: str
    about: str = ""


def write_course(definition: Definition) -> bytes:
    """Return the file of a course, indented for whoever opens it."""
    told = {
        "format": FORMAT,
        "name": definition.name,
        "description": definition.description,
        "topics": [{"id": top.id, "level": top.level} for top in definition.topics],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def read_course(bank: Bank, data: bytes) -> tuple[Definition | None, list[Defect]]:
    """Return the course of a file, checked against this bank, or None and every defect."""
    if len(data) > MAX_FILE:
        return None, [Defect("course.file_too_large", "file", str(MAX_FILE // 1024))]
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, [Defect("course.file_not_text", "file")]
    except json.JSONDecodeError as error:
        return None, [Defect("course.file_not_json", "file", str(error.lineno))]
    except RecursionError:
        return None, [Defect("course.file_not_json", "file", "1")]
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return None, [Defect("course.file_other", "file")]
    return _read(bank, told)


def _read(bank: Bank, told: dict[str, Any]) -> tuple[Definition | None, list[Defect]]:
    unknown = sorted(set(told) - {"format", "name", "description", "topics"})
    defects = [Defect("course.unknown_field", "file", name[:_SHOWN]) for name in unknown]
    name, description, rows = told.get("name"), told.get("description", ""), told.get("topics")
    if not isinstance(name, str) or not isinstance(description, str) or not isinstance(rows, list):
        return None, [*defects, Defect("course.file_other", "file")]
    tops: list[TopLevel] = []
    for place, row in enumerate(rows[: MAX_TOPICS + 1], start=1):
        top = _top(row)
        if top is None:
            defects.append(Defect("course.bad_topic", "topics", str(place)))
        else:
            tops.append(top)
    definition = definition_of(name.strip(), description.strip(), tops)
    defects += defects_of(bank, definition)
    return (None, defects) if defects else (definition, [])


def _top(row: object) -> TopLevel | None:
    if not isinstance(row, dict) or set(row) != {"id", "level"}:
        return None
    name, level = row["id"], row["level"]
    # A JSON `true` is an int for Python: it is no level.
    if not isinstance(name, str) or type(level) is not int or level not in LEVELS:
        return None
    return TopLevel(name[:_SHOWN], level)


def defects_of(bank: Bank, definition: Definition) -> list[Defect]:
    """Return what keeps a course from being used with this bank."""
    defects = []
    if not definition.name:
        defects.append(Defect("course.name_required", "name"))
    if len(definition.name) > MAX_NAME:
        defects.append(Defect("course.too_long", "name", str(MAX_NAME)))
    if len(definition.description) > MAX_DESCRIPTION:
        defects.append(Defect("course.too_long", "description", str(MAX_DESCRIPTION)))
    return [*defects, *_topic_defects(bank, definition.topics)]


def _topic_defects(bank: Bank, tops: Iterable[TopLevel]) -> list[Defect]:
    tops = list(tops)
    if not tops:
        return [Defect("course.topics_required", "topics")]
    if len(tops) > MAX_TOPICS:
        return [Defect("course.too_many_topics", "topics", str(MAX_TOPICS))]
    counts = Counter(top.id for top in tops)
    twice = [Defect("course.topic_twice", "topics", name) for name in sorted(counts) if counts[name] > 1]
    levels = [Defect("course.bad_level", "topics", top.id) for top in tops if top.level not in LEVELS]
    gone = [
        Defect("course.empty_topic" if name in bank.topics else "course.unknown_topic", "topics", name)
        for name in missing_topics(bank, tops)
    ]
    return [*twice, *levels, *gone]
