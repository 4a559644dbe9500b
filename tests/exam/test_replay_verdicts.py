"""A log that was led by the rules replays identically; any other is caught at the step where it parts from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
import pytest
from golden_trails import everything
from hypothesis import given
from hypothesis import strategies as st
from sitting_steps import Lead
from toy_bank import COURSE, toy_bank

from exam.campaign.engines import Engines
from exam.events import Answered, Asked, Carried, Ended, Event, Graded, Held, Opened, Reported, Served, Shared
from exam.replay import Replayer, Step, replay
from exam.simulate import Pupil, simulate

if TYPE_CHECKING:
    from collections.abc import Callable

BANK = toy_bank()
LOG = Lead(BANK).finish("yynpy").log
FULL = everything().log
E = TypeVar("E")


def place(kind: type[E], nth: int = 0) -> int:
    """Return where the nth event of a kind is in the log."""
    return [index for index, event in enumerate(LOG) if isinstance(event, kind)][nth]


def with_event(index: int, **changes: object) -> list[Event]:
    """Return the log with some fields of one event changed."""
    changed = msgspec.structs.replace(LOG[index], **changes)
    return [*LOG[:index], changed, *LOG[index + 1 :]]


def test_a_thousand_invented_pupils_replay_identically() -> None:
    engine, replayer = Engines().engine_for(BANK, COURSE), Replayer()
    for index in range(1000):
        log = simulate(engine, f"p{index}", Pupil.drawn(index.to_bytes(2, "big")))
        result = replayer.replay(BANK, log)
        assert result.identical, (index, result)
        assert result.shared == log[-1]


def test_every_beginning_of_a_log_replays_until_it_stops_in_the_middle_of_a_decision() -> None:
    whole = {
        index + 1 for index, event in enumerate(FULL) if not isinstance(event, Opened | Answered | Graded)
    }
    for count in range(1, len(FULL) + 1):
        result = replay(BANK, FULL[:count])
        assert (result.identical, result.code) == ((True, "") if count in whole else (False, "missing_event"))


def test_a_replay_tells_each_question_with_its_item_and_outcome() -> None:
    first = replay(BANK, LOG).steps[0]
    assert first.expected_item == first.found_item == LOG[1].item  # type: ignore[union-attr]  # a question is asked first
    assert (first.number, first.skill, first.competence, first.outcome) == (1, "mail-2", "2.1", "ok")
    assert {step.verdict for step in replay(BANK, LOG).steps} == {"identical"}


def test_the_steps_of_a_replay_can_be_kept_as_json_and_read_back() -> None:
    steps = replay(BANK, LOG).steps
    assert msgspec.json.decode(msgspec.json.encode(steps), type=list[Step]) == steps


CHANGES: list[tuple[str, Callable[[], list[Event]], str, int]] = [
    ("item", lambda: with_event(place(Asked, 3), item="mail-1-a"), "wrong_item", 4),
    ("skill", lambda: with_event(place(Asked, 3), skill="mail-1"), "wrong_skill", 4),
    ("level", lambda: with_event(place(Asked, 3), level=8), "wrong_level", 4),
    ("language", lambda: with_event(place(Asked, 3), lang="xx"), "wrong_language", 4),
    ("number", lambda: with_event(place(Asked, 3), number=9), "wrong_number", 4),
    ("grade", lambda: with_event(place(Graded, 2), outcome="ok"), "wrong_grade", 3),
    ("answer", lambda: with_event(place(Answered, 1), answer="no"), "wrong_grade", 2),
    ("answered number", lambda: with_event(place(Answered, 1), number=1), "unexpected_event", 2),
    ("answer of another shape", lambda: with_event(place(Answered, 1), answer=["no"]), "bad_answer", 2),
    ("negative time", lambda: with_event(place(Answered, 1), spent_ms=-5), "bad_answer", 2),
    ("seed", lambda: with_event(0, participation="someone else"), "wrong_item", 8),
    ("bank", lambda: with_event(0, bank="0" * 64), "wrong_bank", 0),
    ("engine", lambda: with_event(0, engine="campaign/0"), "wrong_engine", 0),
    ("course", lambda: with_event(0, course="nowhere"), "unknown_course", 0),
    ("nobody", lambda: with_event(0, participation=""), "wrong_opening", 0),
    ("shared count", lambda: with_event(place(Shared), validated=30), "wrong_share", 13),
    ("shared badge", lambda: with_event(place(Shared), badges=["half", "letters", "x"]), "wrong_share", 13),
    ("early end", lambda: [*LOG[: place(Asked, 4)], Ended("complete")], "wrong_end", 5),
    (
        "late question",
        lambda: [*LOG[: place(Ended)], Asked(14, "mail-1-a", "mail-1", 1, "fr")],
        "wrong_end",
        14,
    ),
    ("early sharing", lambda: [*LOG[: place(Asked, 4) + 1], LOG[-1]], "unexpected_event", 5),
    ("sharing twice", lambda: [*LOG, LOG[-1]], "unexpected_event", 13),
    ("opened twice", lambda: [*LOG[:2], *LOG], "unexpected_event", 1),
    ("no opening", lambda: LOG[1:], "missing_event", 0),
    ("nothing", list, "missing_event", 0),
    ("dropped grade", lambda: LOG[: place(Graded)] + LOG[place(Graded) + 1 :], "unexpected_event", 1),
    ("exchanged order", lambda: [*LOG[:2], LOG[3], LOG[2], *LOG[4:]], "unexpected_event", 1),
    ("wrong epoch", lambda: [*LOG[:2], Held(2, "login"), *LOG[2:]], "wrong_epoch", 1),
    ("time of an untimed question", lambda: [*LOG[:2], Served(1), *LOG[2:]], "unexpected_event", 1),
    ("report of a later question", lambda: [*LOG[:2], Reported(2, "x"), *LOG[2:]], "unexpected_event", 1),
    ("nothing carried", lambda: [*LOG[:2], Carried([]), *LOG[2:]], "unexpected_event", 1),
    ("prior twice", lambda: with_event(0, prior=[("a", "validated", "direct")] * 2), "wrong_opening", 0),
]


@pytest.mark.parametrize(
    ("log", "code", "step"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES]
)
def test_a_changed_log_is_caught_at_its_step(log: Callable[[], list[Event]], code: str, step: int) -> None:
    result = replay(BANK, log())
    assert (result.identical, result.code, result.step) == (False, code, step)
    assert result.shared is None


def test_a_wrong_item_is_shown_beside_the_right_one() -> None:
    index = place(Asked, 3)
    result = replay(BANK, with_event(index, item="mail-1-a"))
    right = LOG[index]
    assert isinstance(right, Asked)
    assert (result.expected, result.found, result.event) == (right.item, "mail-1-a", index)
    step = result.steps[3]
    assert (step.expected_item, step.found_item, step.verdict) == (right.item, "mail-1-a", "differs")
    assert {step.verdict for step in result.steps[4:]} == {"not_reached"}


def test_another_sitting_on_another_bank_is_told_apart() -> None:
    assert replay(toy_bank("mail 2.1: 1 2"), LOG).code == "wrong_bank"


EVENTS = st.sampled_from(FULL + LOG)


@given(st.lists(EVENTS, max_size=30), st.integers(0, len(FULL)))
def test_any_sequence_of_events_gets_a_verdict(events: list[Event], kept: int) -> None:
    result = replay(BANK, FULL[:kept] + events)
    assert result.identical == (result.code == "") == (result.step is None)


@given(st.data())
def test_any_event_dropped_doubled_or_moved_is_noticed(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(LOG) - 1))
    other = data.draw(st.integers(0, len(LOG) - 2))
    dropped = LOG[:index] + LOG[index + 1 :]
    moved = [*dropped[:other], LOG[index], *dropped[other:]]
    doubled = [*LOG[: other + 1], LOG[other], *LOG[other + 1 :]]
    assert moved == LOG or not replay(BANK, moved).identical
    assert not replay(BANK, doubled).identical
    # Without its last event, the sharing, a log is only shorter.
    assert index == len(LOG) - 1 or not replay(BANK, dropped).identical


RANDOM_EVENTS = st.one_of(
    *(st.from_type(kind) for kind in (Opened, Asked, Answered, Graded, Carried, Held, Reported))
)


@given(st.lists(RANDOM_EVENTS, max_size=5), st.integers(0, len(FULL)))
def test_hostile_events_get_a_verdict_and_no_exception(events: list[Event], kept: int) -> None:
    replay(BANK, FULL[:kept] + events)
