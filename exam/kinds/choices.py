"""Reading and showing choices, for the kinds made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.items import Choice
from exam.kinds.base import ShownChoice, say_choices

if TYPE_CHECKING:
    from exam.reading import Reader
    from exam.scene import Scene

MAX_CHOICES = 12


def read_choices(
    reader: Reader, key: str, *, with_correct: bool = False
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """Return the choices of a list and the ids marked `correct`, noting duplicates and wrong numbers of them."""
    choices: list[Choice] = []
    correct: list[str] = []
    for row in reader.tables(key, required=True):
        choice = Choice(row.identifier("id"), row.text("text", plain=True))
        if with_correct and row.flag("correct"):
            correct.append(choice.id)
        row.close()
        choices.append(choice)
    ids = [choice.id for choice in choices]
    if len(set(ids)) != len(ids):
        reader.problem(key, "duplicate_id", f"two entries of {key} have the same id")
    if choices and not 2 <= len(choices) <= MAX_CHOICES:
        reader.problem(key, "bad_count", f"{key} must have 2 to {MAX_CHOICES} entries")
    for lang in reader.notes.languages:
        words = [" ".join(choice.text.get(lang, choice.id).split()).casefold() for choice in choices]
        if len(set(words)) != len(words):
            reader.problem(key, "duplicate_text", f"two entries of {key} say the same in {lang!r}")
    return tuple(choices), tuple(correct)


def shuffled(choices: tuple[Choice, ...], scene: Scene, name: str, *, shuffle: bool) -> list[ShownChoice]:
    """Return the choices in words, in the order drawn for this scene when `shuffle` is true."""
    shown = say_choices(choices, scene)
    return scene.draw(name).shuffle(shown) if shuffle else shown
