from __future__ import annotations

import numpy as np
import pytest
from certification_kit import Lead, keeps_every_rule, reference_engine, small_bank, small_engine
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.certification.eligibility import ALWAYS, NEVER, draw_lots, everything, thresholds
from exam.certification.engine import CertificationEngine
from exam.certification.parameters import Parameters
from exam.certification.posterior import PRIOR, at_share, deviation_milli, mean_milli
from exam.certification.rules import EASY_START, LENGTH, SEGMENTS
from exam.certification.tables import POINT_MILLI, compile_tables

EVENTS = st.lists(st.sampled_from("yyynnnpfww"), min_size=60, max_size=60)


def lead_through(lead: Lead, said: list[str], *, most_alerts: int = 40) -> Lead:
    """Answer until the end, repeating the pattern; w reports the question and has it withdrawn."""
    place = 0
    while lead.sitting.current is not None:
        one = said[place % len(said)]
        if one == "w" and lead.sitting.alerts < most_alerts:
            lead.withdraw()
        else:
            lead.answer("n" if one == "w" else one)
        place += 1
    return lead


def counts(lead: Lead) -> tuple[int, ...]:
    return lead.sitting.at.counts


@settings(max_examples=25, deadline=None)
@given(EVENTS, st.integers(0, 10**9))
def test_any_sitting_on_a_full_bank_ends_complete_and_breaks_no_rule(said: list[str], who: int) -> None:
    lead = lead_through(Lead(reference_engine(), f"p{who}"), said)
    assert lead.sitting.ended is not None
    assert lead.sitting.ended.reason == "complete"
    assert counts(lead) == (2,) * 16
    assert keeps_every_rule(reference_engine(), lead.sitting.at.given)


@pytest.mark.parametrize("said", ["y", "n", "p", "f", "yn", "nnyy"])
def test_one_pattern_of_answers_throughout_ends_after_32(said: str) -> None:
    for engine in (reference_engine(), reference_engine("open"), small_engine()):
        lead = lead_through(Lead(engine), [*said])
        assert (lead.sitting.answered, counts(lead)) == (LENGTH, (2,) * 16)
        assert keeps_every_rule(engine, lead.sitting.at.given)


@settings(max_examples=25, deadline=None)
@given(EVENTS, st.integers(0, 10**9))
def test_a_small_bank_under_alerts_never_repeats_and_says_which_rule_gave_way(
    said: list[str], who: int
) -> None:
    engine = small_engine()
    lead = lead_through(Lead(engine, f"p{who}"), said, most_alerts=80)
    assert lead.sitting.ended is not None
    assert keeps_every_rule(engine, lead.sitting.at.given)
    over = sum(max(0, count - 2) for count in counts(lead))
    relaxed = [event.relaxed for event in lead.log if hasattr(event, "relaxed")]
    assert (over > 0) <= (2 in relaxed)
    if lead.sitting.ended.reason == "exhausted":
        assert not lead.sitting.at.clear.any()


def test_a_withdrawn_question_never_comes_back_nor_its_skill() -> None:
    items = [
        Parameters(one.id, one.a, one.b, one.competence, one.topic, f"skill-{one.topic}-{place % 2}")
        for place, one in enumerate(small_bank(items=4))
    ]
    tables = compile_tables(items)
    engine = CertificationEngine(tables, everything(tables))
    lead = Lead(engine)
    first = lead.sitting.current
    assert first is not None
    lead.withdraw()
    again = lead.sitting.current
    assert again is not None
    assert (again.number, lead.sitting.answered) == (1, 0)
    lead_through(lead, ["y"])
    gone = items[[item.id for item in items].index(first.item)].skill
    assert gone not in {tables.items[item].skill for item, _ in lead.sitting.at.given}


def test_a_bank_whose_every_item_is_withdrawn_ends_exhausted() -> None:
    lead = lead_through(Lead(small_engine()), ["w"], most_alerts=10_000)
    assert lead.sitting.ended is not None
    assert (lead.sitting.ended.reason, lead.sitting.answered) == ("exhausted", 0)


def test_an_exhausted_competence_is_replaced_by_another_and_logged() -> None:
    items = [item for item in small_bank(4) if item.competence != "c03" or item.topic == "c03t0"]
    tables = compile_tables(items)
    engine = CertificationEngine(tables, everything(tables))
    lead = lead_through(Lead(engine), ["y", "n"])
    assert lead.sitting.answered == LENGTH
    assert sorted(counts(lead)) == [1] + [2] * 14 + [3]
    assert [event.relaxed for event in lead.log if hasattr(event, "relaxed")].count(2) == 1


def test_without_eligible_items_eligibility_gives_way_first() -> None:
    tables = small_engine().tables
    closed = thresholds(tables, np.zeros((SEGMENTS, tables.count), dtype=np.uint32))
    lead = lead_through(Lead(CertificationEngine(tables, closed)), ["n", "y"])
    assert counts(lead) == (2,) * 16
    assert {event.relaxed for event in lead.log if hasattr(event, "relaxed")} == {1}


def test_adjusted_items_go_to_those_who_need_them_and_to_nobody_else() -> None:
    items = small_bank(4, adjusted=2)
    ordinary = {item.id for item in items if item.access == "adjusted"}
    tables = compile_tables(items)
    engine = CertificationEngine(tables, everything(tables))
    assert not ordinary & set(lead_through(Lead(engine), ["y", "n"]).items())
    assert ordinary & set(lead_through(Lead(engine, adjusted=True), ["y", "n"]).items())


def test_items_that_are_not_accessible_stay_away_from_adjusted_sittings() -> None:
    items = [
        Parameters(one.id, one.a, one.b, one.competence, one.topic, one.skill, (), "ordinary")
        if one.topic.endswith("t0")
        else one
        for one in small_bank(4)
    ]
    tables = compile_tables(items)
    lead = lead_through(Lead(CertificationEngine(tables, everything(tables)), adjusted=True), ["n", "y"])
    assert not [item for item in lead.items() if "t0" in item]


def test_a_choice_is_the_first_allowed_item_of_the_order() -> None:
    engine = reference_engine()
    at = engine.start(bytes(range(32)))
    while (choice := engine.choose(at)) is not None:
        cell = min(max((choice.ability + 4005) // 10, 0), 800)
        allowed = np.flatnonzero(engine.allowed(at, choice.segment))
        info = engine.tables.information[cell]
        assert choice.item == min(allowed.tolist(), key=lambda item: (-int(info[item]), item))
        engine.answer(at, choice.item, right=at.answered % 3 > 0)


def test_the_first_questions_are_chosen_as_for_a_beginner_and_the_score_ignores_it() -> None:
    engine = reference_engine()
    at = engine.start(bytes(32))
    for bound in EASY_START:
        choice = engine.choose(at)
        assert choice is not None
        assert choice.ability <= bound
        engine.answer(at, choice.item, right=True)
    log = PRIOR + sum(engine.tables.log_right[item] for item, _ in at.given)
    assert at.ability == mean_milli(log)


@given(st.binary(min_size=32, max_size=32))
def test_no_two_eligible_items_are_enemies(seed: bytes) -> None:
    tables = reference_engine().tables
    lots = draw_lots(tables, seed)
    met = lots <= ALWAYS
    assert not any(
        met[tables.index[item.id]] and met[tables.index[e]] for item in tables.items for e in item.enemies
    )
    assert (lots == NEVER).sum() >= 100


def test_another_participation_is_led_through_other_items() -> None:
    paths = [tuple(lead_through(Lead(reference_engine(), f"p{who}"), ["y", "n"]).items()) for who in range(8)]
    assert len(set(paths)) == 8


def test_the_estimate_is_the_posterior_mean_in_whole_numbers() -> None:
    engine = reference_engine()
    at = engine.start(bytes(32))
    for said in (True, True, False, True, False, False, True):
        choice = engine.choose(at)
        assert choice is not None
        engine.answer(at, choice.item, right=said)
    theta = POINT_MILLI / 1000
    weight = np.exp((at.log - at.log.max()) / 2**20)
    mean = float((weight * theta).sum() / weight.sum())
    deviation = float(np.sqrt((weight * (theta - mean) ** 2).sum() / weight.sum()))
    assert abs(at.ability / 1000 - mean) < 0.001
    assert abs(deviation_milli(at.log) / 1000 - deviation) < 0.002
    assert at_share(at.log, 25) < at.ability < at_share(at.log, 975)
