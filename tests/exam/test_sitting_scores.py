"""What a sitting adds up to."""

from __future__ import annotations

from sitting_steps import Lead
from toy_bank import BADGES, BANDS, toy_bank

from exam.events import Shared
from exam.rounding import Tally
from exam.scoring import by_competence, by_topic, mastery, progress, remaining

BANK = toy_bank("mail 2.1: 1 2 3", "texts 3.1: 1 2 4", "web 2.1: 2", badges=BADGES, stages=BANDS)


def test_nothing_is_known_at_the_opening() -> None:
    sitting = Lead(BANK).sitting
    assert (mastery(sitting), progress(sitting), remaining(sitting)) == (Tally(0, 7), 0, (3, 7))


def test_progress_counts_what_is_settled_directly_or_not() -> None:
    lead = Lead(toy_bank("mail 2.1: 1 2 3"))
    lead.answer("yes")
    assert (progress(lead.sitting), remaining(lead.sitting)) == (666, (1, 1))
    lead.answer("no")
    assert (progress(lead.sitting), remaining(lead.sitting)) == (1000, (0, 0))


def test_a_sitting_that_ends_before_everything_is_settled_is_complete() -> None:
    lead = Lead(toy_bank("mail 2.1: 1", "hard 1.1: 8"))
    lead.answer("no")
    assert lead.sitting.finished
    assert progress(lead.sitting) == 1000
    assert mastery(lead.sitting) == Tally(0, 2)


def test_topics_keep_the_order_of_the_course_and_give_their_highest_validated_level() -> None:
    lead = Lead(BANK, prior=[("texts-2", "validated", "direct"), ("mail-1", "validated", "direct")])
    found = [(topic.topic, topic.competence, topic.level) for topic in by_topic(lead.sitting)]
    assert found == [("mail", "2.1", 1), ("texts", "3.1", 2), ("web", "2.1", 0)]


def test_competences_gather_their_topics_in_code_order() -> None:
    lead = Lead(BANK, prior=[("texts-2", "validated", "direct"), ("mail-1", "validated", "direct")])
    assert by_competence(lead.sitting) == {"2.1": Tally(1, 4), "3.1": Tally(1, 3)}
    assert list(by_competence(lead.sitting)) == ["2.1", "3.1"]


def test_sharing_sends_the_counts_the_stage_and_the_badges() -> None:
    everything = Lead(BANK).finish("y").log[-1]
    assert everything == Shared(7, 7, 3, [("2.1", 4, 4), ("3.1", 3, 3)], ["half", "letters"])
    nothing = Lead(BANK).finish("n").log[-1]
    assert nothing == Shared(0, 7, 0, [("2.1", 0, 4), ("3.1", 0, 3)], [])


def test_skills_acquired_before_count_in_the_results() -> None:
    known = [("mail-3", "validated", "direct"), ("mail-2", "validated", "inferred")]
    shared = Lead(BANK, prior=known).finish("n").log[-1]  # type: ignore[arg-type]  # the literals widen in a list
    assert isinstance(shared, Shared)
    assert (shared.validated, shared.stage) == (2, 1)
