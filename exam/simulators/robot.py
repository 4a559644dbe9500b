"""Running a robot's program on a grid, step by step and never for ever.

A program is words: `move left repeat:3[ move ] if_wall[ right ] else[ move ] until_goal[ … ]`. Words that mean nothing, too
deep a nesting and too many blocks make no program at all. Every block done costs one tick; a program that uses them all is
endless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_BLOCKS, MAX_DEPTH, MAX_TICKS, MAX_REPEAT = 60, 6, 3000, 20
SIMPLE = ("move", "left", "right", "take")
NESTED = ("repeat", "until_goal", "if_wall", "if_free", "if_ball", "else")
_WORD = re.compile(
    r"(repeat):([0-9]{1,2})\[|(until_goal|if_wall|if_free|if_ball|else)\[|(move|left|right|take)|(\])"
)
_TURNS = ("north", "east", "south", "west")
_STEPS = {"north": (0, -1), "east": (1, 0), "south": (0, 1), "west": (-1, 0)}


@dataclass(slots=True)
class Block:
    """One block: its kind, how many times (repeat), and the blocks it holds."""

    kind: str
    times: int = 0
    inner: list[Block] = field(default_factory=list)


class ProgramError(ValueError):
    """The words are no program."""


def parse(program: str) -> list[Block]:
    """Return the blocks of a program; raises `ProgramError`."""
    top: list[Block] = []
    opened = [top]
    total = 0
    for word in program.split():
        match = _WORD.fullmatch(word)
        if match is None:
            raise ProgramError("unknown word")
        if match[5]:
            if len(opened) == 1:
                raise ProgramError("nothing to close")
            opened.pop()
            continue
        total += 1
        block = Block(match[1] or match[3] or match[4], int(match[2] or 0))
        _check_place(block, opened[-1])
        opened[-1].append(block)
        if not match[4]:
            opened.append(block.inner)
        if total > MAX_BLOCKS or len(opened) > MAX_DEPTH:
            raise ProgramError("too many blocks")
    if len(opened) > 1:
        raise ProgramError("something is left open")
    return top


def _check_place(block: Block, before: list[Block]) -> None:
    if block.kind == "else" and not (before and before[-1].kind.startswith("if_")):
        raise ProgramError("else follows an if")
    if block.times > MAX_REPEAT:
        raise ProgramError("too many times")


def blocks_in(blocks: list[Block]) -> list[str]:
    """Return the kinds of all the blocks, those inside others included."""
    return [kind for block in blocks for kind in (block.kind, *blocks_in(block.inner))]


class _Stopped(Exception):  # it ends a run, it is no error
    pass


class Robot:
    """A robot on its grid; `run` leaves what happened in its attributes."""

    def __init__(self, grid: list[str], facing: str) -> None:
        self.grid = grid
        self.facing = _TURNS.index(facing)
        self.column, self.row = next(
            ((x, y) for y, line in enumerate(grid) for x, sign in enumerate(line) if sign == "R"), (0, 0)
        )
        self.balls = {(x, y) for y, line in enumerate(grid) for x, sign in enumerate(line) if sign == "o"}
        self.taken = self.steps = self.ticks = 0
        self.crashed = self.endless = False

    def run(self, blocks: list[Block]) -> None:
        """Do a program until its end, a wall or the last tick."""
        try:
            self._do(blocks)
        except _Stopped:
            return

    @property
    def arrived(self) -> bool:
        """Return whether the robot stands on the goal."""
        return self.grid[self.row][self.column] == "G"

    def _tick(self) -> None:
        self.ticks += 1
        if self.ticks > MAX_TICKS:
            self.endless = True
            raise _Stopped

    def _do(self, blocks: list[Block]) -> None:
        held = True
        for block in blocks:
            self._tick()
            if block.kind == "else":
                if not held:
                    self._do(block.inner)
            elif block.kind.startswith("if_"):
                held = self._sees(block.kind)
                if held:
                    self._do(block.inner)
            elif block.kind == "until_goal":
                while not self.arrived:
                    self._tick()
                    self._do(block.inner)
            elif block.kind == "repeat":
                for _ in range(block.times):
                    self._do(block.inner)
            else:
                self._act(block.kind)

    def _act(self, kind: str) -> None:
        if kind == "take":
            if (self.column, self.row) in self.balls:
                self.balls.remove((self.column, self.row))
                self.taken += 1
        elif kind == "move":
            column, row = self._ahead()
            if self._wall(column, row):
                self.crashed = True
                raise _Stopped
            self.column, self.row = column, row
            self.steps += 1
        else:
            self.facing = (self.facing + (1 if kind == "right" else -1)) % 4

    def _ahead(self) -> tuple[int, int]:
        step = _STEPS[_TURNS[self.facing]]
        return self.column + step[0], self.row + step[1]

    def _wall(self, column: int, row: int) -> bool:
        inside = 0 <= row < len(self.grid) and 0 <= column < len(self.grid[row])
        return not inside or self.grid[row][column] == "#"

    def _sees(self, kind: str) -> bool:
        if kind == "if_ball":
            return (self.column, self.row) in self.balls
        return self._wall(*self._ahead()) == (kind == "if_wall")
