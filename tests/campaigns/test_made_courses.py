"""A course made by picking topics: named by its definition, replayed by whoever holds it, read from a file with care."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_bank import COURSE, toy_bank

from exam.campaign.engine import CampaignEngine
from exam.content import TopLevel
from exam.course_file import MAX_FILE, read_course, write_course
from exam.courses import course_of, definition_of, find_course, made_course, made_id, practice_id
from exam.errors import UnknownCourse
from exam.replay import Replayer
from exam.simulate import Pupil, simulate

BANK = toy_bank()
PICKED = definition_of("Réviser", "Deux sujets.", [TopLevel("mail", 2), TopLevel("files", 3)])
COURSE_MADE = made_course(PICKED)
MADE = {COURSE_MADE.id: COURSE_MADE}


def a_file(**changes: object) -> bytes:
    return json.dumps({**json.loads(write_course(PICKED)), **changes}).encode()


def codes_of(data: bytes) -> list[tuple[str, str]]:
    found, defects = read_course(BANK, data)
    assert found is None
    return [(defect.code, defect.about) for defect in defects]


def test_a_sitting_of_a_made_course_asks_its_topics_only_and_replays_with_its_definition() -> None:
    events = simulate(CampaignEngine(BANK, COURSE_MADE.id, MADE), "p-1", Pupil.drawn(b"one"))
    assert {event.skill.rpartition("-")[0] for event in events if hasattr(event, "skill")} <= {
        "mail",
        "files",
    }
    assert Replayer().replay(BANK, events, MADE).identical


def test_without_its_definition_a_made_course_is_unknown_to_the_replay_and_refused_by_the_engine() -> None:
    events = simulate(CampaignEngine(BANK, COURSE_MADE.id, MADE), "p-1", Pupil.drawn(b"one"))
    assert Replayer().replay(BANK, events).code == "unknown_course"
    with pytest.raises(UnknownCourse):
        CampaignEngine(BANK, COURSE_MADE.id)


def test_any_change_of_a_definition_changes_its_id_and_the_order_of_topics_does_not() -> None:
    other = [
        msgspec.structs.replace(PICKED, name="Réviser encore"),
        msgspec.structs.replace(PICKED, description=""),
        definition_of("Réviser", "Deux sujets.", [TopLevel("mail", 3), TopLevel("files", 3)]),
    ]
    assert len({made_id(one) for one in [PICKED, *other]}) == 4
    again = definition_of("Réviser", "Deux sujets.", [TopLevel("files", 3), TopLevel("mail", 2)])
    assert made_id(again) == made_id(PICKED)


def test_a_course_of_the_bank_is_found_before_any_made_one() -> None:
    assert find_course(BANK, COURSE, MADE) is BANK.courses[COURSE]


def test_a_made_course_is_not_served_by_a_bank_that_lacks_one_of_its_topics() -> None:
    lost = made_course(definition_of("Perdu", "", [TopLevel("mail", 2), TopLevel("nowhere", 2)]))
    assert find_course(BANK, lost.id, {lost.id: lost}) is None


def test_the_practice_of_a_competence_takes_every_topic_of_it_and_needs_no_definition() -> None:
    course = course_of(BANK, practice_id("2.1"))
    assert [top.id for top in course.topics] == ["mail"]
    events = simulate(CampaignEngine(BANK, course.id), "p-1", Pupil.drawn(b"two"))
    assert Replayer().replay(BANK, events).identical
    assert find_course(BANK, practice_id("5.2")) is None
    assert find_course(BANK, practice_id("9.9")) is None


def test_what_is_downloaded_is_read_back_the_same() -> None:
    assert read_course(BANK, write_course(PICKED)) == (PICKED, [])


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_no_file_whatever_it_holds_brings_the_reader_down(data: bytes) -> None:
    found, defects = read_course(BANK, data)
    assert (found is None) == bool(defects)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"x" * (MAX_FILE + 1), ("course.file_too_large", "32")),
        (b"\xff\xfe", ("course.file_not_text", "")),
        (b'{"format":\n oops', ("course.file_not_json", "2")),
        (b"[" * 30_000, ("course.file_not_json", "1")),
        (b'{"format": "other"}', ("course.file_other", "")),
        (a_file(name=3), ("course.file_other", "")),
        (a_file(extra=1), ("course.unknown_field", "extra")),
        (a_file(name=" "), ("course.name_required", "")),
        (a_file(name="x" * 256), ("course.too_long", "255")),
        (a_file(topics=[]), ("course.topics_required", "")),
        (a_file(topics=[{"id": "mail", "level": True}]), ("course.bad_topic", "1")),
        (a_file(topics=[{"id": "mail", "level": 9}]), ("course.bad_topic", "1")),
        (a_file(topics=[{"id": "nowhere", "level": 2}]), ("course.unknown_topic", "nowhere")),
        (a_file(topics=[{"id": "networks", "level": 2}]), ("course.empty_topic", "networks")),
        (a_file(topics=[{"id": "mail", "level": 2}] * 2), ("course.topic_twice", "mail")),
    ],
)
def test_each_defect_of_a_file_is_named(data: bytes, expected: tuple[str, str]) -> None:
    assert expected in codes_of(data)
