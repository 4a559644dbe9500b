"""`preau bench replay`: whole participations replayed per second on one core, grades and choices included."""

from __future__ import annotations

import gc
import time

from exam.campaign.engines import Engines
from exam.replay import Replayer
from exam.simulate import Pupil, simulate
from kiosk.bank_files import load_bank, starter_bank

COURSE = "tour-complet"


def run_replay(sittings: int) -> dict[str, float | int]:
    """Replay that many invented participations; return the figures of `preau bench replay --json`."""
    bank = load_bank(starter_bank())
    engine = Engines().engine_for(bank, COURSE)
    trails = [
        simulate(engine, f"{number:016x}", Pupil.drawn(b"bench" + number.to_bytes(8, "big")))
        for number in range(sittings)
    ]
    replayer = Replayer()  # kept from one participation to the next, as the central instance does
    gc.collect()
    gc.freeze()  # the trails waiting here are the bench's own: no search for cycles should walk them
    began = time.perf_counter()
    identical = sum(replayer.replay(bank, trail).identical for trail in trails)
    took = time.perf_counter() - began
    questions = sum(1 for trail in trails for event in trail if type(event).__name__ == "Graded")
    return {
        "sittings": sittings,
        "identical": identical,
        "questions": questions,
        "seconds": round(took, 3),
        "sittings_per_second": round(sittings / took, 1),
        "step_us": round(took / max(1, questions) * 1e6, 1),
    }
