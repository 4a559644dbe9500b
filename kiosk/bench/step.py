"""`preau bench step` and `preau bench certification`: a certification's step, and whole sittings led again from their chain.

Both run on the reference bank of 800 items with its exposure rules. A step is all that follows an answer: grade, learn,
choose the next item under every rule, and say why as an event.
"""

from __future__ import annotations

import gc
import time
from statistics import mean, median
from typing import TYPE_CHECKING, NamedTuple

from exam.certification.decisions import decide_answer, decide_open
from exam.certification.engine import CertificationEngine
from exam.certification.events import Abandoned, Ruled
from exam.certification.paper import RIGHT, WRONG
from exam.certification.reference_bank import reference_bank
from exam.certification.rehearsal import PAPER, Candidate, rehearse
from exam.certification.replay import replay
from exam.certification.scale import SCALE
from exam.certification.sitting import CertificationSitting
from exam.certification.tables import compile_tables
from exam.certification.trail import read_event
from exam.certification.tuning import guessed
from sync.chain import ChainChecker, first_prev, link

if TYPE_CHECKING:
    from exam.certification.events import Event

BLOCK = 500
"""Sittings held at once."""


class _Counts(NamedTuple):
    """What a block of sittings held and how it replayed."""

    identical: int
    withdrawn: int
    unfinished: int
    questions: int
    wall_s: float
    cpu_s: float


def bench_engine() -> CertificationEngine:
    """Return the engine both benches run on."""
    tables = compile_tables(reference_bank())
    return CertificationEngine(tables, guessed(tables, 0.2))


def run_step(sittings: int) -> dict[str, float | int]:
    """Answer every question of that many sittings; return the figures of `preau bench step --json`.

    `step_us` is a step's time in the median sitting, which a busy neighbour blurs less than the mean (`mean_us`); `cpu_us`
    is the mean in processor time, `choice_us` the median of learning and choosing alone, without grade and event.
    """
    engine = bench_engine()
    steps, cpu = 0, 0.0
    walls: list[float] = []
    for number in range(sittings):
        sitting = _opened(engine, f"{number:016x}")
        before, began, used = steps, time.perf_counter(), time.process_time()
        while sitting.current is not None:
            answer = RIGHT if (number + steps) % 3 else WRONG
            for event in decide_answer(sitting, PAPER, sitting.number, "bench", answer, 1000, "fr"):
                sitting.apply(event)
            steps += 1
        walls.append((time.perf_counter() - began) / max(1, steps - before))
        cpu += time.process_time() - used
    return {
        "items": engine.tables.count,
        "steps": steps,
        "step_us": round(median(walls) * 1e6, 2),
        "mean_us": round(mean(walls) * 1e6, 2),
        "cpu_us": round(cpu / steps * 1e6, 2),
        "choice_us": round(_choice_us(engine, sittings), 2),
    }


def _opened(engine: CertificationEngine, participation: str) -> CertificationSitting:
    sitting = CertificationSitting(engine, SCALE)
    for event in decide_open(engine, SCALE, participation, "bench", "fr"):
        sitting.apply(event)
    return sitting


def _choice_us(engine: CertificationEngine, sittings: int) -> float:
    walls: list[float] = []
    for number in range(sittings):
        at = engine.start(number.to_bytes(32, "big"))
        steps, began = 0, time.perf_counter()
        while (choice := engine.choose(at)) is not None:
            engine.answer(at, choice.item, right=(number + steps) % 3 > 0)
            steps += 1
        walls.append((time.perf_counter() - began) / max(1, steps))
    return median(walls) * 1e6


def run_certification(sittings: int) -> dict[str, float | int]:
    """Lead that many invented candidates, alerts and early ends included, and replay each from its chained bytes."""
    engine = bench_engine()
    blocks = [
        _block(engine, range(begin, min(begin + BLOCK, sittings))) for begin in range(0, sittings, BLOCK)
    ]
    wall, cpu = sum(one.wall_s for one in blocks), sum(one.cpu_s for one in blocks)
    return {
        "sittings": sittings,
        "identical": sum(one.identical for one in blocks),
        "questions": sum(one.questions for one in blocks),
        "questions_withdrawn": sum(one.withdrawn for one in blocks),
        "unfinished": sum(one.unfinished for one in blocks),
        "seconds": round(wall, 3),
        "sittings_per_second": round(sittings / wall, 1),
        "sittings_per_cpu_second": round(sittings / cpu, 1),
    }


def _block(engine: CertificationEngine, numbers: range) -> _Counts:
    logs = [
        (
            f"{number:016x}",
            rehearse(engine, SCALE, f"{number:016x}", Candidate.drawn(number.to_bytes(8, "big"))),
        )
        for number in numbers
    ]
    chained = [(name, _chain(name, log)) for name, log in logs]
    gc.collect()
    gc.freeze()  # the logs waiting here are the bench's own: no search for cycles should walk them
    began, used = time.perf_counter(), time.process_time()
    replays = [_replayed(engine, name, lines) for name, lines in chained]
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    gc.unfreeze()
    events = [event for _, log in logs for event in log]
    return _Counts(
        sum(found[0] for found in replays),
        sum(isinstance(event, Ruled) and event.ruling == "validated" for event in events),
        sum(isinstance(event, Abandoned) for event in events),
        sum(found[1] for found in replays),
        wall,
        cpu,
    )


def _chain(name: str, log: list[Event]) -> list[bytes]:
    lines, head = [], first_prev(name)
    for seq, event in enumerate(log, start=1):
        line, head = link(name, seq, head, 1_800_000_000_000 + seq, event)
        lines.append(line)
    return lines


def _replayed(engine: CertificationEngine, name: str, lines: list[bytes]) -> tuple[bool, int]:
    checker = ChainChecker(name)
    events = [read_event(checker.accept(line).body) for line in lines]
    found = replay(engine, SCALE, PAPER, events)
    return found.identical and found.scored is not None, found.questions
