"""How the golden trails were made; run it only to add one: a golden trail that must change means the rules changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sitting_steps import Lead
from toy_bank import COURSE, toy_bank

from exam.campaign.engine import CampaignEngine
from exam.decisions import decide_carry, decide_hold, decide_report, decide_serve
from exam.replay import Replay, replay
from exam.simulate import Pupil, simulate
from exam.trail import read_trail, write_trail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.events import Event

FOLDER = Path(__file__).parents[1] / "exam" / "golden"


def golden_trails() -> Iterator[tuple[str, list[Event]]]:
    """Yield each trail with its name: pupils of several levels, and one sitting where everything happens."""
    engine = CampaignEngine(toy_bank(), COURSE)
    for halves in range(1, 16, 2):
        yield f"level-{halves}", simulate(engine, f"golden-{halves}", Pupil(b"golden", halves, passes=10))
    yield "everything", everything().log
    known = [(skill, "validated", "direct") for skill in engine.map.skills]
    yield "nothing-to-ask", simulate(engine, "golden-known", Pupil(b"golden", 7), prior=known)  # type: ignore[arg-type]  # the literals widen in a list


def everything() -> Lead:
    """Lead a sitting with results from before and from elsewhere, two pages, a report, timers and a passed question."""
    lead = Lead(
        participation="golden-all",
        prior=[("mail-1", "validated", "direct"), ("texts-4", "invalidated", "direct")],
    )
    for number, said in enumerate("ynypynyy", start=1):
        if lead.sitting.finished:
            break
        lead.take(decide_hold(lead.sitting, f"login{number}"))
        lead.take(decide_serve(lead.sitting, number))
        if number == 3:
            lead.take(decide_report(lead.sitting, 2, "picture"))
        if number == 5:
            lead.take(
                decide_carry(
                    lead.sitting,
                    [("passwords-6", "invalidated", "inferred"), ("texts-2", "validated", "direct")],
                )
            )
        lead.answer(
            {"y": "yes", "n": "no", "p": None}[said],
            spent_ms=50_000 + 5_000 * number,
            lang="en" if number % 2 else "fr",
        )
    return lead.finish("yyn")


def replay_all() -> dict[str, Replay]:
    """Return the replay of every golden trail kept, by name."""
    bank = toy_bank()
    return {path.stem: replay(bank, read_trail(path.read_bytes())) for path in sorted(FOLDER.glob("*.json"))}


if __name__ == "__main__":
    for name, events in golden_trails():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            path.write_bytes(write_trail(events))
