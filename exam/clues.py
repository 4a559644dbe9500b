"""Clues that give an answer away: in the hint of the skill, in the question itself, or in another item of the topic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam.bank_rules import item_path
from exam.content import Problem
from exam.items import FillBlanks, MultipleChoice, ShortText, SingleChoice
from exam.text_matching import treat_1, treat_2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.bank import Bank
    from exam.items import Item

MIN_CLUE = 5
"""Signs below which a key found in a hint is a coincidence."""

MIN_TOLD = 12
"""Signs below which a key found in another item may be a plain word of the topic."""


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


def told_elsewhere(bank: Bank) -> Iterator[Problem]:
    """Yield a warning for each typed answer that another item of its topic shows; enemies never meet, and may."""
    by_topic: dict[str, list[Item]] = {}
    for item in bank.items.values():
        if not item.archived:
            by_topic.setdefault(bank.skills[item.skill].topic, []).append(item)
    lang = bank.languages[0]
    for items in by_topic.values():
        shown = {item.id: f" {_bare(_shown(item, lang))} " for item in items}
        for item in items:
            if not isinstance(item.spec, ShortText | FillBlanks):
                continue
            keys = {_bare(key) for key in _keys(item, lang) if "{" not in key}
            for other in items:
                enemies = other.id in item.enemies or item.id in other.enemies
                told = [key for key in keys if len(key) >= MIN_TOLD and f" {key} " in shown[other.id]]
                if other is not item and told and not enemies:
                    yield Problem(
                        item_path(bank.content, item),
                        "accepted",
                        "key_in_other_item",
                        f"{other.id!r} shows the answer {min(told)[:60]!r}: make them enemies, or reword one",
                    )


def _shown(item: Item, lang: str) -> str:
    choices = [choice.text.get(lang, "") for choice in getattr(item.spec, "choices", ())]
    return " ".join((item.instruction.get(lang, ""), item.detail.get(lang, ""), *choices))
