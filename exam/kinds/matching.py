"""Left entries to match with right ones. Right entries are shuffled under ids that are only places, so that no id tells a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import BadAnswer
from exam.items import Matching
from exam.kinds.base import Fields, Kind, ShownChoice, map_of_keys, say_choices
from exam.kinds.choices import read_choices

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.items import Choice
    from exam.reading import Reader
    from exam.scene import Scene


def _place(place: int) -> str:
    return f"r{place + 1}"


class MatchingKind(Kind[Matching, dict[str, str]]):
    """Match entries."""

    name = "matching"
    key_needs = "order"

    def read(self, reader: Reader) -> Matching | None:
        """Return the record of the file; every left entry has one right entry."""
        left, _ = read_choices(reader, "left")
        right, _ = read_choices(reader, "right")
        inner = reader.table("pairs")
        if inner is None:
            return None
        pairs = {name: inner.string(name) for name in inner.names()}
        rights = {entry.id for entry in right}
        if pairs.keys() != {entry.id for entry in left} or not rights.issuperset(pairs.values()):
            reader.problem("pairs", "bad_key", "pairs give each left entry the id of one right entry")
        return Matching(left, right, pairs)

    def _order(self, spec: Matching, scene: Scene) -> list[Choice]:
        return scene.draw("right").shuffle(spec.right)

    def key(self, spec: Matching, scene: Scene) -> dict[str, str]:
        """Return the page's id of the right entry of each left entry."""
        ids = {entry.id: _place(place) for place, entry in enumerate(self._order(spec, scene))}
        return {left: ids[right] for left, right in spec.pairs.items()}

    def fields(self, spec: Matching, scene: Scene) -> Fields:
        """Return both lists in the pupil's order."""
        right = self._order(spec, scene)
        return Fields(
            left=scene.draw("left").shuffle(say_choices(spec.left, scene)),
            right=[ShownChoice(_place(place), scene.say(entry.text)) for place, entry in enumerate(right)],
        )

    def check(self, spec: Matching, answer: Answer) -> None:
        """Raise `BadAnswer` unless every left entry has a right one."""
        known = {_place(place) for place in range(len(spec.right))}
        for value in map_of_keys(answer, frozenset(entry.id for entry in spec.left)).values():
            if not isinstance(value, str) or value not in known:
                raise BadAnswer("answer.unknown_choice", "this is not one of the right entries")

    def right(self, key: dict[str, str], answer: Answer) -> bool:
        """Return whether every pair is right."""
        return answer == key

    def expected(self, spec: Matching, scene: Scene) -> str:
        """Return the right pairs in words."""
        return self.shown(spec, scene, self.key(spec, scene))

    def shown(self, spec: Matching, scene: Scene, answer: Answer) -> str:
        """Return the pairs given in words, in the order of the file."""
        given = answer if isinstance(answer, dict) else {}
        words = {entry.id: entry.text for entry in self.fields(spec, scene).right}
        return " · ".join(
            f"{scene.say(entry.text)} → {words.get(given.get(entry.id, ''), '…')}" for entry in spec.left
        )

    def solve(self, spec: Matching, scene: Scene) -> Answer:
        """Return the right pairs."""
        return self.key(spec, scene)

    def wrong(self, spec: Matching, scene: Scene) -> Answer:
        """Return the right pairs but one."""
        answer = self.key(spec, scene)
        name = min(answer)
        known = [_place(place) for place in range(len(spec.right))]
        answer[name] = scene.draw("wrong").pick([place for place in known if place != answer[name]])
        return answer
