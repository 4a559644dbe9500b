"""Something to do in a small imitation of a tool: the answer is the facts that the pupil changed.

The page gets the scene and the facts at the start; goals and solution stay here. An answer can only hold facts the scene
has, with values they may take, so whatever a page sends is a state the tool could be in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exam.errors import BadAnswer
from exam.items import Simulator as SimulatorSpec
from exam.kinds.base import Fields, Kind
from exam.simulators import SIMULATORS
from exam.simulators.goals import Aim, State, aim_of, all_met, read_goal, reference

if TYPE_CHECKING:
    from exam.content import Text
    from exam.events import Answer
    from exam.items import Goal
    from exam.reading import Reader
    from exam.scene import Scene
    from exam.simulators.base import Facts, Simulator, Slot

MAX_FACTS = 200
MAX_SIGNS = 20_000
MAX_KEY = 200


@dataclass(frozen=True, slots=True)
class SceneKey:
    """The tool, its scene in one pupil's words, its facts at the start and what must be true at the end."""

    tool: Simulator
    scene: dict[str, Any]
    start: Facts
    aims: tuple[Aim, ...]

    def state(self, changes: dict[str, str]) -> State:
        """Return the state after the changes, derived facts included."""
        facts = {key: value for key, value in {**self.start, **changes}.items() if value}
        return State(self.tool, self.start, {**facts, **self.tool.derive(self.scene, facts)})


class SimulatorKind(Kind[SimulatorSpec, SceneKey]):
    """Do something in a tool."""

    name = "simulator"

    def read(self, reader: Reader) -> SimulatorSpec | None:
        """Return the record of the file; every goal and every fact must be one of the tool's."""
        tool = SIMULATORS.get(reader.string("simulator"))
        inner = reader.table("scene", required=False)
        if tool is None:
            reader.problem("simulator", "unknown_value", f"a simulator is one of {', '.join(SIMULATORS)}")
        if tool is None or inner is None:
            return None
        start = _read_facts(inner.table("start", required=False))
        scene = tool.read(inner)
        goals = tuple(goal for row in reader.tables("goal", required=True) if (goal := read_goal(row)))
        solution = _read_facts(reader.table("solution", required=False))
        slots = tool.slots(scene)
        _check_start(reader, start, slots)
        _check_goals(reader, tool, slots, goals)
        return SimulatorSpec(tool.name, scene, start, goals, solution)

    def key(self, spec: SimulatorSpec, scene: Scene) -> SceneKey:
        """Return the scene and the goals of one pupil."""
        shown, start = _shown(spec, scene)
        return SceneKey(
            SIMULATORS[spec.simulator], shown, start, tuple(aim_of(goal, scene) for goal in spec.goals)
        )

    def fields(self, spec: SimulatorSpec, scene: Scene) -> Fields:
        """Return the tool, its scene and the facts at the start."""
        shown, start = _shown(spec, scene)
        return Fields(simulator=spec.simulator, scene=shown, start=start)

    def check(self, spec: SimulatorSpec, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer is a bounded set of facts the scene has, each with a value it takes."""
        if not isinstance(answer, dict):
            raise BadAnswer("answer.wrong_type", "the facts changed are expected")
        if len(answer) > MAX_FACTS:
            raise BadAnswer("answer.too_many", f"more than {MAX_FACTS} facts")
        tool = SIMULATORS[spec.simulator]
        slots = tool.slots(spec.scene)
        signs = 0
        for key, value in answer.items():
            if not isinstance(key, str) or not isinstance(value, str):
                raise BadAnswer("answer.wrong_type", "facts are texts")
            slot = slots.get(key) or (tool.free_slot(key) if len(key) <= MAX_KEY else None)
            if slot is None:
                raise BadAnswer("answer.unknown_choice", "this scene has no such fact")
            _check_value(slot, value)
            signs += len(value)
        if signs > MAX_SIGNS:
            raise BadAnswer("answer.too_long", f"more than {MAX_SIGNS} signs in all")

    def right(self, key: SceneKey, answer: Answer) -> bool:
        """Return whether every goal holds."""
        return all(self._met(key, answer))

    def _met(self, key: SceneKey, answer: Answer) -> list[bool]:
        if not isinstance(answer, dict) or not all(isinstance(value, str) for value in answer.values()):
            return [False] * len(key.aims)
        return all_met(key.aims, key.state(answer))

    def expected(self, spec: SimulatorSpec, scene: Scene) -> str:
        """Return what was looked for, in words."""
        return " · ".join(scene.say(goal.message) for goal in spec.goals)

    def shown(self, spec: SimulatorSpec, scene: Scene, answer: Answer) -> str:
        """Return each goal in words with a sign for met or not."""
        key = self.key(spec, scene)
        return " · ".join(
            f"{'✓' if met else '✗'} {aim.message}"
            for met, aim in zip(self._met(key, answer), key.aims, strict=True)
        )

    def solve(self, spec: SimulatorSpec, scene: Scene) -> Answer:
        """Return the changes that meet every goal."""
        key = self.key(spec, scene)
        tool = key.tool
        slots = tool.slots(key.scene)
        found = {
            name: value
            for name, value in reference(key.aims, slots).items()
            if name in slots or tool.free_slot(name) is not None
        }
        found |= {scene.fill(name): scene.say(text) for name, text in spec.solution.items()}
        return {name: value for name, value in found.items() if key.start.get(name, "") != value}

    def wrong(self, spec: SimulatorSpec, scene: Scene) -> Answer:  # noqa: ARG002 - the same in every scene
        """Return no change at all: nothing was done."""
        return {}


def _shown(spec: SimulatorSpec, scene: Scene) -> tuple[dict[str, Any], Facts]:
    """Return the scene in one pupil's words and its facts at the start, all that a page is shown."""
    tool = SIMULATORS[spec.simulator]
    shown = tool.localise(spec.scene, scene)
    return shown, {**tool.start(shown), **{key: scene.say(text) for key, text in spec.start.items()}}


def _check_value(slot: Slot, value: str) -> None:
    if any(0xD800 <= ord(sign) <= 0xDFFF or (sign < " " and sign not in "\n\t") for sign in value):
        raise BadAnswer("answer.bad_character", "a character is not one")
    if value and not slot.takes(value):
        code = "answer.unknown_choice" if slot.values else "answer.too_long"
        raise BadAnswer(code, "this fact cannot be that")
    if not value and slot.values and slot.start:
        raise BadAnswer("answer.unknown_choice", "this fact cannot be nothing")


def _read_facts(reader: Reader | None) -> dict[str, Text]:
    """Return a table of facts; an empty text stands for none and needs no translation."""
    if reader is None:
        return {}
    return {name: {} if reader.raw(name) == "" else reader.text(name, plain=True) for name in reader.names()}


def _check_start(reader: Reader, start: dict[str, Text], slots: dict[str, Slot]) -> None:
    for name, text in start.items():
        slot = slots.get(name)
        if slot is None:
            reader.problem(f"scene.start.{name}", "unknown_fact", f"the scene has no fact {name!r}")
        elif slot.values and any(value not in slot.values for value in text.values()):
            reader.problem(f"scene.start.{name}", "unknown_value", f"it is one of {', '.join(slot.values)}")


def _check_goals(reader: Reader, tool: Simulator, slots: dict[str, Slot], goals: tuple[Goal, ...]) -> None:
    for goal in goals:
        target = goal.target
        if goal.form == "fact" and not tool.knows(slots, target):
            reader.problem("goal", "unknown_fact", f"the scene has no fact {target!r}")
        slot = slots.get(target)
        if goal.form == "fact" and slot and slot.values and goal.test in {"is", "exact", "one_of"}:
            for value in {word for text in goal.values for word in text.values()} - set(slot.values):
                if "{" not in value:
                    reader.problem("goal", "unknown_value", f"{target} is never {value!r}")
