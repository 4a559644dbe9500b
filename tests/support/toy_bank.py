"""Small banks made in memory for tests of the rules: their questions are one right choice, "yes", and one wrong, "no".

A topic is written as a line such as `"mail 2.1: 1 2t 3*2"`: its id, its competence and its levels; `t` gives the items of a
skill a timer, `m` all of them but the first, `*2` gives it two items, `*0` none. The digest is fixed from the lines, so that golden trails made on a toy
bank outlive any change in how banks are written.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from exam.bank import Bank, assemble
from exam.bank_content import FORMAT, BankContent
from exam.content import Badge, Course, Criterion, Skill, Stage, Topic, TopLevel
from exam.items import Choice, Item, SingleChoice

TIMER = 60
COURSE = "toy"
LANGUAGES = ("fr", "en")

PLAIN = (
    "mail 2.1: 1*2 2*2 3",
    "search 1.1: 1 2*2 3t 4 5",
    "sheets 1.3: 1 2 3 4t 5 6",
    "files 1.2: 1 2t 3",
    "passwords 4.1: 1 2 3*3 4 5t*2 6 7",
    "texts 3.1: 2 3 4",
    "networks 5.1: 3 5 7",
)
"""Seven topics over seven competences: easy and hard ones, timed and untimed skills, levels left out."""


def text(words: str) -> dict[str, str]:
    return {"fr": words, "en": f"{words} (en)"}


def threshold_stage(threshold: int | None = None, *, first: bool = False, level: int | None = None) -> Stage:
    words = text(f"{threshold}/{first}/{level}")
    return Stage(threshold, first, level, words, words, words, words)


BANDS = (threshold_stage(0), threshold_stage(21), threshold_stage(51), threshold_stage(81))


def toy_badge(name: str, *criteria: Criterion) -> Badge:
    return Badge(name, text(name), text(name), text(name), criteria)


BADGES = (
    toy_badge("half", Criterion("course", 50)),
    toy_badge(
        "letters",
        Criterion("course", 20),
        Criterion("topics", 75, (TopLevel("mail", 3), TopLevel("texts", 3))),
    ),
)


def toy_bank(
    *lines: str,
    stages: tuple[Stage, ...] = BANDS,
    badges: tuple[Badge, ...] | None = None,
    top: int = 8,
    languages: tuple[str, ...] = LANGUAGES,
) -> Bank:
    """Return the bank of these topics, with one course of all of them up to level `top`."""
    topics, skills, items = [], [], []
    for line in lines or PLAIN:
        head, levels = line.split(":")
        topic, competence = head.split()
        made = [_skill(topic, competence, word) for word in levels.split()]
        topics.append(
            Topic(topic, competence, text(topic), text(topic), tuple(skill.id for skill, _ in made))
        )
        skills += [skill for skill, _ in made]
        items += [item for _, its in made for item in its]
    levels_of = tuple(TopLevel(topic.id, top) for topic in topics)
    if badges is None:
        badges = () if lines else BADGES
    course = Course(COURSE, text("toy"), text("toy"), "CUSTOM", 10, levels_of, stages, badges)
    content = BankContent(
        FORMAT,
        "toy",
        "1",
        text("toy"),
        languages,
        tuple(sorted(topics, key=lambda topic: topic.id)),
        tuple(sorted(skills, key=lambda skill: skill.id)),
        (),
        tuple(sorted(items, key=lambda item: item.id)),
        (course,),
    )
    named = sha256(repr((lines or PLAIN, top, languages)).encode()).hexdigest()
    return replace(assemble(content), digest=named)


def _skill(topic: str, competence: str, word: str) -> tuple[Skill, list[Item]]:
    level, _, count = word.partition("*")
    untimed = {"t": 0, "m": 1}.get(level[-1], 99)
    number = int(level.rstrip("tm"))
    name = f"{topic}-{number}"
    skill = Skill(name, topic, competence, number, text(name), text("hint"), ())
    return skill, [_item(name, rank, timed=rank >= untimed) for rank in range(int(count or 1))]


def _item(skill: str, rank: int, *, timed: bool) -> Item:
    spec = SingleChoice((Choice("yes", text("yes")), Choice("no", text("no"))), "yes", shuffle=True)
    name = f"{skill}-{'abcdefgh'[rank]}"
    return Item(name, skill, text(name), text(name), {}, "note", spec, timer=TIMER if timed else None)
