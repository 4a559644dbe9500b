"""Items that ask the same thing twice, found among all pairs of a bank without comparing all pairs.

Two texts that share nine words in ten share at least one of the few rarest words of each: only items that meet in the list
of such a word are compared. So the time grows with the bank, not with its square.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from exam.bank_rules import item_path
from exam.content import Problem
from exam.grading import solve
from exam.items import Simulator

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.items import Item

_WORD = re.compile(r"\w+")
_Token = tuple[str, int]
_SEED = b"the same work for twins to be met"


def twin_problems(bank: Bank) -> list[Problem]:
    """Return a problem for each pair of active items that ask nearly the same in the reference language."""
    items = {item.id: item for item in bank.items.values() if not item.archived}
    tokens = {name: _tokens(item, bank.languages[0]) for name, item in items.items()}
    found = []
    for first, second in near_pairs(tokens):
        item, other = items[first], items[second]
        if second not in item.enemies and first not in other.enemies:
            message = f"asks nearly the same as {first!r}: say how they differ, or make them enemies"
            found.append(Problem(item_path(bank.content, other), "instruction", "near_duplicate", message))
    return found


def same_work_warnings(bank: Bank) -> list[Problem]:
    """Return a warning for each item in a tool that the very same work solves as an earlier one, unless they are enemies."""
    met: dict[tuple[str, tuple[tuple[str, str], ...]], Item] = {}
    found = []
    for name in sorted(bank.items):
        item = bank.items[name]
        if item.archived or not isinstance(item.spec, Simulator):
            continue
        work = solve(bank, name, _SEED, bank.languages[0])
        if not isinstance(work, dict):
            continue
        earlier = met.setdefault((item.spec.simulator, tuple(sorted(work.items()))), item)
        if earlier is not item and name not in earlier.enemies and earlier.id not in item.enemies:
            message = (
                f"the work that solves {earlier.id!r} solves it too: make them differ, or make them enemies"
            )
            found.append(Problem(item_path(bank.content, item), "goal", "same_solution", message))
    return found


def near_pairs(tokens: dict[str, frozenset[_Token]]) -> list[tuple[str, str]]:
    """Return the pairs, each in order, that share at least nine tokens in ten of the larger."""
    use = Counter(token for one in tokens.values() for token in one)
    lists: dict[_Token, list[str]] = defaultdict(list)
    pairs: set[tuple[str, str]] = set()
    for name in sorted(tokens):
        own = tokens[name]
        rarest = sorted(own, key=lambda token: (use[token], token))
        for token in rarest[: len(own) - -(-9 * len(own) // 10) + 1]:
            for other in lists[token]:
                pair = (other, name)
                if pair not in pairs and _near(tokens[other], own):
                    pairs.add(pair)
            lists[token].append(name)
    return sorted(pairs)


def _near(first: frozenset[_Token], second: frozenset[_Token]) -> bool:
    most = max(len(first), len(second))
    return min(len(first), len(second)) * 10 >= most * 9 and len(first & second) * 10 >= most * 9


def _tokens(item: Item, lang: str) -> frozenset[_Token]:
    """Return the words asked, the second time a word comes being another token."""
    choices = [choice.text.get(lang, "") for choice in getattr(item.spec, "choices", ())]
    text = " ".join((item.instruction.get(lang, ""), item.detail.get(lang, ""), *choices))
    counts: Counter[str] = Counter()
    tokens = set()
    for word in _WORD.findall(text.lower()):
        counts[word] += 1
        tokens.add((word, counts[word]))
    return frozenset(tokens)
