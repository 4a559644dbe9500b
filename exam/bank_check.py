"""Checking what a bank says once it can be read: keys its own grader refuses, clues that give an answer away, twins.

Every item is solved by its own key and missed by a wrong answer, in each language and, when drawn, on many seeds. What is
found is a `Problem` like any other, at the file of the item.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from exam.access_words import access_warnings
from exam.bank_rules import item_path
from exam.clues import clue_problems, told_elsewhere
from exam.content import Problem
from exam.errors import BadAnswer
from exam.trials import try_item, unseen_variants
from exam.twins import same_work_warnings, twin_problems
from exam.unfinished import unfinished_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.bank import Bank

SEEDS, THOROUGH = 20, 200
"""Seeds each drawn item is tried on, usually and when there is time."""


def check_bank(bank: Bank, seeds: int = SEEDS) -> list[Problem]:
    """Return what is wrong with the content of a bank, sorted."""
    found = [
        Problem(item_path(bank.content, item), field, code, message)
        for item in bank.items.values()
        for field, code, message in (*_trials(bank, item.id, seeds), *clue_problems(bank, item))
    ]
    found += twin_problems(bank)
    found += _empty_skills(bank)
    return sorted(set(found))


def check_warnings(bank: Bank, seeds: int = SEEDS) -> list[Problem]:
    """Return what an author should look at again, sorted: nothing here is sure to be wrong.

    With `THOROUGH` seeds, words to pick that none of them drew are told too: fewer seeds miss some by chance.
    """
    found = [
        Problem(item_path(bank.content, item), field, code, message)
        for item in bank.items.values()
        if not item.archived
        for field, code, message in (
            *access_warnings(item),
            *(unseen_variants(bank, item.id, check_seeds(seeds)) if seeds >= THOROUGH else ()),
        )
    ]
    return sorted({*found, *told_elsewhere(bank), *unfinished_warnings(bank), *same_work_warnings(bank)})


def check_seeds(count: int) -> list[bytes]:
    """Return the seeds items are tried on: the same everywhere."""
    return [blake2b(f"check {number}".encode(), digest_size=32).digest() for number in range(count)]


def _trials(bank: Bank, item_id: str, seeds: int) -> Iterator[tuple[str, str, str]]:
    # Ordering and matching are drawn even without variables, so a few seeds are tried on everything.
    count = seeds if bank.items[item_id].parametrised else 3
    for seed in check_seeds(count):
        for lang in bank.languages:
            try:
                yield from try_item(bank, item_id, seed, lang)
            except (BadAnswer, ValueError) as error:
                yield "", "broken_item", f"asking it fails in {lang!r}: {error}"


def _empty_skills(bank: Bank) -> Iterator[Problem]:
    for skill, items in bank.items_of_skill.items():
        if not items:  # campaigns need an open one, whatever certifications have
            path = f"topics/{bank.skills[skill].topic}/topic.toml"
            yield Problem(path, f"skills.{skill}", "skill_without_item", f"{skill!r} has no active item")
