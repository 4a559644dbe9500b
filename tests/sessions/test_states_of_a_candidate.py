"""Which acts are possible where a candidate stands, and what central finds of a whole passage."""

from __future__ import annotations

import msgspec
import pytest
from passage_kit import BY, Walk

from exam.certification.events import Answered, EndReason, Withdrawn
from exam.errors import AlreadyFinished, ExamError, NotFinished
from exam.session import decisions as d
from exam.session import time_decisions as times
from exam.session.acts import ACTS, NotNow, offered
from exam.session.attempt import fold_passage, read_event
from exam.session.events import Credited, Held, Resumed
from exam.session.incidents import CATEGORIES, alert_reasons, check_incident
from exam.session.passage import STATES
from exam.session.replay import replay_room


def test_every_state_of_the_table_of_acts_is_a_state() -> None:
    assert {state for rule in ACTS.values() for state in rule.states} <= set(STATES)


def test_a_candidate_comes_in_waits_is_admitted_and_begins() -> None:
    walk, seen = Walk(), [Walk().passage.state]
    seen.append(walk.at_the_door().passage.state)
    seen.append(walk.take(d.decide_admit(walk.passage, BY, walk.t)).passage.state)
    seen.append(Walk().begun().passage.state)
    assert seen == ["registered", "waiting", "admitted", "in_progress"]


def test_nobody_begins_before_being_admitted() -> None:
    walk = Walk().at_the_door()
    with pytest.raises(NotNow):
        d.decide_start(
            walk.attempt,
            "p",
            "s",
            walk.t,
            allowance_ms=1,
            extra_percent=0,
            adjusted=False,
            lang="fr",
        )


def test_an_admission_can_be_taken_back_until_it_is_used() -> None:
    walk = Walk().at_the_door()
    walk.take(d.decide_admit(walk.passage, BY, walk.t))
    walk.take(d.decide_cancel_admission(walk.passage, BY, walk.t))
    assert walk.passage.state == "waiting"
    with pytest.raises(NotNow):
        d.decide_cancel_admission(Walk().begun().passage, BY, 0)


def test_who_is_turned_away_may_come_again() -> None:
    walk = Walk().at_the_door()
    walk.take(d.decide_turn_away(walk.passage, BY, "pas la bonne personne", walk.t))
    assert walk.passage.state == "registered"
    assert walk.at_the_door().passage.state == "waiting"


def test_no_answer_is_taken_while_something_stops_the_candidate() -> None:
    for stopped in (Walk().begun().pause(), Walk().begun().report()):
        with pytest.raises(ExamError):
            stopped.answer()


def test_a_validated_report_gives_another_question_under_the_same_number() -> None:
    walk = Walk().begun().answer().answer()
    item = walk.attempt.sitting.current
    walk.report().after(120)
    before = walk.remaining_s
    walk.rule("validated")
    replacement = walk.attempt.sitting.current
    assert item is not None
    assert replacement is not None
    assert (replacement.number, walk.passage.state) == (item.number, "in_progress")
    assert replacement.item != item.item
    assert walk.remaining_s == before
    assert walk.answer().replayed().identical


def test_a_dismissed_report_gives_the_same_question_back() -> None:
    walk = Walk().begun().report()
    item = walk.attempt.sitting.current
    walk.after(60).rule("dismissed")
    assert walk.attempt.sitting.current == item
    assert walk.passage.state == "in_progress"


def test_who_left_the_seat_comes_back_once_allowed_and_the_time_went_on() -> None:
    walk = Walk().begun()
    before = walk.remaining_s
    walk.take(d.decide_leave(walk.passage, walk.t)).after(180)
    assert walk.passage.state == "left"
    with pytest.raises(NotNow):
        d.decide_return(walk.passage, walk.t)
    walk.take(d.decide_allow_resume(walk.passage, BY, walk.t))
    walk.take(d.decide_return(walk.passage, walk.t))
    assert (walk.passage.state, walk.remaining_s) == ("in_progress", before - 180)


def test_another_machine_has_the_same_question_and_the_old_one_is_fenced() -> None:
    walk = Walk().begun().answer()
    item, old = walk.attempt.sitting.current, walk.passage.epoch
    walk.take(d.decide_move(walk.passage, "m-8", BY, "écran noir", walk.t))
    assert (walk.passage.state, walk.passage.machine) == ("moved", "m-8")
    walk.take(d.decide_hold(walk.passage, "m-8", "page2", walk.t))
    assert walk.passage.state == "in_progress"
    assert walk.attempt.sitting.current == item
    assert walk.passage.epoch > old + 1


def test_a_whole_passage_with_everything_in_it_is_verified() -> None:
    walk = Walk(extra_percent=33).begun()
    walk.answer().report().after(60).rule("validated").answer(None)
    walk.pause().after(100).resume().lose(walk.t - 5000, walk.t, "server").answer()
    walk.take(times.decide_stop(walk.passage, "lockdown", "server", "extension", walk.t)).after(5)
    walk.take(times.decide_resume(walk.passage, "lockdown", BY, "réactivée", walk.t))
    while walk.attempt.sitting.current is not None:
        walk.answer()
    found = walk.replayed()
    assert found.identical, found
    assert found.certification.questions == 32
    assert walk.passage.state == "ended"


@pytest.mark.parametrize("why", ["supervisor", "finalised", "expired"])
def test_an_early_end_is_verified_and_its_reason_is_given_without_the_bank(why: EndReason) -> None:
    walk = Walk().begun().answer()
    with pytest.raises(NotFinished):
        d.decide_abandon(walk.passage, "candidate")
    walk.take(d.decide_end(walk.attempt, why, BY, "malade", walk.t))
    walk.take(d.decide_abandon(fold_passage(walk.chain), "candidate"))
    assert walk.replayed().identical
    assert fold_passage(walk.chain).ended == why


def test_a_complete_passage_has_no_abandonment() -> None:
    walk = Walk().begun()
    while walk.attempt.sitting.current is not None:
        walk.answer()
    with pytest.raises(AlreadyFinished):
        d.decide_abandon(walk.passage, "technical")


def test_a_candidate_who_never_began_has_a_chain_that_holds() -> None:
    assert replay_room(Walk().at_the_door().chain).identical


def test_central_names_what_was_changed_in_a_chain() -> None:
    walk = Walk().begun().answer().pause().after(60).resume().answer()
    spots = {type(event): place for place, event in enumerate(walk.chain)}
    answered = walk.chain[spots[Answered]]
    assert isinstance(answered, Answered)
    faults = {}
    for name, place, event in (
        ("wrong_spent_ms", spots[Answered], msgspec.structs.replace(answered, spent_ms=1)),
        ("not_stopped", spots[Resumed], Resumed(walk.t - 60_000, "lockdown", BY, "")),
        ("wrong_epoch", spots[Held], Held(60_000, 9, "m-7", "page")),
    ):
        walk_chain = [*walk.chain]
        walk_chain[place] = event
        forged = Walk()
        forged.chain = walk_chain
        faults[name] = forged.replayed().code
    assert faults == {name: name for name in faults}


def test_a_credit_from_nowhere_or_a_clock_that_goes_back_is_named() -> None:
    walk = Walk().begun().answer()
    for event, code in (
        (Credited(walk.t, 1, "server", walk.t, walk.t + 60_000), "wrong_loss"),
        (Credited(walk.t, 7, "server", 0, 10), "wrong_credit"),
        (Credited(1, 1, "server", 0, 1), "clock_went_back"),
    ):
        forged = Walk()
        forged.chain = [*walk.chain, event]
        assert forged.replayed().code == code


def test_screens_are_offered_what_makes_sense_now() -> None:
    walk = Walk().begun()
    assert "pause" in offered(walk.passage, "supervisor")
    assert "resume" not in offered(walk.passage, "supervisor")
    assert "rule" in offered(walk.report().passage, "supervisor")


def test_a_report_taken_back_gives_the_same_question_and_the_clock_goes_on() -> None:
    walk = Walk().begun().answer().after(10).report()
    asked, left = walk.attempt.sitting.current, walk.remaining_s
    walk.after(95).take_back()
    assert (walk.passage.state, walk.attempt.sitting.current, walk.remaining_s) == (
        "in_progress",
        asked,
        left,
    )
    assert walk.passage.taken_back == [(2, 95_000)]
    walk.answer().report().rule("dismissed").answer()
    assert walk.replayed().identical
    assert walk.again().passage.taken_back == [(2, 95_000)]


def test_a_report_is_taken_back_only_while_nobody_has_ruled() -> None:
    walk = Walk().begun()
    with pytest.raises(NotNow):
        walk.take_back()
    walk.report().rule("dismissed")
    with pytest.raises(NotNow):
        walk.take_back()


def test_central_names_a_report_said_to_be_taken_back_that_was_never_made() -> None:
    walk = Walk().begun().answer()
    walk.chain.append(Withdrawn(2))
    found = walk.replayed()
    assert (found.identical, found.code, found.expected) == (False, "refused", "certification.no_alert")


def test_every_event_is_read_back_from_its_json() -> None:
    walk = Walk().begun().answer().report().take_back().report().rule("validated")
    for event in walk.chain:
        assert read_event(msgspec.json.encode(event)) == event


def test_incidents_say_what_their_category_needs() -> None:
    assert alert_reasons(picture=True, simulator=False, document=False, focus=False)[0] == "E1"
    for code, text, number, candidate in (
        ("Z9", "x", None, True),
        ("C1", " ", None, True),
        ("E1", "", None, True),
        ("E1", "", 501, True),
        ("C6", "", None, False),
    ):
        with pytest.raises(ExamError):
            check_incident(code, text, number, candidate=candidate)
    assert check_incident("C6", "", None, candidate=True).impactful
    assert len(CATEGORIES) == 23
