"""Banks, engines and sittings that the certification tests share, and how its golden trails were made."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.decisions import (
    decide_abandon,
    decide_alert,
    decide_answer,
    decide_end,
    decide_left,
    decide_open,
    decide_rule,
    decide_score,
)
from exam.certification.eligibility import everything
from exam.certification.engine import CertificationEngine
from exam.certification.paper import RIGHT, WRONG
from exam.certification.parameters import Access, Parameters
from exam.certification.reference_bank import reference_bank
from exam.certification.rehearsal import PAPER, Candidate, rehearse, take
from exam.certification.replay import CertificationReplay, replay
from exam.certification.scale import SCALE
from exam.certification.sitting import CertificationSitting
from exam.certification.tables import compile_tables
from exam.certification.trail import read_trail, write_trail
from exam.certification.tuning import guessed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exam.certification.events import Event
    from exam.certification.rules import Mode

FOLDER = Path(__file__).parents[1] / "certification" / "golden"


@cache
def reference_engine(mode: Mode = "precise") -> CertificationEngine:
    """Return the engine of the 800 invented items, exposure near one fifth."""
    tables = compile_tables(reference_bank())
    return CertificationEngine(tables, guessed(tables, 0.2), mode)


def small_bank(
    topics: int = 3, items: int = 2, *, competences: int = 16, adjusted: int = 0
) -> list[Parameters]:
    """Return a bank of a few items, difficulties spread evenly, the last topics perhaps only for adjusted sittings."""
    found = []
    for competence in range(competences):
        for topic in range(topics):
            for place in range(items):
                name = f"c{competence:02}t{topic}i{place}"
                spread = (competence * 7 + topic * 5 + place * 3) % 17 - 8
                access: Access = "everyone" if topic < topics - adjusted else "adjusted"
                found.append(
                    Parameters(
                        name,
                        900_000 + 50_000 * ((competence + place) % 5),
                        spread * 250_000,
                        f"c{competence:02}",
                        f"c{competence:02}t{topic}",
                        name,
                        (),
                        access,
                    )
                )
    return found


@cache
def small_engine() -> CertificationEngine:
    """Three topics a competence, nothing held back."""
    tables = compile_tables(small_bank())
    return CertificationEngine(tables, everything(tables))


class Lead:
    """A sitting led by hand, with its log."""

    def __init__(
        self, engine: CertificationEngine, participation: str = "p", *, adjusted: bool = False
    ) -> None:
        self.sitting = CertificationSitting(engine, SCALE)
        self.log: list[Event] = []
        self.take(decide_open(engine, SCALE, participation, "s", "fr", adjusted=adjusted))

    def take(self, events: list[Event]) -> None:
        """Apply events and write them down."""
        take(self.sitting, self.log, events)

    def answer(self, said: str) -> None:
        """Answer the waiting question: y, n, p (pass) or f (right, but the window was left)."""
        answer = {"y": RIGHT, "n": WRONG, "p": None, "f": RIGHT}[said]
        number = self.sitting.number
        self.take(
            decide_answer(self.sitting, PAPER, number, f"k{number}", answer, 1000, "fr", left=said == "f")
        )

    def answers(self, said: str) -> Lead:
        """Answer several questions, as long as there are any."""
        for one in said:
            if self.sitting.current is not None:
                self.answer(one)
        return self

    def withdraw(self) -> None:
        """Report the waiting question and have the report validated."""
        self.take(decide_alert(self.sitting, self.sitting.number))
        self.take(decide_rule(self.sitting, self.sitting.number, "validated", "E1", "fr"))

    def items(self) -> list[str]:
        """Return the items answered, in order."""
        tables = self.sitting.engine.tables
        return [tables.items[item].id for item, _ in self.sitting.at.given]


def everything_happens() -> list[Event]:
    """Lead a sitting with alerts ruled both ways, a window left, passed questions, and a candidate who gives up after 25."""
    lead = Lead(reference_engine(), "golden-everything").answers("ynypf")
    lead.withdraw()
    lead.take(decide_left(lead.sitting, lead.sitting.number))
    lead.answers("yyn")
    lead.take(decide_alert(lead.sitting, lead.sitting.number))
    lead.take(decide_rule(lead.sitting, lead.sitting.number, "dismissed", "", "en"))
    lead.withdraw()
    lead.withdraw()
    lead.answers("yynynyynypnyynyyn")
    lead.take(decide_end(lead.sitting, "supervisor"))
    lead.take(decide_abandon(lead.sitting, "candidate"))
    lead.take(decide_score(lead.sitting))
    return lead.log


def golden_trails() -> Iterator[tuple[str, CertificationEngine, list[Event]]]:
    """Yield each trail with its name and engine."""
    engine = reference_engine()
    for ability in range(-3000, 3001, 1000):
        candidate = Candidate(b"golden", ability, passes=10, alerts=6)
        yield f"ability{ability:+}", engine, rehearse(engine, SCALE, f"golden{ability}", candidate)
    yield "everything", engine, everything_happens()
    opened = reference_engine("open")
    yield "open-use", opened, rehearse(opened, SCALE, "golden-open", Candidate(b"golden", 300))
    yield (
        "small-adjusted",
        small_engine(),
        rehearse(small_engine(), SCALE, "golden-small", Candidate(b"golden", 0, adjusted=True, alerts=12)),
    )
    yield "too-short", engine, rehearse(engine, SCALE, "golden-short", Candidate(b"golden", 0, stops=12))


def engine_of(name: str) -> CertificationEngine:
    """Return the engine a golden trail was led by."""
    if name == "open-use":
        return reference_engine("open")
    return small_engine() if name == "small-adjusted" else reference_engine()


def replay_all() -> dict[str, CertificationReplay]:
    """Return the replay of every golden trail kept, by name."""
    return {
        path.stem: replay(engine_of(path.stem), SCALE, PAPER, read_trail(path.read_bytes()))
        for path in sorted(FOLDER.glob("*.json"))
    }


def keeps_every_rule(engine: CertificationEngine, given: Sequence[tuple[int, bool]]) -> bool:
    """Return whether items never repeat, nor their topics or skills, and no enemies meet."""
    items = [item for item, _ in given]
    keeps = engine.tables.keeps
    return all(bool(np.all(keeps[item, items[place + 1 :]])) for place, item in enumerate(items))


if __name__ == "__main__":
    for name, _, events in golden_trails():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            path.write_bytes(write_trail(events))
