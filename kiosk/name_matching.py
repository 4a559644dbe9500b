"""Which pupil of a list a person is, from the names they typed: tolerant of a slip, never of a doubt.

Names are compared as usernames write them. The distance between what was typed and what is written in the list is
counted in edits and divided by the length of what was typed. A first pass asks for equality, a second accepts a
quarter. The typed first name is compared with the first, second and third given names in turn, the typed last name
with the family name or the name used; a given name counts only when exactly one pupil matches by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usernames import standardised

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSES: tuple[tuple[int, int], ...] = ((0, 1), (1, 4))
"""The tolerance of each pass as a fraction: nothing, then a quarter."""
TYPED_MOST = 255


@dataclass(frozen=True)
class Candidate:
    """A pupil who may be the one: `given` are their given names in order, `last` the last names they go by."""

    id: str
    given: tuple[str | None, str | None, str | None]
    last: tuple[str, str | None]


def distance(left: str, right: str) -> int:
    """Return the Levenshtein distance: how many signs to add, take away or change."""
    row = list(range(len(right) + 1))
    for i, sign in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            cost = before if sign == other else 1 + min(before, row[j], row[j - 1])
            before, row[j] = row[j], cost
    return row[-1]


def alike(typed: str, reference: str, tolerance: tuple[int, int]) -> bool:
    """Say whether two standardised names are within a tolerance; nothing typed matches only nothing."""
    if not typed:
        return not reference
    part, whole = tolerance
    # The lengths alone may settle it, before any edit is counted.
    if abs(len(typed) - len(reference)) * whole > part * len(typed):
        return False
    return distance(typed, reference) * whole <= part * len(typed)


def similar(typed: str, reference: str) -> bool:
    """Say whether two texts are the same to a quarter once standardised, as lists of known words are compared."""
    return alike(standardised(typed), standardised(reference), PASSES[-1])


def find(first_name: str, last_name: str, candidates: Sequence[Candidate]) -> str | None:
    """Return the id of the only pupil these names point to, or None when there is none or a doubt."""
    first, last = standardised(first_name[:TYPED_MOST]), standardised(last_name[:TYPED_MOST])
    if not first or not last:
        return None
    for tolerance in PASSES:
        named = [one for one in candidates if _has_last(one, last, tolerance)]
        for slot in range(3):
            matching = [one for one in named if _has_given(one, slot, first, tolerance)]
            if len(matching) == 1:
                return matching[0].id
    return None


def _has_last(candidate: Candidate, typed: str, tolerance: tuple[int, int]) -> bool:
    return any(name and alike(typed, standardised(name), tolerance) for name in candidate.last)


def _has_given(candidate: Candidate, slot: int, typed: str, tolerance: tuple[int, int]) -> bool:
    name = candidate.given[slot]
    return bool(name) and alike(typed, standardised(name or ""), tolerance)
