"""What must hold between the parts of a bank: every name leads somewhere, and nothing has two owners."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from exam.content import Problem
from exam.item_rules import item_problems
from exam.links import OUTSIDE_LINK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.bank_content import BankContent
    from exam.content import Course, TopLevel
    from exam.items import Item


def cross_problems(content: BankContent) -> list[Problem]:
    """Return every broken reference and duplicate of a bank, in no special order."""
    return [
        *_duplicates(content),
        *_topic_problems(content),
        *_item_references(content),
        *(problem for course in content.courses for problem in _course_problems(content, course)),
        *(problem for item in content.items for problem in item_problems(item, item_path(content, item))),
    ]


def _duplicates(content: BankContent) -> Iterator[Problem]:
    for kind, records in (
        ("topics", content.topics),
        ("skills", content.skills),
        ("tutorials", content.tutorials),
        ("items", content.items),
        ("courses", content.courses),
    ):
        counts = Counter(record.id for record in records)
        for name in sorted(name for name, count in counts.items() if count > 1 and name):
            yield Problem(kind, name, "duplicate_id", f"{name!r} is the id of several {kind}")


def _topic_problems(content: BankContent) -> Iterator[Problem]:
    tutorials = {tutorial.id for tutorial in content.tutorials}
    for skill in content.skills:
        for name in skill.tutorials:
            if name not in tutorials:
                yield Problem(
                    f"topics/{skill.topic}/topic.toml",
                    f"skills.{skill.id}.tutorials",
                    "unknown_tutorial",
                    f"there is no tutorial {name!r}",
                )
    for tutorial in content.tutorials:
        for lang, text in tutorial.text.items():
            if OUTSIDE_LINK.search(text):
                path = f"topics/{tutorial.topic}/tutorials/{tutorial.id}.{lang}.md"
                yield Problem(
                    path, "", "outside_link", "a link leads outside: nothing may be asked of another network"
                )


def item_path(content: BankContent, item: Item) -> str:
    """Return the path of the file an item is written in."""
    topic = next((skill.topic for skill in content.skills if skill.id == item.skill), "*")
    return f"topics/{topic}/{item.id}.toml"


def _item_references(content: BankContent) -> Iterator[Problem]:
    skills = {skill.id for skill in content.skills}
    items = {item.id for item in content.items}
    for item in content.items:
        path = item_path(content, item)
        if item.skill and item.skill not in skills:
            yield Problem(path, "skill", "unknown_skill", f"there is no skill {item.skill!r}")
        for enemy in item.enemies:
            if enemy not in items or enemy == item.id:
                yield Problem(path, "enemies", "unknown_item", f"there is no other item {enemy!r}")


def _course_problems(content: BankContent, course: Course) -> Iterator[Problem]:
    path = f"courses/{course.id}.toml"
    yield from _top_problems(content, course.topics, path, "topics")
    names = Counter(badge.id for badge in course.badges)
    for name in sorted(name for name, count in names.items() if count > 1):
        yield Problem(path, "badges", "duplicate_id", f"two badges have the id {name!r}")
    for badge in course.badges:
        for criterion in badge.criteria:
            yield from _top_problems(content, criterion.topics, path, f"badges.{badge.id}.criteria")


def _top_problems(
    content: BankContent, tops: tuple[TopLevel, ...], path: str, field: str
) -> Iterator[Problem]:
    levels = {topic.id: [s.level for s in content.skills if s.topic == topic.id] for topic in content.topics}
    seen: set[str] = set()
    for top in tops:
        if top.id in seen:
            yield Problem(path, field, "duplicate_id", f"the topic {top.id!r} is named twice")
        seen.add(top.id)
        if top.id and top.id not in levels:
            yield Problem(path, field, "unknown_topic", f"there is no topic {top.id!r}")
        elif top.id and not any(level <= top.level for level in levels[top.id]):
            yield Problem(path, field, "empty_topic", f"{top.id!r} has no skill up to level {top.level}")
