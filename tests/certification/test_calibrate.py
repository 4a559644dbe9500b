from __future__ import annotations

import io
import json
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from certification_kit import reference_engine
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import simpson
from scipy.optimize import minimize

from exam.certification.calibration import Calibration, calibrate
from exam.certification.cohort import Cohort
from exam.certification.parameter_table import TableError
from exam.certification.responses import Responses, make_responses, read_responses
from exam.certification.tuning import led
from kiosk.cli import main

if TYPE_CHECKING:
    from pathlib import Path

# Section 6 of a law school admission test (Bock and Lieberman, 1970): pattern of five answers, number of persons.
SECTION_6 = [
    "00000",
    "3",
    "00001",
    "6",
    "00010",
    "2",
    "00011",
    "11",
    "00100",
    "1",
    "00101",
    "1",
    "00110",
    "3",
    "00111",
    "4",
    "01000",
    "1",
    "01001",
    "8",
    "01011",
    "16",
    "01101",
    "3",
    "01110",
    "2",
    "01111",
    "15",
    "10000",
    "10",
    "10001",
    "29",
    "10010",
    "14",
    "10011",
    "81",
    "10100",
    "3",
    "10101",
    "28",
    "10110",
    "15",
    "10111",
    "80",
    "11000",
    "16",
    "11001",
    "56",
    "11010",
    "21",
    "11011",
    "173",
    "11100",
    "11",
    "11101",
    "61",
    "11110",
    "28",
    "11111",
    "298",
]
PATTERNS = [(pattern, int(count)) for pattern, count in zip(SECTION_6[::2], SECTION_6[1::2], strict=True)]
LINES = [",".join(pattern) for pattern, count in PATTERNS for _ in range(count)]


def section_6() -> Responses:
    return read_responses(LINES)


def test_the_published_optimum_of_section_6_is_found() -> None:
    found = calibrate(section_6())
    assert found.converged
    assert found.log_likelihood == pytest.approx(-2466.653377, abs=1e-5)
    assert found.a == pytest.approx([0.825660, 0.722744, 0.890875, 0.688368, 0.656856], abs=1e-4)
    assert found.b == pytest.approx([-3.358811, -1.370058, -0.279666, -1.866381, -3.125907], abs=1e-4)


THETA = np.linspace(-9, 9, 4001)
DENSITY = np.exp(-(THETA**2) / 2) / np.sqrt(2 * np.pi)


def log_likelihood(parameters: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Integrate the model by Simpson's rule on 4001 points: another rule, other limits, and no whole numbers."""
    slopes, intercepts = parameters[:5, None], parameters[5:, None]
    chance = 1 / (1 + np.exp(-(slopes * THETA + intercepts)))
    total = 0.0
    for pattern, count in PATTERNS:
        right = np.array([[one == "1"] for one in pattern])
        total += count * float(
            np.log(simpson(np.where(right, chance, 1 - chance).prod(axis=0) * DENSITY, x=THETA))
        )
    return total


def test_an_independent_optimiser_finds_nothing_better() -> None:
    found = calibrate(section_6())
    ours = np.concatenate([found.a, -found.b * found.a])
    assert log_likelihood(ours) == pytest.approx(found.log_likelihood, abs=1e-6)
    best = minimize(lambda at: -log_likelihood(at), ours + 0.02, method="BFGS", options={"gtol": 3e-3})
    assert -best.fun <= found.log_likelihood + 1e-6
    assert best.x == pytest.approx(ours, abs=2e-3)


def same(one: Calibration, other: Calibration) -> bool:
    parts = ("a", "b", "se_a", "se_b")
    return one.log_likelihood == other.log_likelihood and all(
        np.array_equal(getattr(one, part), getattr(other, part), equal_nan=True) for part in parts
    )


@pytest.mark.parametrize("shard", [1, 7, 64, 999])
def test_the_number_of_shards_changes_no_bit(shard: int) -> None:
    assert same(calibrate(section_6(), most=12), calibrate(section_6(), shard=shard, most=12))


def test_the_order_of_people_items_and_lines_changes_no_bit() -> None:
    long = [
        f"p{row},i{place},{said}"
        for row, line in enumerate(LINES)
        for place, said in enumerate(line.split(","))
    ]
    random.Random(3).shuffle(long)
    straight = read_responses(["i0,i1,i2,i3,i4", *LINES])
    shuffled = read_responses(["person,item,score", *long])
    assert straight.items == shuffled.items
    assert same(calibrate(straight, most=12), calibrate(shuffled, most=12, shard=100))


def adaptive(people: int) -> Responses:
    engine, chance = reference_engine("open"), np.random.default_rng(8)
    abilities = chance.normal(0, 1, people)
    parts = [
        p for _, p in led(Cohort(engine.tables, engine.eligibility, "open"), abilities, chance, even=False)
    ]
    item = np.concatenate([p.items for p in parts]).astype(np.int64).ravel()
    right = np.concatenate([p.right for p in parts]).astype(np.int64).ravel()
    person = np.repeat(np.arange(people), 32)
    return make_responses([one.id for one in engine.tables.items], person, item, right)


def test_adaptive_answers_give_back_the_parameters_within_their_errors() -> None:
    answers = adaptive(6000)
    found = calibrate(answers, tolerance=1e-3)
    items = {one.id: one for one in reference_engine().tables.items}
    often = np.bincount(answers.item) > 600
    b = np.array([items[name].b / 1e6 for name in found.items])
    a = np.array([items[name].a / 1e6 for name in found.items])
    assert np.sqrt(((found.b - b)[often] ** 2).mean()) < 0.15
    assert np.sqrt(((found.a - a)[often] ** 2).mean()) < 0.2
    inside = np.abs(found.b - b)[often] < 2.5 * found.se_b[often]
    assert inside.mean() > 0.93


def test_an_item_everyone_solved_has_no_standard_error() -> None:
    found = calibrate(read_responses([f"{line},1" for line in LINES]))
    assert found.converged
    assert np.isnan(found.se_b[5])
    assert not np.isnan(found.se_b[:5]).any()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 1)), min_size=1, max_size=30))
def test_what_is_read_is_what_was_written(answers: list[tuple[int, int, int]]) -> None:
    once = {(person, item): score for person, item, score in answers}
    read = read_responses(["item,score,person", *(f"i{i},{s},p{p}" for (p, i), s in once.items())])
    people = np.repeat(np.arange(read.people), np.diff(read.begins))
    assert len(read.item) == len(once)
    assert sorted(zip(np.array(read.items)[read.item], read.right.tolist(), strict=True)) == sorted(
        (f"i{i}", s) for (_, i), s in once.items()
    )
    assert len(set(people.tolist())) == len({p for p, _ in once})


def test_an_empty_cell_is_no_answer() -> None:
    read = read_responses(["person,x,y", "a,1,", "b,,0"])
    assert (read.items, read.item.tolist(), read.right.tolist()) == (("x", "y"), [0, 1], [1, 0])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "line 1"),
        (["person,item,score"], "no answer"),
        (["person,item,score", "p,i,2"], "line 2, score"),
        (["person,item,score", "p,i"], "line 2: 2 fields"),
        (["person,item,score", "p,i,1", ",i,1"], "line 3, person"),
        (["person,item,score", "p,,1"], "line 2, item"),
        (["person,item,score", "p,i,1", "p,i,0"], "twice"),
        (["x,y", "1,7"], "line 2, y"),
        (["x,x", "1,0"], "line 1, x"),
        (["x,y", "1,0,1"], "line 2: 3 fields"),
        (["x,y", ","], "no answer"),
        (["1,0", "1,8"], "line 2, item2"),
    ],
)
def test_a_table_that_cannot_be_read_names_its_line_and_field(lines: list[str], said: str) -> None:
    with pytest.raises(TableError) as refusal:
        read_responses(lines)
    assert said in str(refusal.value)


def test_the_command_prints_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "answers.csv"
    table.write_text("\n".join(LINES))
    assert main(["calibrate", str(table), "--json"]) == 0
    found = json.load(io.StringIO(capsys.readouterr().out))
    assert found["log_likelihood"] == pytest.approx(-2466.653377, abs=1e-5)
    assert [row["item"] for row in found["items"]] == [f"item{place}" for place in range(1, 6)]
    assert set(found["items"][0]) == {"item", "a", "b", "se_a", "se_b"}
    assert main(["calibrate", str(table)]) == 0
    assert "log-likelihood -2466.653" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"), [("person,item,score\np,i,5\n", "line 2, score"), (None, "cannot be read")]
)
def test_the_command_says_what_is_wrong_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    table = tmp_path / "answers.csv"
    if text is not None:
        table.write_text(text)
    assert main(["calibrate", str(table), "--json"]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert not printed.out
