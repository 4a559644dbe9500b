"""What follows from each act of a sitting, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sitting_steps import Lead
from toy_bank import COURSE, TIMER, toy_bank

from exam.campaign.engine import ENGINE, CampaignEngine
from exam.decisions import (
    decide_answer,
    decide_carry,
    decide_hold,
    decide_open,
    decide_report,
    decide_serve,
    decide_share,
)
from exam.errors import (
    AlreadyFinished,
    AlreadyShared,
    BadAnswer,
    BadReport,
    ExamError,
    NotFinished,
    NotOpened,
    WrongBank,
    WrongNumber,
)
from exam.events import Answered, Asked, Carried, Ended, Graded, Held, Opened, Reported, Served
from exam.sitting import Sitting, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam.events import Known

SHORT = toy_bank("mail 2.1: 1 2 3")
TIMED = toy_bank("mail 2.1: 2t")


def test_opening_tells_bank_engine_and_what_is_known_then_asks() -> None:
    engine = CampaignEngine(SHORT, COURSE)
    prior: list[Known] = [("mail-3", "invalidated", "direct"), ("mail-1", "validated", "inferred")]
    opened, asked = decide_open(engine, "p", "c", prior, "en")
    assert opened == Opened("p", "c", COURSE, SHORT.digest, ENGINE, sorted(prior))
    assert asked == Asked(1, "mail-2-a", "mail-2", 2, "en")


def test_a_pupil_who_knows_everything_is_asked_nothing_and_may_share() -> None:
    lead = Lead(SHORT, prior=[(skill, "validated", "direct") for skill in SHORT.skills])
    assert lead.log[1:] == [Ended("complete")]
    assert decide_share(lead.sitting)[0].validated == 3  # type: ignore[union-attr]  # sharing gives a Shared


def test_an_unknown_language_falls_back_on_the_banks_first() -> None:
    asked = decide_open(CampaignEngine(SHORT, COURSE), "p", "c", [], "xx")[1]
    assert isinstance(asked, Asked)
    assert asked.lang == "fr"


def test_an_answer_is_kept_graded_and_followed_by_the_next_question() -> None:
    lead = Lead(SHORT)
    answered, graded, asked = lead.answer("yes", spent_ms=1234, lang="en")
    assert answered == Answered(1, "key-1", "yes", 1234)
    assert graded == Graded(1, "ok")
    assert asked == Asked(2, "mail-3-a", "mail-3", 3, "en")


def test_the_last_answer_is_followed_by_the_end() -> None:
    lead = Lead(SHORT)
    lead.answer("yes")
    assert lead.answer("no")[-1] == Ended("complete")
    assert lead.sitting.finished


@pytest.mark.parametrize(
    ("answer", "spent_ms", "outcome"),
    [
        ("yes", TIMER * 1000, "ok"),
        ("yes", TIMER * 1000 + 1, "timed_out"),
        ("no", TIMER * 1000 + 1, "ko"),
        (None, 0, "skipped"),
    ],
)
def test_only_a_right_answer_in_time_validates(answer: str | None, spent_ms: int, outcome: str) -> None:
    lead = Lead(TIMED)
    lead.answer(answer, spent_ms=spent_ms)
    assert lead.sitting.outcomes == {1: outcome}
    expected = "validated" if outcome == "ok" else "invalidated"
    assert lead.sitting.settled_here() == [("mail-2", expected, "direct")]


def test_a_resent_answer_is_recognised_by_its_number_and_key() -> None:
    lead = Lead(SHORT)
    lead.answer()
    assert lead.sitting.is_resend(1, "key-1")
    assert not lead.sitting.is_resend(1, "key-2")
    assert not lead.sitting.is_resend(2, "key-1")


@pytest.mark.parametrize(
    ("number", "key", "answer", "spent_ms", "refusal"),
    [
        (0, "k", "yes", 0, WrongNumber),
        (2, "k", "yes", 0, WrongNumber),
        (1, "", "yes", 0, BadAnswer),
        (1, "k" * 65, "yes", 0, BadAnswer),
        (1, "k", "yes", -1, BadAnswer),
        (1, "k", "maybe", 0, BadAnswer),
        (1, "k", ["yes"], 0, BadAnswer),
    ],
)
def test_a_wrong_answer_to_the_door_is_refused_and_changes_nothing(
    number: int, key: str, answer: str | list[str], spent_ms: int, refusal: type[ExamError]
) -> None:
    lead = Lead(SHORT)
    with pytest.raises(refusal):
        decide_answer(lead.sitting, number, key, answer, spent_ms, "fr")
    assert (lead.sitting.number, lead.sitting.answered, lead.sitting.keys) == (1, 0, {})


def test_nothing_is_answered_after_the_end_and_nothing_at_all_after_sharing() -> None:
    lead = Lead(SHORT).finish("y")
    acts: list[Callable[[], object]] = [
        lambda: decide_answer(lead.sitting, 2, "k", "yes", 0, "fr"),
        lambda: decide_hold(lead.sitting, "login"),
        lambda: decide_report(lead.sitting, 1, "picture"),
        lambda: decide_carry(lead.sitting, []),
        lambda: decide_serve(lead.sitting, 2),
        lambda: decide_share(lead.sitting),
    ]
    for act in acts:
        with pytest.raises(AlreadyShared):
            act()
    unshared = fold(lead.sitting.engine, lead.log[:-1])
    with pytest.raises(AlreadyFinished):
        decide_answer(unshared, 2, "k", "yes", 0, "fr")


def test_results_are_shared_only_when_nothing_is_left_to_ask() -> None:
    with pytest.raises(NotFinished):
        decide_share(Lead(SHORT).sitting)


def test_a_sitting_nobody_opened_decides_nothing() -> None:
    sitting = Sitting(CampaignEngine(SHORT, COURSE))
    with pytest.raises(NotOpened):
        decide_hold(sitting, "login")
    with pytest.raises(NotOpened):
        fold(sitting.engine, [])


def test_a_sitting_of_another_bank_is_refused() -> None:
    with pytest.raises(WrongBank):
        fold(CampaignEngine(TIMED, COURSE), Lead(SHORT).log)


def test_each_page_that_takes_the_sitting_raises_its_epoch() -> None:
    lead = Lead(SHORT)
    assert lead.take(decide_hold(lead.sitting, "a")) == [Held(1, "a")]
    assert lead.take(decide_hold(lead.sitting, "b")) == [Held(2, "b")]
    assert lead.sitting.epoch == 2


def test_the_time_of_a_timed_question_starts_once_and_that_of_others_never() -> None:
    lead = Lead(TIMED)
    assert lead.take(decide_serve(lead.sitting, 1)) == [Served(1)]
    assert decide_serve(lead.sitting, 1) == []
    assert decide_serve(Lead(SHORT).sitting, 1) == []
    with pytest.raises(WrongNumber):
        decide_serve(lead.sitting, 2)


def test_a_problem_is_reported_about_a_question_already_asked() -> None:
    lead = Lead(SHORT)
    assert decide_report(lead.sitting, 1, "picture") == [Reported(1, "picture")]
    with pytest.raises(WrongNumber):
        decide_report(lead.sitting, 2, "picture")
    for category in ("", "Not A Word", "x" * 41):
        with pytest.raises(BadReport):
            decide_report(lead.sitting, 1, category)


def test_skills_settled_elsewhere_are_carried_in_and_not_asked() -> None:
    lead = Lead(SHORT)
    found: list[Known] = [("mail-3", "validated", "direct"), ("other-1", "validated", "direct")]
    assert lead.take(decide_carry(lead.sitting, found)) == [Carried([("mail-3", "validated", "direct")])]
    assert decide_carry(lead.sitting, found) == []
    assert lead.answer("yes")[-1] == Ended("complete")
    assert [skill for skill, _, _ in lead.sitting.settled_here()] == ["mail-1", "mail-2"]


def test_nothing_is_carried_into_a_finished_sitting() -> None:
    lead = Lead(toy_bank("mail 2.1: 1", "hard 1.1: 8"))
    lead.answer("no")
    assert lead.sitting.finished
    assert decide_carry(lead.sitting, [("hard-8", "validated", "direct")]) == []


def test_an_answer_on_a_skill_carried_in_meanwhile_is_graded_and_teaches_nothing() -> None:
    lead = Lead(SHORT)
    lead.take(decide_carry(lead.sitting, [("mail-2", "validated", "direct")]))
    lead.answer("no")
    assert lead.sitting.outcomes == {1: "ko"}
    assert lead.sitting.settled_here() == []
    assert lead.sitting.current is not None


def test_a_checkpoint_comes_before_every_sixth_question() -> None:
    lead = Lead()
    due, positions = [], []
    while not lead.sitting.finished:
        positions.append(lead.sitting.position)
        if lead.sitting.checkpoint_due:
            due.append(lead.sitting.number)
        lead.answer("no" if lead.sitting.number % 3 else "yes")
    assert due == [6, 11]
    assert positions[:7] == [1, 2, 3, 4, 5, 1, 2]


def test_level_two_is_reported_until_something_is_answered() -> None:
    lead = Lead(SHORT)
    assert lead.sitting.level == 4
    lead.answer("yes")
    assert lead.sitting.level == 9


def test_folding_the_log_gives_back_the_sitting() -> None:
    lead = Lead()
    for answer in ("yes", "no", None, "yes"):
        lead.answer(answer)
    again = fold(lead.sitting.engine, lead.log)
    assert again.current == lead.sitting.current
    assert decide_answer(again, 5, "k", "yes", 0, "fr") == decide_answer(lead.sitting, 5, "k", "yes", 0, "fr")
