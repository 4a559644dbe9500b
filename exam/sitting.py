"""One passage of one pupil through a course, folded from its events.

A `Sitting` is what the events so far add up to: what is known, which question waits, what was answered under which key.
It never decides (`exam.decisions` does) and never checks (an event is applied because it happened); two sittings made
from the same events are equal in everything they will do next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.campaign.engine import FIRST_LEVEL
from exam.errors import NotOpened, WrongBank
from exam.events import Answered, Asked, Carried, Ended, Graded, Held, Opened, Served, Shared
from exam.seed import sitting_seed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.campaign.engine import CampaignEngine
    from exam.campaign.knowledge import Knowledge
    from exam.events import Event, Known, Outcome

CHECKPOINT_EVERY = 5
"""Questions between two checkpoints."""


class Sitting:
    """The state of a sitting; change it only with `apply`.

    `number` is that of the question asked last (0 before the first), `current` that question while it waits for an
    answer. `asked`, `keys` and `outcomes` are by question number; `served` holds the numbers whose time has started.
    """

    __slots__ = (
        "asked",
        "campaign",
        "current",
        "engine",
        "epoch",
        "finished",
        "keys",
        "knowledge",
        "number",
        "outcomes",
        "participation",
        "seed",
        "served",
        "shared",
    )

    def __init__(self, engine: CampaignEngine) -> None:
        self.engine = engine
        self.participation = ""
        self.campaign = ""
        self.seed = b""
        self.knowledge: Knowledge = engine.start(())
        self.number = 0
        self.current: Asked | None = None
        self.asked: dict[int, Asked] = {}
        self.keys: dict[int, str] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.served: set[int] = set()
        self.epoch = 0
        self.finished = False
        self.shared: Shared | None = None

    @property
    def course(self) -> str:
        """Return the id of the course."""
        return self.engine.course

    @property
    def answered(self) -> int:
        """Return how many questions were answered or passed."""
        return len(self.outcomes)

    @property
    def level(self) -> int:
        """Return the estimated level in halves; level 2 is reported while nothing was answered."""
        return self.knowledge.level() if self.outcomes else 2 * FIRST_LEVEL

    @property
    def checkpoint_due(self) -> bool:
        """Return whether a checkpoint comes before the waiting question."""
        return self.current is not None and self.number > 1 and self.number % CHECKPOINT_EVERY == 1

    @property
    def position(self) -> int:
        """Return the place of the question asked last since the last checkpoint, 1 to 5."""
        return (self.number - 1) % CHECKPOINT_EVERY + 1

    def is_resend(self, number: int, key: str) -> bool:
        """Return whether this answer was already taken: same question, same idempotency key."""
        return self.keys.get(number) == key

    def is_timed(self, asked: Asked) -> bool:
        """Return whether a question of this sitting has a timer."""
        return self.engine.bank.items[asked.item].timer is not None

    def settled_here(self) -> list[Known]:
        """Return what this sitting itself settled, sorted by skill id: what it leaves to later ones."""
        direct = {self.asked[number].skill for number in self.outcomes}
        known: list[Known] = []
        for skill in self.engine.map.skills.values():
            status = self.knowledge.status(skill)
            if status is not None and not self.knowledge.elsewhere[skill.tube] & skill.bit:
                known.append((skill.id, status, "direct" if skill.id in direct else "inferred"))
        return sorted(known)

    def apply(self, event: Event) -> None:
        """Add what happened; raises `WrongBank` when the opening is of another bank, course or engine."""
        match event:
            case Answered(number=number, key=key):
                self.keys[number] = key
            case Graded():
                self._grade(event)
            case Asked():
                self._ask(event)
            case Opened():
                self._open(event)
            case Served(number=number):
                self.served.add(number)
            case Carried(skills=skills):
                self.knowledge = self.engine.carry(self.knowledge, skills)
            case Held(epoch=epoch):
                self.epoch = epoch
            case Ended():
                self.finished = True
            case Shared():
                self.shared = event
            case _:
                pass  # a report changes nothing of what comes next

    def _open(self, event: Opened) -> None:
        if event.bank != self.engine.bank.digest or event.course != self.engine.course:
            raise WrongBank(detail=event.bank)
        self.participation, self.campaign = event.participation, event.campaign
        self.seed = sitting_seed(event.participation, event.bank)
        self.knowledge = self.engine.start(event.prior)

    def _ask(self, event: Asked) -> None:
        self.number = event.number
        self.current = self.asked[event.number] = event

    def _grade(self, event: Graded) -> None:
        asked = self.asked[event.number]
        self.outcomes[event.number] = event.outcome
        self.knowledge = self.engine.learn(self.knowledge, asked.skill, solved=event.outcome == "ok")
        self.current = None


def fold(engine: CampaignEngine, events: Iterable[Event]) -> Sitting:
    """Return the sitting that these events, our own and already decided, add up to; raises `NotOpened`, `WrongBank`."""
    sitting = Sitting(engine)
    for event in events:
        sitting.apply(event)
    if not sitting.participation:
        raise NotOpened
    return sitting
