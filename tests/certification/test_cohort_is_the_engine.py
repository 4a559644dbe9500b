from __future__ import annotations

import numpy as np
import pytest
from certification_kit import keeps_every_rule, reference_engine, small_bank, small_engine

from exam.certification.cohort import Cohort
from exam.certification.eligibility import draw_lots, draw_mix
from exam.certification.engine import CertificationEngine
from exam.certification.simulation import content_ok, run
from exam.certification.tables import compile_tables
from exam.certification.tuning import ROUGH, Round, guessed, tune

PEOPLE = 40


def engines() -> dict[str, CertificationEngine]:
    tables = compile_tables([one for one in small_bank(4) if one.competence != "c05" or one.topic == "c05t1"])
    return {
        "precise": reference_engine(),
        "open": reference_engine("open"),
        "small": small_engine(),
        "short": CertificationEngine(tables, guessed(tables, 0.3)),
    }


@pytest.mark.parametrize("name", ["precise", "open", "small", "short"])
def test_many_led_at_once_are_led_as_one_by_one(name: str) -> None:
    engine = engines()[name]
    tables, chance = engine.tables, np.random.default_rng(5)
    seeds = [who.to_bytes(32, "big") for who in range(PEOPLE)]
    lots = np.stack([draw_lots(tables, seed) for seed in seeds])
    mix = np.stack([draw_mix(tables, seed) for seed in seeds])
    cohort = Cohort(tables, engine.eligibility, engine.mode)
    passages = cohort.lead(chance.normal(0, 1.5, PEOPLE), lots, mix, chance.random((PEOPLE, 32)))
    for who, seed in enumerate(seeds):
        at = engine.start(seed)
        for step in range(32):
            choice = engine.choose(at)
            assert choice is not None
            assert choice.item == passages.items[who, step]
            assert (choice.segment, choice.relaxed) == (
                passages.segments[who, step],
                passages.relaxed[who, step],
            )
            engine.answer(at, choice.item, right=bool(passages.right[who, step]))
        assert at.ability == passages.ability[who]


def test_content_is_judged_as_the_rules_say() -> None:
    engine, chance = reference_engine(), np.random.default_rng(5)
    lots = np.stack([draw_lots(engine.tables, who.to_bytes(32, "big")) for who in range(PEOPLE)])
    cohort = Cohort(engine.tables, engine.eligibility)
    passages = cohort.lead(np.zeros(PEOPLE), lots, None, chance.random((PEOPLE, 32)))
    assert content_ok(engine.tables, passages.items).all()
    passages.items[0, 31] = passages.items[0, 0]
    passages.items[1, 31] = -1
    assert content_ok(engine.tables, passages.items).tolist() == [False, False] + [True] * (PEOPLE - 2)
    assert keeps_every_rule(engine, [(int(item), True) for item in passages.items[2]])


def test_tuning_brings_exposure_down_in_every_group_and_repeats_itself() -> None:
    engine = reference_engine()
    rounds = (*[Round(80, 1.2)] * 3, Round(80, 1.2, "averaged"), Round(120, 2.5, "lowering"))
    tuned = [tune(engine.tables, 0.2, np.random.default_rng(3), rounds=rounds) for _ in range(2)]
    assert tuned[0].digest == tuned[1].digest
    loose = CertificationEngine(engine.tables, guessed(engine.tables, 1.0)).eligibility
    held, free = (
        run(engine.tables, one, "precise", 300, 0.0, 1.0, np.random.default_rng(4), 300)
        for one in (tuned[0], loose)
    )
    assert max(held.max_exposure_by_segment) < 0.5 < max(free.max_exposure_by_segment)
    assert held.content_ok == free.content_ok == 1
    assert held.overlap < free.overlap
    assert [one.people for one in ROUGH][:1] == [30]
