"""The files of a topic made of drafts: each is read again as the bank would, and refused when the bank refuses it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.exchange.refusals import problem
from exam.exchange.toml_writing import MARKS, item_toml, quoted, table
from exam.framework import COMPETENCES, LEVELS
from exam.item_rules import item_problems
from exam.questions import Question
from exam.reading import ID, Notes, Reader
from exam.reading_items import read_item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from exam.content import Problem
    from exam.exchange.draft import Draft

_SEED = b"import"


@dataclass(frozen=True, slots=True)
class Place:
    """Where imported items go: a topic, its competence, the level of the skill, and the bank's languages."""

    topic: str
    competence: str
    level: int
    languages: tuple[str, ...] = ("fr", "en")

    def fault(self) -> str:
        """Return what is wrong with the place, "" when nothing is."""
        if not ID.fullmatch(self.topic) or len(self.topic) > 50:
            return "a topic is named with at most 50 lower-case letters, digits and -"
        if self.competence not in COMPETENCES:
            return f"there is no competence {self.competence[:20]!r}: they are {', '.join(COMPETENCES)}"
        if self.level not in LEVELS:
            return f"a level is from {LEVELS[0]} to {LEVELS[-1]}"
        return ""

    @property
    def folder(self) -> str:
        """Return the folder of the topic in its bank."""
        return f"topics/{self.topic}"


def topic_files(
    drafts: Iterable[Draft], place: Place, taken: Collection[str]
) -> tuple[dict[str, bytes], list[Problem], list[Problem]]:
    """Return the files of a topic, the drafts a bank would refuse, and what an author must mend.

    `taken` holds the paths a bank has already: none is written over, and its `topic.toml` is left to it.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for draft in drafts:
        data = item_toml(draft, f"{place.topic}-{place.level}", place.languages)
        name = _free_name(place, draft.name, {*files, *taken})
        path = f"{place.folder}/{name}.toml"
        faults = _faults(data, path, place.languages)
        if faults:
            told = "; ".join(f"{fault.field or 'item'}: {fault.message}" for fault in faults[:3])
            problems.append(
                problem(draft.path, draft.line, faults[0].code, f"{draft.name[:60]!r} is refused: {told}")
            )
            continue
        files[path] = data
        warnings += [_untranslated(path, lang) for lang in place.languages if lang != draft.lang]
    if files and f"{place.folder}/topic.toml" not in taken:
        files |= _topic(place)
    return files, problems, warnings


def _untranslated(path: str, lang: str) -> Problem:
    return problem(
        path, 0, "missing_translation", f"its texts in {lang!r} are copies that begin with {MARKS[lang]!r}"
    )


def _faults(data: bytes, path: str, languages: tuple[str, ...]) -> list[Problem]:
    """Return what a bank would say of an item's file, and whether it refuses its own solution."""
    notes = Notes(path, languages)
    item = read_item(
        Reader(tomllib.loads(data.decode()), notes), path.rpartition("/")[2].removesuffix(".toml")
    )
    if notes.problems or item is None:
        return notes.problems or [problem(path, 0, "unreadable", "it cannot be read")]
    faults = item_problems(item, path)
    question = Question(item, languages)
    for lang in () if faults else languages:
        scene = question.scene(_SEED, lang)
        if not question.kind.right(question.key(_SEED, lang), question.kind.solve(item.spec, scene)):
            faults.append(problem(path, 0, "refused_solution", "its own solution is refused"))
    return faults


def _free_name(place: Place, written: str, taken: Collection[str]) -> str:
    letters = unicodedata.normalize("NFD", written.lower())
    plain = "".join(sign for sign in letters if unicodedata.category(sign) != "Mn")
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:20].strip("-") or "q"
    start = f"{place.topic}-{place.level}-{slug}"
    number = 1
    name = start
    while f"{place.folder}/{name}.toml" in taken:
        number += 1
        name = f"{start}-{number}"
    return name


def _topic(place: Place) -> dict[str, bytes]:
    """Return what a topic needs besides its items, to be written by its author."""
    words = {"fr": "(à écrire)", "en": "(to write)"}
    told = table({lang: words[lang] for lang in place.languages})
    lesson = f"{place.topic}-lecon"
    topic = (
        f"id = {quoted(place.topic)}\ncompetence = {quoted(place.competence)}\n"
        f"name = {table(dict.fromkeys(place.languages, place.topic))}\ndescription = {told}\n\n"
        f"[[skills]]\nlevel = {place.level}\nname = {told}\nhint = {told}\ntutorials = [{quoted(lesson)}]\n\n"
        f"[[tutorials]]\nid = {quoted(lesson)}\ntitle = {told}\nminutes = 1\n"
    )
    lessons = {
        f"{place.folder}/tutorials/{lesson}.{lang}.md": f"{words[lang]}\n".encode()
        for lang in place.languages
    }
    return {f"{place.folder}/topic.toml": topic.encode(), **lessons}
