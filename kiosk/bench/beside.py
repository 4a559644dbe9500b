"""`preau simulate --beside catsim`: another engine on the same bank, for the same candidates, in the same run.

catsim knows no content rule; it takes the most informative item below a cap on exposure, which it counts over the whole run.
It is a development dependency: where it is missing, the command says how to get it.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from exam.certification.parameters import MICRO
from exam.certification.rules import GROUP_EDGES, LENGTH
from exam.certification.simulation import content_ok, overlap
from exam.certification.tuning import led
from kiosk.cli import CommandError

if TYPE_CHECKING:
    from exam.certification.cohort import Cohort
    from exam.certification.fixed import Floats, Ints
    from exam.certification.tables import Tables

MISSING = (
    "catsim is not installed: it is a development dependency. Install it (`pip install -r constraints/dev.txt`) "
    "or leave --beside out."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one engine did with the candidates; `seconds` is the time to lead them, without any tuning beforehand."""

    rmse: float
    max_exposure: float
    max_exposure_by_segment: list[float]
    overlap: float
    unused: int
    content_ok: float
    seconds: float


def available() -> None:
    """Raise `CommandError` when catsim cannot be used here."""
    if importlib.util.find_spec("catsim") is None:
        raise CommandError(MISSING)


def beside(cohort: Cohort, abilities: Floats, target: float, seed: int) -> dict[str, object]:
    """Return the figures of both engines on these candidates, and how many times longer catsim took."""
    ours = _ours(cohort, abilities, seed)
    theirs = _catsim(cohort.tables, abilities, target, seed)
    return {
        "candidates": len(abilities),
        "preau": asdict(ours),
        "catsim": asdict(theirs),
        "seconds_ratio": theirs.seconds / ours.seconds,
        "rmse_ratio": theirs.rmse / ours.rmse,
    }


def _ours(cohort: Cohort, abilities: Floats, seed: int) -> Seen:
    chance = np.random.default_rng([seed, 3])
    items = np.full((len(abilities), LENGTH), -1, dtype=np.int64)
    estimates = np.zeros(len(abilities))
    began = time.perf_counter()
    for part, passages in led(cohort, abilities, chance, even=False):
        items[part], estimates[part] = passages.items, passages.ability / 1000
    return _seen(cohort.tables, abilities, estimates, items, time.perf_counter() - began)


def _catsim(tables: Tables, abilities: Floats, target: float, seed: int) -> Seen:
    simulator = _simulator(tables, abilities, target, seed)
    began = time.perf_counter()
    simulator.simulate()
    seconds = time.perf_counter() - began
    items = np.full((len(abilities), LENGTH), -1, dtype=np.int64)
    for row, asked in enumerate(simulator.administered_items):
        items[row, : len(asked)] = asked
    return _seen(tables, abilities, np.array(simulator.latest_estimations), items, seconds)


def _simulator(tables: Tables, abilities: Floats, target: float, seed: int) -> Any:  # noqa: ANN401 - catsim may be absent
    parts = ("item_bank", "simulation", "initialization", "selection", "estimation", "stopping")
    bank, simulation, initialization, selection, estimation, stopping = (
        importlib.import_module(f"catsim.{part}") for part in parts
    )
    a, b = (np.array([getattr(item, name) for item in tables.items]) / MICRO for name in "ab")
    guessing, slipping = np.zeros_like(a), np.ones_like(a)
    return simulation.Simulator(
        bank.ItemBank(np.column_stack([a, b, guessing, slipping])),
        abilities,
        initialization.FixedPointInitializer(0.0),
        selection.MaxInfoSelector(r_max=target),
        estimation.NumericalSearchEstimator(),
        stopping.TestLengthStopper(max_items=LENGTH),
        seed=seed % (1 << 32),
    )


def _seen(tables: Tables, abilities: Floats, estimates: Floats, items: Ints, seconds: float) -> Seen:
    people = len(abilities)
    groups = np.searchsorted(np.array(GROUP_EDGES) / 1000, abilities, side="right")
    asked = _counts(tables, items)
    return Seen(
        float(np.sqrt(((estimates - abilities) ** 2).mean())),
        float(asked.max() / people),
        [
            float(_counts(tables, items[groups == one]).max() / max(1, int((groups == one).sum())))
            for one in range(len(GROUP_EDGES) + 1)
        ],
        overlap(asked, people),
        int((asked == 0).sum()),
        float(content_ok(tables, items).mean()),
        round(seconds, 3),
    )


def _counts(tables: Tables, items: Ints) -> Ints:
    return np.bincount(items[items >= 0], minlength=tables.count).astype(np.int64)
