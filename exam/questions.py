"""An item made ready to be asked and graded: its kind at hand, and its key prepared once when no seed changes it.

Drawn items are prepared per seed and language, and the latest are remembered: the same pupil's page, answer and checkpoint
come close together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exam.kinds import KINDS
from exam.scene import Scene
from exam.variables import Drawn, draw_item, say_value

if TYPE_CHECKING:
    from exam.items import Item
    from exam.kinds.base import Kind

_NOTHING_DRAWN = Drawn({}, {}, settled=True)


class Question:
    """One item of a bank, ready: `kind` is the code of its kind, `keys` holds its key per language when no seed matters."""

    __slots__ = ("item", "keys", "kind", "reference", "spec", "timer_ms")

    def __init__(self, item: Item, languages: tuple[str, ...]) -> None:
        self.item = item
        self.spec = item.spec
        self.kind: Kind[Any, Any] = KINDS[item.kind]
        self.reference = languages[0]
        self.timer_ms = None if item.timer is None else item.timer * 1000
        self.keys: dict[str, Any] = {}
        needs = self.kind.key_needs
        if needs == "nothing" or (needs == "values" and not item.parametrised):
            self.keys = {lang: self.kind.key(self.spec, self.bare_scene(b"", lang)) for lang in languages}

    def drawn(self, seed: bytes) -> Drawn:
        """Return what this seed draws for the item."""
        return _drawn(self, seed) if self.item.parametrised else _NOTHING_DRAWN

    def scene(self, seed: bytes, lang: str) -> Scene:
        """Return the item as this seed and language show it."""
        drawn = self.drawn(seed)
        values = {name: say_value(value, lang) for name, value in drawn.values.items()}
        return Scene(self.item.id, seed, lang, values, drawn.tables)

    def bare_scene(self, seed: bytes, lang: str) -> Scene:
        """Return the scene without drawn values, for keys that need none: some are drawn from tables of rows."""
        return Scene(self.item.id, seed, lang, {}, {})

    def key(self, seed: bytes, lang: str) -> Any:  # noqa: ANN401 - the key's type is the kind's own
        """Return what grading needs for this seed and language."""
        key = self.keys.get(lang)
        return key if key is not None else _key(self, seed, lang)


# Bounded: more than a room of 300 is being asked, so that nothing is drawn twice; a table of rows takes some kilobytes.
@lru_cache(maxsize=400)
def _drawn(question: Question, seed: bytes) -> Drawn:
    return draw_item(question.item, seed, question.reference)


@lru_cache(maxsize=512)
def _key(question: Question, seed: bytes, lang: str) -> Any:  # noqa: ANN401 - as `Question.key`
    scene_of = question.scene if question.kind.key_needs == "values" else question.bare_scene
    return question.kind.key(question.spec, scene_of(seed, lang))
