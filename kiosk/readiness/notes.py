"""One line of a go / no-go list, as a code and figures: pages and the terminal say it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.i18n import Words

Level = Literal["ok", "warning", "problem"]
Param = str | int
_WORDS = "sessions_plan.ready"


class Note(msgspec.Struct, frozen=True):
    """What one check found: `check.outcome` names it, `params` fill its sentence."""

    check: str
    outcome: str
    level: Level = "ok"
    params: dict[str, Param] = {}


class Told(NamedTuple):
    """A note in words: what it is about, its level, the sentence, and what to do ("" when there is nothing to do)."""

    check: str
    title: str
    level: Level
    message: str
    next: str


def told(words: Words, lang: str, notes: Iterable[Note]) -> list[Told]:
    """Return notes in words."""
    made = []
    for note in notes:
        key = f"{_WORDS}.{note.check}.{note.outcome}"
        following = f"{key}_next"
        made.append(
            Told(
                note.check,
                words.text(lang, f"{_WORDS}.{note.check}.title"),
                note.level,
                words.text(lang, key, note.params),
                words.text(lang, following, note.params) if words.has(following) else "",
            )
        )
    return made


def is_go(notes: Iterable[Note]) -> bool:
    """Say whether nothing forbids opening."""
    return all(note.level != "problem" for note in notes)
