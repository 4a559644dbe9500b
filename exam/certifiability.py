"""Whether a pupil may enter a certification: what lists say, and what counts towards it.

A profile is certifiable with five competences at level 1 or above. A list says one of three things:
certifiable, not certifiable, or not communicated when no account is linked or nothing is known yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

CERTIFIABLE_COMPETENCES = 5

Certifiability = Literal["certifiable", "not_certifiable", "not_communicated"]


def certifiable_competences(levels: Iterable[int]) -> int:
    """Return how many competences count, from their levels."""
    return sum(level >= 1 for level in levels)


def is_certifiable(levels: Iterable[int]) -> bool:
    """Say whether enough competences count."""
    return certifiable_competences(levels) >= CERTIFIABLE_COMPETENCES


def certifiability(known: bool | None) -> Certifiability:  # noqa: FBT001 - what is known, or not
    """Return what a list says of what is known: None when nothing is."""
    if known is None:
        return "not_communicated"
    return "certifiable" if known else "not_certifiable"
