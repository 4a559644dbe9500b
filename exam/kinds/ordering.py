"""Entries to put in order. A page gets them shuffled under ids that are only places, so that no id tells the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import BadAnswer
from exam.items import Ordering
from exam.kinds.base import Fields, Kind, ShownChoice, list_of_ids
from exam.kinds.choices import read_choices

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.reading import Reader
    from exam.scene import Scene


def places(count: int) -> list[str]:
    """Return the ids of `count` entries as a page sees them: e1, e2, …."""
    return [f"e{place}" for place in range(1, count + 1)]


class OrderingKind(Kind[Ordering, list[str]]):
    """Put entries in order."""

    name = "ordering"
    key_needs = "order"

    def read(self, reader: Reader) -> Ordering | None:
        """Return the record of the file, entries in the right order."""
        entries, _ = read_choices(reader, "entries")
        return Ordering(entries)

    def _shown_order(self, spec: Ordering, scene: Scene) -> list[int]:
        """Return the position in the right order of each shown entry; never the right order itself."""
        right = list(range(len(spec.entries)))
        order = scene.draw("entries").shuffle(right)
        return order if order != right else [*right[1:], right[0]]

    def key(self, spec: Ordering, scene: Scene) -> list[str]:
        """Return the ids of the page in the right order."""
        order = self._shown_order(spec, scene)
        ids = places(len(order))
        return [ids[order.index(position)] for position in range(len(order))]

    def fields(self, spec: Ordering, scene: Scene) -> Fields:
        """Return the entries in the pupil's order."""
        order = self._shown_order(spec, scene)
        words = [scene.say(spec.entries[position].text) for position in order]
        return Fields(entries=[ShownChoice(*pair) for pair in zip(places(len(order)), words, strict=True)])

    def check(self, spec: Ordering, answer: Answer) -> None:
        """Raise `BadAnswer` unless every entry is given once."""
        known = frozenset(places(len(spec.entries)))
        if len(list_of_ids(answer, known)) != len(known):
            raise BadAnswer("answer.incomplete", "an entry is missing")

    def right(self, key: list[str], answer: Answer) -> bool:
        """Return whether the entries are in the right order."""
        return answer == key

    def expected(self, spec: Ordering, scene: Scene) -> str:
        """Return the entries in the right order."""
        return " → ".join(scene.say(entry.text) for entry in spec.entries)

    def shown(self, spec: Ordering, scene: Scene, answer: Answer) -> str:
        """Return the entries in the order given."""
        words = {entry.id: entry.text for entry in self.fields(spec, scene).entries}
        return " → ".join(words.get(entry, entry) for entry in answer)

    def solve(self, spec: Ordering, scene: Scene) -> Answer:
        """Return the right order."""
        return self.key(spec, scene)

    def wrong(self, spec: Ordering, scene: Scene) -> Answer:
        """Return the right order with its first two entries exchanged."""
        first, second, *rest = self.key(spec, scene)
        return [second, first, *rest]
