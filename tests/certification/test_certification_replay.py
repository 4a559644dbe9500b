from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from certification_kit import FOLDER, Lead, engine_of, reference_engine, replay_all, small_bank
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy import show_config

from exam.certification.eligibility import everything
from exam.certification.engine import CertificationEngine
from exam.certification.events import (
    Abandoned,
    Alerted,
    Answered,
    Asked,
    Ended,
    Event,
    Graded,
    Judged,
    Left,
    Opened,
    Ruled,
    Scored,
)
from exam.certification.rehearsal import PAPER, Candidate, rehearse
from exam.certification.replay import replay
from exam.certification.scale import SCALE
from exam.certification.tables import compile_tables
from exam.certification.trail import read_event, read_trail, write_trail
from exam.errors import BadTrail

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
LEFT = "import numpy; print(numpy.show_config(mode='dicts')['SIMD Extensions'].get('found', []))"
COUNT = "from certification_kit import replay_all; print(sum(r.identical for r in replay_all().values()))"


def trail(name: str = "everything") -> list[Event]:
    return read_trail((FOLDER / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_trail_replays_identically(name: str) -> None:
    result = replay(engine_of(name), SCALE, PAPER, trail(name))
    assert (result.identical, result.code, result.expected, result.found) == (True, "", "", "")
    assert result.scored is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_trail_read_and_written_keeps_every_byte(name: str) -> None:
    data = (FOLDER / f"{name}.json").read_bytes()
    assert write_trail(read_trail(data)) == data


def test_golden_trails_hold_every_kind_of_event_but_a_jury_s() -> None:
    kinds = {type(event) for event in trail()}
    assert kinds == {Opened, Asked, Left, Answered, Graded, Alerted, Ruled, Ended, Abandoned, Scored}


def in_another_process(flags: list[str], code: str, environment: Mapping[str, str]) -> str:
    path = f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'support'}"
    done = subprocess.run(
        [sys.executable, *flags, "-c", code],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_golden_trails_replay_with_numpy_s_processor_features_disabled() -> None:
    found = show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    disabled = {"NPY_DISABLE_CPU_FEATURES": " ".join(found)} if found else {}  # none here: as it is
    assert in_another_process([], LEFT, disabled) == "[]"
    assert int(in_another_process([], COUNT, disabled)) == len(NAMES)


def test_golden_trails_replay_without_assertions_and_with_another_order_of_sets() -> None:
    count = int(in_another_process(["-O"], COUNT, {"PYTHONHASHSEED": "7"}))
    assert count == len(NAMES) == len(replay_all()) >= 10


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(-3000, 3000), st.integers(0, 30), st.integers(0, 32))
def test_any_rehearsed_sitting_replays_bit_for_bit(who: int, ability: int, alerts: int, stops: int) -> None:
    engine = reference_engine()
    candidate = Candidate(who.to_bytes(8, "big"), ability, alerts=alerts, stops=stops)
    log = rehearse(engine, SCALE, f"p{who}", candidate)
    result = replay(engine, SCALE, PAPER, read_trail(write_trail(log)))
    assert result.identical
    assert result.scored == log[-1]


def other(value: object) -> object:
    """Return another value of the same shape."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return {"right": "wrong", "wrong": "right", "ok": "ko", "ko": "ok"}.get(value, value + "x")
        case None:
            return "right"
        case _:
            return []


# What people say without deciding anything; `adjusted` decides nothing on a bank without adjusted items.
FREE = {"key", "spent_ms", "session", "lang", "reason", "adjusted"}


def test_every_field_that_decides_is_caught_with_its_step_when_changed() -> None:
    events = trail()
    for index, event in enumerate(events):
        for field in event.__struct_fields__:
            uncounted = isinstance(event, Answered) and events[index + 1] != Graded(event.number, "ok")
            if field in FREE or (field == "left" and uncounted):
                continue  # leaving the window takes nothing from an answer that does not count
            changed = msgspec.structs.replace(event, **{field: other(getattr(event, field))})
            result = replay(
                reference_engine(), SCALE, PAPER, [*events[:index], changed, *events[index + 1 :]]
            )
            assert not result.identical, (index, field)
            assert result.step is not None
            assert result.event is not None
            assert index <= result.event <= index + 2 or isinstance(event, Answered | Opened), (index, field)
            if isinstance(event, Asked) and field == "item":
                assert (result.step, result.event) == (event.number, index)
                assert (result.code, result.expected) == ("wrong_item", event.item)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_missing_doubled_or_moved_event_is_caught(data: st.DataObject) -> None:
    events = trail()
    decided = Asked | Answered | Graded | Ruled | Ended
    index = data.draw(
        st.sampled_from([at for at, event in enumerate(events[:-1]) if isinstance(event, decided)])
    )
    moved = [*events[:index], events[index + 1], events[index], *events[index + 2 :]]
    for changed in (events[:index] + events[index + 1 :], [*events[: index + 1], *events[index:]], moved):
        assert not replay(reference_engine(), SCALE, PAPER, changed).identical


@given(st.integers(1, 200))
def test_a_log_cut_short_replays_up_to_a_decision_s_end_or_names_what_is_missing(length: int) -> None:
    events = trail()
    result = replay(reference_engine(), SCALE, PAPER, events[:length])
    assert result.identical or result.code == "missing_event"
    assert result.scored is None or length >= len(events)


def test_taking_adjustment_from_a_sitting_that_needed_it_is_caught() -> None:
    tables = compile_tables(small_bank(4, adjusted=2))
    engine = CertificationEngine(tables, everything(tables))
    log = rehearse(engine, SCALE, "p", Candidate(b"needs", 0, adjusted=True))
    first = log[0]
    assert isinstance(first, Opened)
    changed = [msgspec.structs.replace(first, adjusted=False), *log[1:]]
    assert replay(engine, SCALE, PAPER, log).identical
    assert not replay(engine, SCALE, PAPER, changed).identical


def test_another_bank_mode_or_seed_is_caught_at_the_opening_or_the_first_item() -> None:
    events = trail()
    assert replay(reference_engine("open"), SCALE, PAPER, events).code == "wrong_mode"
    first = events[0]
    assert isinstance(first, Opened)
    for field, code in (
        ("tables", "wrong_tables"),
        ("thresholds", "wrong_thresholds"),
        ("engine", "wrong_engine"),
    ):
        changed = [msgspec.structs.replace(first, **{field: "0" * 64}), *events[1:]]
        assert replay(reference_engine(), SCALE, PAPER, changed).code == code
    stranger = [msgspec.structs.replace(first, participation="someone-else"), *events[1:]]
    assert replay(reference_engine(), SCALE, PAPER, stranger).step == 1


@pytest.mark.parametrize("events", [[], [Graded(1, "ok")], [Ended("complete")], [Judged("fraud")]])
def test_a_log_that_does_not_open_is_no_sitting(events: list[Event]) -> None:
    result = replay(reference_engine(), SCALE, PAPER, events)
    assert (result.identical, result.code) == (False, "missing_event")


def test_a_jury_s_decision_is_part_of_the_log() -> None:
    lead = Lead(reference_engine()).answers("y" * 32)
    lead.take([Judged("fraud")])
    engine = reference_engine()
    assert replay(engine, SCALE, PAPER, lead.log).identical
    assert not replay(engine, SCALE, PAPER, [*lead.log, trail("ability+0")[-1]]).identical


@pytest.mark.parametrize("data", [b"", b"{}", b'{"type":"asked"}', b"\xff", b'{"type":"asked","number":"1"}'])
def test_bytes_that_are_no_event_are_refused(data: bytes) -> None:
    with pytest.raises(BadTrail):
        read_event(data)
    with pytest.raises(BadTrail):
        read_trail(data)
