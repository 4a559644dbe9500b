"""Reading the files of a bank: which file is what, TOML that may be hostile, and every defect noted."""

from __future__ import annotations

import tomllib
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from exam.bank_content import FORMAT, BankContent
from exam.content import Problem
from exam.reading import ID, Notes, Reader
from exam.reading_items import read_item
from exam.reading_topics import read_course, read_topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.content import Course, Skill, Topic, Tutorial
    from exam.items import Item

MAX_FILE = 200_000
MAX_FILES = 20_000
DEFAULT_LANGUAGES = ("fr", "en")


def read_content(files: Mapping[str, bytes]) -> tuple[BankContent | None, list[Problem]]:
    """Return what could be read of the files, and the problems met; the content is None when there is no bank at all."""
    if "bank.toml" not in files:
        return None, [Problem("bank.toml", "", "missing_file", "a bank has a bank.toml")]
    if len(files) > MAX_FILES:
        return None, [Problem("", "", "too_many", f"a bank has at most {MAX_FILES} files")]
    reading = _Reading(files)
    return reading.content(), reading.problems


class _Reading:
    """The files of one bank while they are read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.problems: list[Problem] = []
        self._languages: tuple[str, ...] = DEFAULT_LANGUAGES
        self._topics: list[Topic] = []
        self._skills: list[Skill] = []
        self._tutorials: list[Tutorial] = []
        self._items: list[Item] = []
        self._courses: list[Course] = []

    def content(self) -> BankContent:
        """Read every file and return what was understood."""
        head = self._reader("bank.toml")
        self._languages = _languages_of(head)
        head.notes.languages = self._languages
        values = head.identifier("id"), head.string("version"), head.text("title")
        head.close()
        self.problems += head.notes.problems
        for path in sorted(self._files):
            if path != "bank.toml":
                self._read(path)
        by_id = attrgetter("id")
        return BankContent(
            FORMAT,
            *values,
            self._languages,
            tuple(sorted(self._topics, key=by_id)),
            tuple(sorted(self._skills, key=by_id)),
            tuple(sorted(self._tutorials, key=by_id)),
            tuple(sorted(self._items, key=by_id)),
            tuple(sorted(self._courses, key=by_id)),
        )

    def _read(self, path: str) -> None:
        match path.split("/"):
            case ["topics", folder, "topic.toml"]:
                self._read_topic(path, folder)
            case ["topics", folder, name] if name.endswith(".toml"):
                self._read_item(path, folder, name.removesuffix(".toml"))
            case ["topics", folder, "tutorials", name] if name.endswith(".md"):
                if f"topics/{folder}/topic.toml" not in self._files:
                    self._note(path, "unknown_file", "this tutorial is in no topic's folder")
            case ["courses", name] if name.endswith(".toml"):
                reader = self._reader(path)
                self._courses.append(read_course(reader, self._id(path, name.removesuffix(".toml"))))
                self.problems += reader.notes.problems
            case [name] if name.endswith(".md"):
                pass
            case _:
                self._note(path, "unknown_file", "a bank has no such file")

    def _read_topic(self, path: str, folder: str) -> None:
        reader = self._reader(path)
        prefix = f"topics/{folder}/tutorials/"
        lessons = {
            name.removeprefix(prefix): self._decode(name)
            for name in sorted(self._files)
            if name.startswith(prefix)
        }
        topic, skills, tutorials = read_topic(reader, folder, lessons)
        named = {f"{tutorial.id}.{lang}.md" for tutorial in tutorials for lang in self._languages}
        for name in sorted(lessons.keys() - named):
            self._note(prefix + name, "unknown_file", "no tutorial of this topic has this text")
        self._topics.append(topic)
        self._skills += skills
        self._tutorials += tutorials
        self.problems += reader.notes.problems

    def _read_item(self, path: str, folder: str, name: str) -> None:
        reader = self._reader(path)
        item = read_item(reader, self._id(path, name))
        self.problems += reader.notes.problems
        if item is None:
            return
        self._items.append(item)
        if item.skill.rpartition("-")[0] != folder and item.skill:
            self._note(path, "wrong_folder", f"the skill {item.skill!r} does not belong to {folder!r}")

    def _id(self, path: str, name: str) -> str:
        if not ID.fullmatch(name) or len(name) > 80:
            self._note(path, "bad_id", "a file is named with lower-case letters, digits and -")
        return name

    def _note(self, path: str, code: str, message: str) -> None:
        self.problems.append(Problem(path, "", code, message))

    def _decode(self, path: str) -> str:
        data = self._files[path]
        if len(data) > MAX_FILE:
            self._note(path, "too_long", f"a file has at most {MAX_FILE} bytes")
            return ""
        try:
            return data.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            self._note(path, "not_utf8", f"not UTF-8 at byte {error.start}")
            return ""

    def _reader(self, path: str) -> Reader:
        values: dict[str, Any] = {}
        text = self._decode(path)
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            # A syntax error says where; too deep a nesting or too long a number is refused the same way.
            self._note(path, "not_toml", f"this is not TOML: {str(error)[:200] or 'too deep'}")
        return Reader(values, Notes(path, self._languages))


def _languages_of(head: Reader) -> tuple[str, ...]:
    found = head.strings("languages", required=True)
    if found and (
        found[0] != "fr" or not set(found) <= set(DEFAULT_LANGUAGES) or len(set(found)) != len(found)
    ):
        head.problem("languages", "unknown_value", "languages are fr, the reference, then en")
        return DEFAULT_LANGUAGES
    return found or DEFAULT_LANGUAGES
