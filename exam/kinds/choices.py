"""Reading and showing choices, for the kinds made of them.

A page names choices by their ids, and authors have habits: the right one is often written first and called `a`. Where ids
could tell the key they are replaced, as the file is read, by marks that say nothing of the order of writing.
"""

from __future__ import annotations

from hashlib import blake2b
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


def read_unnamed_choices(reader: Reader, key: str) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """Return the choices of a list under marks in place of their ids, and the marks of those marked `correct`."""
    choices, correct = read_choices(reader, key, with_correct=True)
    unnamed = tuple(Choice(mark(reader, key, choice.id), choice.text) for choice in choices)
    return unnamed, tuple(mark(reader, key, name) for name in correct)


def mark(reader: Reader, key: str, name: str) -> str:
    """Return what stands for an author's id on the page: the same in every version of the bank, and no order in it."""
    return blake2b(f"{reader.notes.path}:{reader.name_of(key)}:{name}".encode(), digest_size=4).hexdigest()


def shuffled(choices: tuple[Choice, ...], scene: Scene, name: str, *, shuffle: bool) -> list[ShownChoice]:
    """Return the choices in words, in the order drawn for this scene when `shuffle` is true."""
    shown = say_choices(choices, scene)
    return scene.draw(name).shuffle(shown) if shuffle else shown
