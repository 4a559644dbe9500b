"""Reading `topic.toml` (a topic, its skills, its tutorials) and the course files."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, get_args

from exam.content import (
    Badge,
    Course,
    CourseCategory,
    Criterion,
    Skill,
    Stage,
    Topic,
    TopLevel,
    Tutorial,
)
from exam.framework import COMPETENCES, LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.reading import Reader

_TOP = LEVELS[-1]


def read_topic(
    reader: Reader, folder: str, lessons: Mapping[str, str]
) -> tuple[Topic, list[Skill], list[Tutorial]]:
    """Return a topic with its skills and tutorials; `lessons` holds their Markdown by file name (`id.lang.md`)."""
    topic = reader.identifier("id")
    if topic and topic != folder:
        reader.problem("id", "wrong_folder", f"the topic {topic!r} must be in a folder of that name")
    competence = reader.string("competence")
    if competence and competence not in COMPETENCES:
        reader.problem("competence", "unknown_competence", f"there is no competence {competence[:20]!r}")
    name, description = reader.text("name"), reader.text("description")
    skills = [_read_skill(row, topic, competence) for row in reader.tables("skills", required=True)]
    tutorials = [_read_tutorial(row, topic, lessons) for row in reader.tables("tutorials")]
    reader.close()
    skills.sort(key=lambda skill: skill.level)
    for lower, higher in itertools.pairwise(skills):
        if lower.level == higher.level:
            reader.problem("skills", "duplicate_level", f"two skills of {topic!r} have level {lower.level}")
    return Topic(topic, competence, name, description, tuple(s.id for s in skills)), skills, tutorials


def _read_skill(row: Reader, topic: str, competence: str) -> Skill:
    level = row.integer("level", 1, _TOP)
    skill = Skill(
        id=f"{topic}-{level}",
        topic=topic,
        competence=competence,
        level=level,
        name=row.text("name"),
        hint=row.text("hint"),
        tutorials=row.strings("tutorials", required=True),
    )
    row.close()
    return skill


def _read_tutorial(row: Reader, topic: str, lessons: Mapping[str, str]) -> Tutorial:
    name = row.identifier("id")
    text = {}
    for lang in row.notes.languages:
        lesson = lessons.get(f"{name}.{lang}.md", "")
        if not lesson.strip():
            row.problem("id", "missing_tutorial_file", f"tutorials/{name}.{lang}.md is missing or empty")
        text[lang] = lesson
    tutorial = Tutorial(name, topic, row.text("title"), row.integer("minutes", 1, 60), text)
    row.close()
    return tutorial


def read_course(reader: Reader, course: str) -> Course:
    """Return the course of one file; its id is the file's name."""
    name, description = reader.text("name"), reader.text("description")
    category = reader.choice("category", get_args(CourseCategory))
    minutes = reader.integer("minutes", 1, 600)
    topics = tuple(_read_top_level(row) for row in reader.tables("topics", required=True))
    stages = tuple(_read_stage(row) for row in reader.tables("stages"))
    badges = tuple(_read_badge(row) for row in reader.tables("badges"))
    reader.close()
    _check_stages(reader, stages)
    return Course(course, name, description, category, minutes, topics, stages, badges)  # type: ignore[arg-type]  # `choice` gave one of the literals


def _read_top_level(row: Reader) -> TopLevel:
    top = TopLevel(row.identifier("id"), row.integer("level", 1, _TOP))
    row.close()
    return top


def _read_stage(row: Reader) -> Stage:
    given = [key for key in ("threshold", "first_skill", "level") if row.has(key)]
    if len(given) != 1:
        row.problem("", "bad_stage", "a stage has exactly one of threshold, first_skill = true and level")
    stage = Stage(
        threshold=row.integer("threshold", 0, 100) if row.has("threshold") else None,
        first_skill=row.flag("first_skill"),
        level=row.integer("level", 0, _TOP) if row.has("level") else None,
        title=row.text("title"),
        message=row.text("message"),
        staff_title=row.text("staff_title"),
        staff_message=row.text("staff_message"),
    )
    if given == ["first_skill"] and not stage.first_skill:
        row.problem("first_skill", "bad_stage", "first_skill can only be true")
    row.close()
    return stage


def _check_stages(reader: Reader, stages: tuple[Stage, ...]) -> None:
    """Stages start at 0 and go up; the first-skill stage, when there is one, comes second."""
    if not stages:
        return
    if stages[0].threshold != 0 and stages[0].level != 0:
        reader.problem("stages", "stages_start", "the first stage must have threshold 0")
    for values in ([s.threshold for s in stages], [s.level for s in stages]):
        given = [value for value in values if value is not None]
        if any(high <= low for low, high in itertools.pairwise(given)):
            reader.problem("stages", "stages_order", "stages must be written in ascending order")
    if any(stage.first_skill for stage in stages[2:]):
        reader.problem("stages", "stages_order", "the first-skill stage must be the second")


def _read_badge(row: Reader) -> Badge:
    badge = Badge(
        id=row.identifier("id"),
        title=row.text("title"),
        message=row.text("message"),
        alt=row.text("alt"),
        criteria=tuple(_read_criterion(line) for line in row.tables("criteria", required=True)),
    )
    row.close()
    return badge


def _read_criterion(row: Reader) -> Criterion:
    scope = row.choice("scope", ("course", "topics"))
    topics = tuple(_read_top_level(line) for line in row.tables("topics"))
    if (scope == "topics") != bool(topics):
        row.problem(
            "topics", "bad_criterion", "a criterion over topics names them, one over the course does not"
        )
    threshold = row.integer("threshold", 1, 100)
    row.close()
    return Criterion("topics" if scope == "topics" else "course", threshold, topics)
