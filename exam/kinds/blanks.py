"""Texts with blanks written `[[name]]`: cutting them into parts, and checking that text and blanks agree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam.kinds.base import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from exam.content import Text
    from exam.reading import Reader

BLANK = re.compile(r"\[\[([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)\]\]")
MAX_BLANKS = 12


def parts_of(text: str, blank: Callable[[str], Part]) -> list[Part]:
    """Return the pieces of a text, each `[[name]]` made a part by `blank`."""
    parts = []
    for index, piece in enumerate(BLANK.split(text)):
        if index % 2:
            parts.append(blank(piece))
        elif piece:
            parts.append(Part(text=piece))
    return parts


def with_words(text: str, words: dict[str, str]) -> str:
    """Return a text with each blank replaced by words between square brackets."""
    return BLANK.sub(lambda match: f"[{words.get(match[1], '…')}]", text)


def check_blanks(reader: Reader, text: Text, names: Collection[str]) -> None:
    """Note blanks of the text that are not described, described ones no pupil can reach, and repeated ones."""
    if not 1 <= len(names) <= MAX_BLANKS:
        reader.problem("blanks", "bad_count", f"a text has 1 to {MAX_BLANKS} blanks")
    for lang, words in text.items():
        found = BLANK.findall(words)
        for name in sorted(set(found) - set(names)):
            reader.problem(f"text.{lang}", "unknown_blank", f"[[{name}]] is described by no blanks.{name}")
        for name in sorted(set(names) - set(found)):
            reader.problem(f"text.{lang}", "unreachable_blank", f"the text never shows [[{name}]]")
        if len(set(found)) != len(found):
            reader.problem(f"text.{lang}", "duplicate_id", "a blank is shown twice")
