"""The items a certification chooses from, as the engine knows them: parameters, never text.

They are the bank's certification items; a bank that has none yet may be rehearsed with its open ones. Until a calibration
replaces them, parameters are those of `exam.start_parameters`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.certification.parameters import Access, Parameters
from exam.start_parameters import start_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exam.bank import Bank
    from exam.items import Item

MICRO_IN_MILLI = 1000


def certification_items(bank: Bank, *, rehearsal: bool = False) -> list[Item]:
    """Return the live items of certifications by id; with `rehearsal`, the open ones instead."""
    return [
        item
        for _, item in sorted(bank.items.items())
        if not item.archived and item.certification is not rehearsal
    ]


def pool_parameters(
    bank: Bank, items: Sequence[Item], names: Mapping[str, str] | None = None
) -> list[Parameters]:
    """Return the parameters of these items; `names` gives each item the id it is known by, its own by default."""
    known = names if names is not None else {item.id: item.id for item in items}
    pool = []
    for item in items:
        skill = bank.skills[item.skill]
        a, b = start_parameters(skill.level, item.kind)
        foes = tuple(sorted(known[enemy] for enemy in item.enemies if enemy in known))
        access: Access = "everyone" if isinstance(item.access, msgspec.UnsetType) else item.access
        pool.append(
            Parameters(
                known[item.id],
                a * MICRO_IN_MILLI,
                b * MICRO_IN_MILLI,
                skill.competence,
                skill.topic,
                skill.id,
                foes,
                access,
            )
        )
    return pool
