"""Clues that give an answer away, and items that ask the same thing twice."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from exam.bank_rules import item_path
from exam.content import Problem
from exam.items import FillBlanks, MultipleChoice, ShortText, SingleChoice
from exam.text_matching import treat_1, treat_2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.bank import Bank
    from exam.items import Item

_WORD = re.compile(r"\w+")
MIN_CLUE = 5
"""Signs below which a key found in a hint is a coincidence."""


def clue_problems(bank: Bank, item: Item) -> Iterator[tuple[str, str, str]]:
    """Yield (field, code, message) when the hint or the question says the answer, or the longest choice is the key."""
    for lang in bank.languages:
        hint = _bare(bank.skills[item.skill].hint.get(lang, ""))
        asked = _bare(" ".join((item.title.get(lang, ""), item.instruction.get(lang, ""))))
        for key in _keys(item, lang):
            bare = _bare(key)
            if len(bare) < MIN_CLUE or "{" in key:
                continue
            if f" {bare} " in f" {hint} ":
                yield (
                    "skill",
                    "key_in_hint",
                    f"the hint of the skill says the answer in {lang!r}: {key[:60]!r}",
                )
            if f" {bare} " in f" {asked} ":
                yield (
                    "instruction",
                    "key_in_question",
                    f"the question says the answer in {lang!r}: {key[:60]!r}",
                )


def _bare(text: str) -> str:
    return " ".join(treat_1(word) for word in treat_2(re.sub(r"[-'’_.,;:!?/]", " ", text)).split())


def _keys(item: Item, lang: str) -> list[str]:
    spec = item.spec
    if isinstance(spec, SingleChoice):
        return [choice.text.get(lang, "") for choice in spec.choices if choice.id == spec.correct]
    if isinstance(spec, MultipleChoice) and len(spec.correct) == 1:
        return [choice.text.get(lang, "") for choice in spec.choices if choice.id in spec.correct]
    if isinstance(spec, ShortText):
        return list(spec.blank.accepted.get(lang, ()))
    if isinstance(spec, FillBlanks):
        return [word for blank in spec.blanks.values() for word in blank.accepted.get(lang, ())]
    return []


def twin_problems(bank: Bank) -> list[Problem]:
    """Return a problem for each pair of active items that ask nearly the same in the reference language."""
    lang = bank.languages[0]
    items = [item for item in bank.items.values() if not item.archived]
    words = {item.id: _words(item, lang) for item in items}
    found = []
    for index, item in enumerate(items):
        for other in items[index + 1 :]:
            if _nearly(words[item.id], words[other.id]):
                message = f"asks nearly the same as {item.id!r}: say how they differ, or make them enemies"
                if other.id not in item.enemies and item.id not in other.enemies:
                    found.append(
                        Problem(item_path(bank.content, other), "instruction", "near_duplicate", message)
                    )
    return found


def _words(item: Item, lang: str) -> Counter[str]:
    choices = [choice.text.get(lang, "") for choice in getattr(item.spec, "choices", ())]
    text = " ".join((item.instruction.get(lang, ""), item.detail.get(lang, ""), *choices))
    return Counter(word.lower() for word in _WORD.findall(text))


def _nearly(first: Counter[str], second: Counter[str]) -> bool:
    """At least nine words in ten are shared, counted over the longer text."""
    return (first & second).total() * 10 >= max(first.total(), second.total()) * 9
