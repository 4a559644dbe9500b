"""Programming a robot on a grid with blocks: the answer is the program, run here by `exam.simulators.robot`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import LONG, Simulator, Slot, shown
from exam.simulators.robot import NESTED, SIMPLE, ProgramError, Robot, blocks_in, parse
from exam.simulators.schema import NO, YES, Schema, count, maybe_words, one_of

if TYPE_CHECKING:
    from exam.reading import Reader
    from exam.simulators.base import Facts
    from exam.simulators.schema import Node

MAX_SIDE = 12
_SIGNS = frozenset("#.RGo")


def _grid(reader: Reader, key: str) -> Node:
    lines = [line for line in reader.strings(key, required=True) if line]
    widths = {len(line) for line in lines}
    signs = "".join(lines)
    if len(widths) != 1 or max(widths) > MAX_SIDE or len(lines) > MAX_SIDE:
        reader.problem(key, "bad_grid", f"a grid has lines of one length, at most {MAX_SIDE} by {MAX_SIDE}")
    elif set(signs) - _SIGNS or signs.count("R") != 1:
        reader.problem(key, "bad_grid", "a grid is made of # . R G o, with one R")
    return lines or ["R"]


def _blocks(reader: Reader, key: str) -> Node:
    found = list(reader.strings(key, required=True))
    for name in found:
        if name not in SIMPLE + NESTED:
            reader.problem(key, "unknown_value", f"{name[:20]!r} is not one of {', '.join(SIMPLE + NESTED)}")
    return found


class Blocks(Simulator):
    """Write a program."""

    name = "blocks"
    derived = r"run\.(arrived|crashed|taken|left|steps|blocks|endless|at)|uses"
    schema: ClassVar[Schema] = {
        "grid": _grid,
        "facing": one_of("north", "east", "south", "west", default="east"),
        "blocks": _blocks,
        "max_blocks": count(1, 60, 30),
        "program": maybe_words,
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return the program."""
        return {"program": Slot(shown(scene, "program"), length=LONG)}

    def derive(self, scene: dict[str, Node], facts: Facts) -> Facts:
        """Return what running the program does; a text that is no program does nothing."""
        try:
            blocks = parse(facts.get("program", ""))
        except ProgramError:
            return {}
        kinds = blocks_in(blocks)
        if len(kinds) > scene["max_blocks"] or not set(kinds) <= set(scene["blocks"]):
            return {}
        robot = Robot(scene["grid"], scene["facing"])
        robot.run(blocks)
        return {
            "run.arrived": YES if robot.arrived else NO,
            "run.crashed": YES if robot.crashed else NO,
            "run.endless": YES if robot.endless else NO,
            "run.taken": str(robot.taken),
            "run.left": str(len(robot.balls)),
            "run.steps": str(robot.steps),
            "run.blocks": str(len(kinds)),
            "run.at": f"{robot.column + 1},{robot.row + 1}",
            "uses": " ".join(sorted(set(kinds))),
        }
