"""The starter bank led by invented pupils: every question it asks can be answered, graded and led again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from exam.bank import Bank, assemble
from exam.campaign.engines import Engines
from exam.content import Course, TopLevel
from exam.events import Answered
from exam.replay import Replayer
from exam.simulate import Pupil, simulate
from kiosk.bank_files import load_bank, starter_bank

if TYPE_CHECKING:
    from exam.events import Event

EVERYTHING = "everything"
ENGINES = Engines()
REPLAYER = Replayer(ENGINES)


@cache
def whole_bank() -> Bank:
    """Return the starter bank with one more course, of every topic up to its highest level."""
    content = load_bank(starter_bank()).content
    words = dict.fromkeys(content.languages, EVERYTHING)
    topics = tuple(TopLevel(topic.id, 8) for topic in content.topics)
    course = Course(EVERYTHING, words, words, "CUSTOM", 60, topics, (), ())
    return assemble(msgspec.structs.replace(content, courses=(*content.courses, course)))


def log_of(index: int, course: str) -> list[Event]:
    pupil = Pupil.drawn(index.to_bytes(2, "big"))
    lang = ("fr", "en")[index % 2]
    return simulate(ENGINES.engine_for(whole_bank(), course), f"starter-{index}", pupil, lang=lang)


def test_a_thousand_invented_pupils_replay_identically_on_the_starter_bank() -> None:
    courses = list(whole_bank().courses)
    asked: set[str] = set()
    for index in range(1000):
        result = REPLAYER.replay(whole_bank(), log_of(index, courses[index % len(courses)]))
        assert result.identical, (index, result.step, result.code, result.expected, result.found)
        asked |= {step.found_item for step in result.steps}
    assert len(asked) > 0.9 * sum(len(items) for items in whole_bank().items_of_skill.values())


TEXTS = st.one_of(
    st.text(max_size=600), st.sampled_from(["", "NaN", "1e999999999", "-0", "٣", "a" * 501, "\x00"])
)
ANSWERS = st.one_of(st.none(), TEXTS, st.lists(TEXTS, max_size=8), st.dictionaries(TEXTS, TEXTS, max_size=8))


@given(st.integers(0, 200), st.integers(0, 40), ANSWERS)
def test_any_answer_put_in_a_log_gets_a_verdict_and_no_exception(
    pupil: int, number: int, answer: str | list[str] | dict[str, str] | None
) -> None:
    log = log_of(pupil, EVERYTHING)
    places = [index for index, event in enumerate(log) if isinstance(event, Answered)]
    place = places[number % len(places)]
    event = log[place]
    assert isinstance(event, Answered)
    changed = msgspec.structs.replace(event, answer=answer)
    result = REPLAYER.replay(whole_bank(), [*log[:place], changed, *log[place + 1 :]])
    assert result.identical or result.step in {event.number, event.number + 1}


@given(st.integers(0, 200), st.integers(0, 40), st.data())
def test_keys_of_a_real_answer_with_other_values_get_a_verdict(
    pupil: int, number: int, data: st.DataObject
) -> None:
    log = log_of(pupil, EVERYTHING)
    places = [index for index, event in enumerate(log) if isinstance(event, Answered)]
    place = places[number % len(places)]
    event = log[place]
    assert isinstance(event, Answered)
    answer = event.answer
    if isinstance(answer, dict):
        answer = {key: data.draw(TEXTS) for key in answer}
    elif isinstance(answer, list):
        answer = data.draw(st.permutations(answer))
    elif answer is not None:
        answer = data.draw(TEXTS)
    changed = msgspec.structs.replace(event, answer=answer)
    result = REPLAYER.replay(whole_bank(), [*log[:place], changed, *log[place + 1 :]])
    assert result.identical or result.step in {event.number, event.number + 1}
