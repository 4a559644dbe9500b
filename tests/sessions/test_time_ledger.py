"""The time of a candidate: a fold over events on the session's clock, whatever happens to servers, pages and clocks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from passage_kit import BY, Walk

from exam.errors import ExamError
from exam.session.events import Called, Credited, Held, Resumed, Started, Stopped, TimeAdded, Vetoed
from exam.session.ledger import ALLOWANCE_MS, Ledger, union
from exam.session.time_decisions import (
    decide_add_time,
    decide_credit,
    decide_reinstate,
    decide_stop,
    decide_veto,
)

INSTANTS = st.integers(0, 10_000_000)
INTERVALS = st.lists(st.tuples(INSTANTS, INSTANTS), max_size=12)


def begun(at: int = 0, extra: int = 0) -> Ledger:
    ledger = Ledger()
    ledger.apply(Started(at, ALLOWANCE_MS, extra))
    return ledger


def test_time_runs_from_the_start_and_a_third_more_is_really_added() -> None:
    ledger = begun(extra=33)
    assert ledger.remaining_ms(0) == 105 * 60_000 + 2_079_000
    assert ledger.remaining_ms(60_000) == ledger.remaining_ms(0) - 60_000


def test_a_pause_stops_the_clock_until_the_last_thing_that_stops_it_is_over() -> None:
    ledger = begun()
    for event in (
        Stopped(1000, "pause", BY, ""),
        Stopped(2000, "alert", BY, ""),
        Resumed(5000, "pause", BY, ""),
        Resumed(9000, "alert", BY, ""),
    ):
        ledger.apply(event)
    assert ledger.used_ms(10_000) == 2000


def test_overtime_is_a_negative_remainder_and_nobody_is_cut_off() -> None:
    assert begun().remaining_ms(ALLOWANCE_MS + 5000) == -5000


@given(INTERVALS, st.permutations(range(12)))
def test_what_remains_does_not_depend_on_the_order_of_credits(
    losses: list[tuple[int, int]], order: list[int]
) -> None:
    events = [Credited(0, place + 1, "network", *loss) for place, loss in enumerate(losses)]
    one, other = begun(), begun()
    for event in events:
        one.apply(event)
    for place in order:
        if place < len(events):
            other.apply(events[place])
    assert one.remaining_ms(10_000_000) == other.remaining_ms(10_000_000)


@given(INTERVALS, INSTANTS)
def test_a_credit_never_takes_time_and_never_gives_more_than_was_used(
    losses: list[tuple[int, int]], now: int
) -> None:
    ledger, bare = begun(), begun()
    for place, loss in enumerate(losses):
        ledger.apply(Credited(0, place + 1, "network", *loss))
    assert bare.remaining_ms(now) <= ledger.remaining_ms(now) <= ledger.total_ms


@given(INTERVALS)
def test_the_same_minute_is_given_once_however_often_it_is_credited(losses: list[tuple[int, int]]) -> None:
    once, twice = begun(), begun()
    for place, loss in enumerate(losses):
        once.apply(Credited(0, place + 1, "network", *loss))
        twice.apply(Credited(0, 2 * place + 1, "network", *loss))
        twice.apply(Credited(0, 2 * place + 2, "server", *loss))
    assert once.remaining_ms(10_000_000) == twice.remaining_ms(10_000_000)


@given(st.lists(st.sampled_from(["held", "called", "added"]), max_size=20), INTERVALS)
def test_events_that_are_not_about_a_loss_do_not_change_what_it_gives(
    others: list[str], losses: list[tuple[int, int]]
) -> None:
    ledger, bare, added = begun(), begun(), 0
    for place, loss in enumerate(losses):
        for target in (ledger, bare):
            target.apply(Credited(0, place + 1, "page", *loss))
    for place, other in enumerate(others):
        added += 1000 if other == "added" else 0
        made = {
            "held": Held(5, place, "m", "p"),
            "called": Called(5, wanted=True),
            "added": TimeAdded(5, 1000, BY, "x"),
        }
        ledger.apply(made[other])
    assert ledger.remaining_ms(9_000_000) == bare.remaining_ms(9_000_000) + added


@given(INTERVALS)
def test_a_union_has_the_same_instants_in_intervals_that_do_not_touch(losses: list[tuple[int, int]]) -> None:
    found = union(losses)
    assert all(a[1] < b[0] for a, b in pairwise(found))
    edges = {edge for loss in losses for edge in loss}
    for instant in edges:
        inside = any(start <= instant < end for start, end in losses)
        assert inside == any(start <= instant < end for start, end in found)


def test_a_veto_takes_back_what_the_credit_alone_gave_and_can_be_taken_back() -> None:
    walk = Walk().begun().after(600)
    walk.lose(walk.t - 300_000, walk.t)
    before = walk.remaining_s
    assert walk.passage.ledger.worth_ms(1) == 300_000
    walk.take(decide_veto(walk.passage, 1, BY, "a débranché le câble", walk.t))
    assert walk.remaining_s == before - 300
    walk.take(decide_reinstate(walk.passage, 1, BY, walk.t))
    assert walk.remaining_s == before


def test_a_loss_that_was_vetoed_is_not_given_again_by_who_sees_it_later() -> None:
    walk = Walk().begun().after(600)
    start, end = walk.t - 100_000, walk.t
    walk.lose(start, end).take(decide_veto(walk.passage, 1, BY, "volontaire", walk.t))
    walk.after(30)
    walk.lose(start - 50_000, end + 20_000)
    assert [loss[:2] for loss in walk.passage.ledger.losses.values()] == [
        (start, end),
        (start - 50_000, start),
        (end, end + 20_000),
    ]


@settings(max_examples=60)
@given(INTERVALS)
def test_what_is_decided_as_lost_is_always_new(losses: list[tuple[int, int]]) -> None:
    walk = Walk().begun().after(12_000)
    for start, end in losses:
        before = walk.passage.ledger.used_ms(walk.t)
        decided = decide_credit(walk.passage, "server", start, end, walk.t)
        gained = sum(one.end - one.start for one in decided if isinstance(one, Credited))
        walk.take(decided)
        assert walk.passage.ledger.used_ms(walk.t) == before - gained
        assert decide_credit(walk.passage, "server", start, end, walk.t) == []


def test_a_short_silence_of_the_network_is_not_a_loss_but_a_restart_of_the_server_is() -> None:
    walk = Walk().begun().after(60)
    assert decide_credit(walk.passage, "network", walk.t - 9_000, walk.t, walk.t) == []
    assert decide_credit(walk.passage, "server", walk.t - 3_000, walk.t, walk.t) != []


def test_nothing_is_credited_for_time_that_was_stopped_anyway() -> None:
    walk = Walk().begun().after(60).pause().after(300).resume().after(60)
    assert decide_credit(walk.passage, "server", walk.t - 350_000, walk.t - 70_000, walk.t) == []


def test_added_time_needs_a_reason_and_a_sound_amount() -> None:
    walk = Walk().begun()
    for ms, reason in ((60_000, " "), (0, "panne"), (-60_000, "panne"), (241 * 60_000, "panne")):
        with pytest.raises(ExamError):
            decide_add_time(walk.passage, ms, BY, reason, walk.t)
    before = walk.remaining_s
    walk.take(decide_add_time(walk.passage, 600_000, BY, "table bancale", walk.t))
    assert walk.remaining_s == before + 600


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["answer", "pause", "report", "lose", "veto", "add"]), max_size=25))
def test_a_restarted_server_folds_the_same_time_and_the_same_state(acts: list[str]) -> None:
    walk = Walk().begun()
    for act in acts:
        walk.after(45)
        if act == "answer":
            walk.answer()
        elif act == "pause":
            walk.pause().after(30).resume()
        elif act == "report":
            walk.report().after(20).rule("dismissed")
        elif act == "lose":
            walk.lose(walk.t - 40_000, walk.t - 5_000)
        elif act == "veto" and any(one.counts for one in walk.passage.ledger.losses.values()):
            credit = next(n for n, one in walk.passage.ledger.losses.items() if one.counts)
            walk.take([Vetoed(walk.t, credit, BY, "x")])
        elif act == "add":
            walk.take(decide_add_time(walk.passage, 60_000, BY, "x", walk.t))
    again = walk.again().passage
    assert again.ledger.remaining_ms(walk.t) == walk.passage.ledger.remaining_ms(walk.t)
    assert (again.state, again.epoch, again.answered) == (
        walk.passage.state,
        walk.passage.epoch,
        walk.passage.answered,
    )
    assert walk.replayed().identical


def test_a_second_stop_of_the_same_kind_is_nothing_new() -> None:
    walk = Walk().begun().pause()
    assert decide_stop(walk.passage, "pause", BY, "", walk.t) == []


def test_the_time_of_a_question_leaves_out_stops_and_losses() -> None:
    walk = Walk().begun().after(20).pause().after(500).resume().after(10)
    walk.lose(walk.t - 4_000, walk.t - 1_000)
    assert walk.passage.spent_ms(1, walk.t) == 27_000
