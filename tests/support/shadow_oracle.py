"""The exact shadow test by integer programming, to judge the engine's choice by.

The best test of 32 under every rule that contains what was given is found by HiGHS; then again with the engine's choice in
it. The choice is right when nothing is lost. Run it as a program, with a number of states, for the long comparison:
`python -m shadow_oracle 10000`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from certification_kit import reference_engine
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from exam.certification.rules import PER_COMPETENCE
from exam.seed import Draw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from exam.certification.engine import CertificationEngine, Progress
    from exam.certification.tables import Tables


class Oracle:
    """The rules of one bank as rows of a program: quotas, topics and skills, enemies."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        quota = csr_array((~tables.elsewhere).astype(float))
        topics = _groups([item.topic for item in tables.items])
        skills = _groups([item.skill for item in tables.items])
        first, second = tables.foes
        pairs = np.arange(len(first))
        enemies = csr_array(
            (np.ones(2 * len(first)), (np.concatenate([pairs, pairs]), np.concatenate([first, second]))),
            shape=(len(first), tables.count),
        )
        single = vstack([topics, skills, enemies])
        self.rules = [
            LinearConstraint(quota, PER_COMPETENCE, PER_COMPETENCE),
            LinearConstraint(single, -np.inf, 1),
        ]

    def best(self, cell: int, at: Progress, allowed: NDArray[np.bool_], with_item: int | None) -> int | None:
        """Return the information of the best test that holds what was given; None when there is none."""
        given = [item for item, _ in at.given]
        low, high = np.zeros(self.tables.count), allowed.astype(float)
        low[given] = high[given] = 1
        if with_item is not None:
            low[with_item] = 1
        cost = -self.tables.information[cell].astype(float)
        found = milp(
            cost,
            constraints=self.rules,
            bounds=Bounds(low, high),
            integrality=np.ones(self.tables.count),
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            return None
        return int(self.tables.information[cell][found.x > 0.5].astype(np.int64).sum())


def _groups(names: list[str]) -> csr_array:
    which = np.unique(names, return_inverse=True)[1]
    return csr_array((np.ones(len(names)), (which, np.arange(len(names)))))


def agreements(engine: CertificationEngine, sittings: int, every: int = 1) -> tuple[int, int]:
    """Return at how many states the choice loses nothing, of how many that have an exact test at all."""
    oracle = Oracle(engine.tables)
    agreed = states = 0
    for sitting in range(sittings):
        draw = Draw(b"oracle", str(sitting))
        at = engine.start(sitting.to_bytes(32, "big"))
        bias = 20 + draw.below(60)
        while (choice := engine.choose(at)) is not None:
            if (at.answered + sitting) % every == 0 and choice.relaxed == 0:
                cell = min(max((choice.ability + 4005) // 10, 0), 800)
                allowed = engine.allowed(at, choice.segment)
                best = oracle.best(cell, at, allowed, None)
                if best is not None:
                    states += 1
                    agreed += oracle.best(cell, at, allowed, choice.item) == best
            engine.answer(at, choice.item, right=draw.below(100) < bias)
    return agreed, states


if __name__ == "__main__":
    wanted = int(sys.argv[1])
    same, seen = agreements(reference_engine(), sittings=-(-wanted // 32))
    sys.stdout.write(f"{same} of {seen} states: the choice loses nothing against the exact shadow test\n")
    sys.exit(same != seen)
