from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from certification_kit import Lead, reference_engine
from sitting_steps import Lead as CampaignLead

from exam.certification.decisions import (
    AlreadyScored,
    NoAlert,
    UnderAlert,
    decide_abandon,
    decide_alert,
    decide_answer,
    decide_end,
    decide_judge,
    decide_left,
    decide_rule,
    decide_score,
)
from exam.certification.events import Asked, Ended, Graded
from exam.certification.paper import RIGHT, BankPaper, Given
from exam.certification.rehearsal import PAPER
from exam.certification.scale import SCALE
from exam.certification.sitting import CertificationSitting, fold
from exam.errors import (
    AlreadyFinished,
    BadAnswer,
    BadReport,
    ExamError,
    NotFinished,
    NotOpened,
    WrongBank,
    WrongNumber,
)
from exam.grading import solve

if TYPE_CHECKING:
    from collections.abc import Callable


def outcomes(lead: Lead) -> list[str]:
    return [event.outcome for event in lead.log if isinstance(event, Graded)]


def test_only_a_right_answer_given_in_the_window_counts() -> None:
    lead = Lead(reference_engine()).answers("ynpf")
    assert outcomes(lead) == ["ok", "ko", "skipped", "focused_out"]
    assert [right for _, right in lead.sitting.at.given] == [True, False, False, False]


def test_a_window_left_by_the_server_s_word_counts_as_by_the_page_s() -> None:
    lead = Lead(reference_engine())
    lead.take(decide_left(lead.sitting, 1))
    assert decide_left(lead.sitting, 1) == []
    lead.answers("yy")
    assert outcomes(lead) == ["focused_out", "ok"]


def test_a_validated_alert_replaces_the_question_under_its_number() -> None:
    lead = Lead(reference_engine()).answers("yy")
    before = lead.sitting.current
    lead.withdraw()
    after = lead.sitting.current
    assert before is not None
    assert after is not None
    assert (after.number, lead.sitting.answered) == (3, 2)
    assert after.item != before.item
    assert after.ability == before.ability


def test_a_dismissed_alert_leaves_the_question_as_it_was() -> None:
    lead = Lead(reference_engine())
    before = lead.sitting.current
    lead.take(decide_alert(lead.sitting, 1))
    assert decide_alert(lead.sitting, 1) == []
    lead.take(decide_rule(lead.sitting, 1, "dismissed", "", "fr"))
    assert (lead.sitting.current, lead.sitting.alert) == (before, False)


def test_the_thirty_second_answer_ends_the_sitting() -> None:
    lead = Lead(reference_engine()).answers("y" * 32)
    assert lead.log[-1] == Ended("complete")
    assert len([event for event in lead.log if isinstance(event, Asked)]) == 32


def started() -> Lead:
    return Lead(reference_engine()).answers("y")


def alerted() -> Lead:
    lead = started()
    lead.take(decide_alert(lead.sitting, 2))
    return lead


def stopped() -> Lead:
    lead = started()
    lead.take(decide_end(lead.sitting, "expired"))
    return lead


def scored() -> Lead:
    lead = Lead(reference_engine()).answers("y" * 32)
    lead.take(decide_score(lead.sitting))
    return lead


REFUSED: list[tuple[Callable[[], Lead], Callable[[CertificationSitting], object], type[ExamError]]] = [
    (started, lambda s: decide_answer(s, PAPER, 1, "k", RIGHT, 0, "fr"), WrongNumber),
    (started, lambda s: decide_answer(s, PAPER, 2, "", RIGHT, 0, "fr"), BadAnswer),
    (started, lambda s: decide_answer(s, PAPER, 2, "k", RIGHT, -1, "fr"), BadAnswer),
    (started, lambda s: decide_answer(s, PAPER, 2, "k", "maybe", 0, "fr"), BadAnswer),
    (started, lambda s: decide_answer(s, PAPER, 2, "k", ["right"], 0, "fr"), BadAnswer),
    (started, lambda s: decide_rule(s, 2, "validated", "E1", "fr"), NoAlert),
    (started, lambda s: decide_end(s, "complete"), BadReport),
    (started, decide_score, NotFinished),
    (started, lambda s: decide_abandon(s, "technical"), NotFinished),
    (started, lambda s: decide_judge(s, "fraud"), NotFinished),
    (alerted, lambda s: decide_answer(s, PAPER, 2, "k", RIGHT, 0, "fr"), UnderAlert),
    (alerted, lambda s: decide_left(s, 2), UnderAlert),
    (alerted, lambda s: decide_rule(s, 1, "validated", "E1", "fr"), WrongNumber),
    (alerted, lambda s: decide_rule(s, 2, "validated", "", "fr"), BadReport),
    (alerted, lambda s: decide_rule(s, 2, "dismissed", "E1", "fr"), BadReport),
    (alerted, lambda s: decide_rule(s, 2, "perhaps", "E1", "fr"), BadReport),  # type: ignore[arg-type]  # what a page may send
    (stopped, lambda s: decide_judge(s, "mercy"), BadReport),  # type: ignore[arg-type]  # what a page may send
    (stopped, lambda s: decide_answer(s, PAPER, 2, "k", RIGHT, 0, "fr"), AlreadyFinished),
    (stopped, lambda s: decide_alert(s, 2), AlreadyFinished),
    (stopped, lambda s: decide_end(s, "supervisor"), AlreadyFinished),
    (stopped, lambda s: decide_abandon(s, "weather"), BadReport),  # type: ignore[arg-type]  # what a page may send
    (scored, decide_score, AlreadyScored),
    (scored, lambda s: decide_judge(s, "fraud"), AlreadyScored),
    (scored, lambda s: decide_abandon(s, "technical"), AlreadyFinished),
]


@pytest.mark.parametrize(("led", "act", "refusal"), REFUSED)
def test_an_act_out_of_place_is_refused_and_changes_nothing(
    led: Callable[[], Lead], act: Callable[[CertificationSitting], object], refusal: type[ExamError]
) -> None:
    lead = led()
    with pytest.raises(refusal):
        act(lead.sitting)
    assert fold(reference_engine(), SCALE, lead.log).at.ability == lead.sitting.at.ability


def test_nothing_can_be_done_before_the_opening() -> None:
    sitting = CertificationSitting(reference_engine(), SCALE)
    with pytest.raises(NotOpened):
        decide_answer(sitting, PAPER, 1, "k", RIGHT, 0, "fr")
    with pytest.raises(NotOpened):
        fold(reference_engine(), SCALE, [])


def test_a_sitting_of_other_thresholds_is_not_folded() -> None:
    with pytest.raises(WrongBank):
        fold(reference_engine("open"), SCALE, Lead(reference_engine()).log)


def test_the_bank_s_own_items_are_graded_by_their_kinds() -> None:
    bank = CampaignLead().sitting.engine.bank
    paper, item = BankPaper(bank), next(iter(bank.items))
    seed = bytes(32)
    answer = solve(bank, item, seed, "fr")
    paper.check(item, answer)
    left = "focused_out" if bank.items[item].focus else "ok"
    assert paper.grade(Given(item, seed, "fr", answer, 0, left=False)) == "ok"
    assert paper.grade(Given(item, seed, "fr", answer, 0, left=True)) == left
    assert paper.grade(Given(item, seed, "fr", None, 0, left=False)) == "skipped"
