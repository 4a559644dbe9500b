"""What a tool shows and what the server works out are the same: formulas and robots run on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from formula_table import CELLS, FORMULAS, IN_ENGLISH
from page_browser import open_course

from exam.seed import Draw
from exam.simulators.robot import NESTED, SIMPLE, Robot, parse

if TYPE_CHECKING:
    from page_browser import NewPupil
    from page_site import Site
    from playwright.sync_api import Page

    from kiosk.people import Person

pytestmark = pytest.mark.journey
GRID = ["#########", "#R.o..#.#", "#.###...#", "#...o.#G#", "#########"]
_SHEET = """async ([url, cells, formulas, commas]) => {
  const { Sheet } = await import(url);
  return formulas.map(formula => new Sheet(cell => ({ ...cells, C1: formula })[cell], commas).text("C1"));
}"""
_ROBOT = """async ([url, grid, programs]) => {
  const { count, parse, run, write } = await import(url);
  return programs.map(program => {
    const { trail, end } = run({ grid, facing: "east" }, parse(program));
    const at = trail.at(-1);
    return [at.x, at.y, at.balls.size, end === "crashed", end === "endless", count(parse(program)), write(parse(program)) === program];
  });
}"""


@pytest.fixture
def question(site: Site, teacher: Person, new_pupil: NewPupil) -> Page:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "simulator"))
    return page


def _module(site: Site, name: str) -> str:
    assert site.kiosk is not None
    return site.kiosk.pages.assets.url(f"js/simulators/{name}.js")


def _program(draw: Draw, depth: int) -> str:
    words: list[str] = []
    for _ in range(draw.below(3) + 1):
        kind = draw.pick([*SIMPLE, *(NESTED if depth else ())])
        if kind == "else" and not (words and words[-1].startswith("if_")):
            kind = "if_wall"
        if kind in SIMPLE:
            words.append(kind)
        else:
            head = f"repeat:{draw.below(6)}" if kind == "repeat" else kind
            words.append(f"{head}[ {_program(draw, depth - 1)} ]")
    return " ".join(words)


def test_a_sheet_shows_what_the_server_computes(site: Site, question: Page) -> None:
    for table, commas in ((FORMULAS, False), (IN_ENGLISH, True)):
        asked = [formula for formula, _ in table]
        shown = question.evaluate(_SHEET, [_module(site, "formulas"), CELLS, asked, commas])
        assert shown == [value for _, value in table]


def test_a_robot_goes_where_the_server_says(site: Site, question: Page) -> None:
    programs = [_program(Draw(b"robots", str(number)), 2) for number in range(150)]
    seen = question.evaluate(_ROBOT, [_module(site, "robot"), GRID, programs])
    for program, shown in zip(programs, seen, strict=True):
        robot = Robot(GRID, "east")
        robot.run(parse(program))
        found = [robot.column, robot.row, len(robot.balls), robot.crashed, robot.endless]
        assert shown[:5] == found, program
        assert shown[6], program
