"""Whether a certification can be put together at all: two items of each competence, one a topic and a skill, no enemies.

The answer is its own proof: the items of one such test, or the competence that fails and why. The search is exact: it takes
competences with the fewest items first, goes back when enemies shut one out, and gives up only when every way was tried.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from exam.certification.rules import PER_COMPETENCE
from exam.framework import COMPETENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exam.certification.parameters import Parameters

MOST_TRIED = 200_000
"""Choices looked at before saying that nothing was found: sparse enemies never come near it."""


class Feasibility(msgspec.Struct, frozen=True):
    """`test`: items of a test that meets every rule, by competence; else `failing`: competence to the reason."""

    feasible: bool
    items: int
    competences: dict[str, int]
    """Topics that have an item, by competence."""
    test: dict[str, list[str]]
    failing: dict[str, str]


def feasibility(pool: Iterable[Parameters], *, adjusted: bool = False) -> Feasibility:
    """Return the proof for who needs adjusted items or does not; enmities count in both directions."""
    shut = "ordinary" if adjusted else "adjusted"
    items = [item for item in pool if item.access != shut]
    by_competence = {
        code: sorted((item for item in items if item.competence == code), key=_freedom)
        for code in COMPETENCES
    }
    topics = {code: len({item.topic for item in own}) for code, own in by_competence.items()}
    failing = {
        code: f"{count} topics with an item: {PER_COMPETENCE} are needed"
        for code, count in topics.items()
        if count < PER_COMPETENCE
    }
    search = _Search(by_competence, _enmities(items))
    found = None if failing else search.run()
    if found is None and not failing:
        failing = {
            search.furthest: "enemies shut out every pair of its items that the other competences leave"
        }
    return Feasibility(not failing, len(items), topics, dict(sorted((found or {}).items())), failing)


def _freedom(item: Parameters) -> tuple[int, str]:
    return len(item.enemies), item.id


def _enmities(items: list[Parameters]) -> dict[str, set[str]]:
    foes: dict[str, set[str]] = {item.id: set() for item in items}
    for item in items:
        for enemy in item.enemies:
            foes[item.id].add(enemy)
            foes.setdefault(enemy, set()).add(item.id)
    return foes


class _Search:
    """A walk through the competences, the poorest first; `furthest` is where it was stopped the latest."""

    def __init__(self, own: dict[str, list[Parameters]], foes: dict[str, set[str]]) -> None:
        self._own, self._foes = own, foes
        self._order = sorted(own, key=lambda code: (len(own[code]), code))
        self._tried = self._deepest = 0
        self.furthest = self._order[0]

    def run(self) -> dict[str, list[str]] | None:
        return self._walk(0, {}, frozenset())

    def _walk(
        self, depth: int, chosen: dict[str, list[str]], shut: frozenset[str]
    ) -> dict[str, list[str]] | None:
        if depth == len(self._order):
            return chosen
        code = self._order[depth]
        if depth >= self._deepest:
            self._deepest, self.furthest = depth, code
        for names in self._choices(code, shut):
            self._tried += 1
            if self._tried > MOST_TRIED:
                return None
            closed = shut.union(*(self._foes[name] for name in names))
            found = self._walk(depth + 1, {**chosen, code: names}, closed)
            if found is not None:
                return found
        return None

    def _choices(self, code: str, shut: frozenset[str]) -> Iterator[list[str]]:
        left = [item for item in self._own[code] if item.id not in shut]
        for group in combinations(left, PER_COMPETENCE):
            names = [item.id for item in group]
            apart = (
                len({item.topic for item in group}) == len({item.skill for item in group}) == PER_COMPETENCE
            )
            if apart and not any(self._foes[name].intersection(names) for name in names):
                yield names
