"""The tools of a machine (permissions, network, terminal, blocks), used rightly in every look, then wrongly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from page_browser import axe_violations, open_course
from page_tools import Ways, choose, faults_in_every_look, opened, press, result, used_wrongly
from simulator_bank import FAMILIES

if TYPE_CHECKING:
    from page_site import Site
    from playwright.sync_api import BrowserContext, FrameLocator

    from kiosk.people import Person

pytestmark = pytest.mark.journey
FAMILY = "machine"


def forbid(tool: FrameLocator, position: str = "Seulement si l’application est ouverte") -> None:
    press(tool, "Lampe torche")
    choose(tool, "Contacts", "Refuser")
    press(tool, "Plan des bus")
    choose(tool, "Position", position)


def connect(tool: FrameLocator) -> None:
    tool.get_by_label("Mode avion").uncheck()
    tool.get_by_label("Wi-Fi", exact=True).check()
    name = re.compile(r"CDI-(\d+)")
    network = tool.get_by_role("button", name=name)
    number = name.search(network.inner_text())
    assert number
    network.click()
    field = tool.locator("[data-k='wifi.password']")
    field.fill(f"lune-{number[1]}")


def fly(tool: FrameLocator) -> None:
    tool.get_by_label("Bluetooth").check()


def command(tool: FrameLocator, *lines: str) -> None:
    for line in lines:
        tool.locator("#command").fill(line)
        tool.locator("#command").press("Enter")


def program(tool: FrameLocator, *blocks: str) -> None:
    for block in blocks:
        press(tool, f"Ajouter\u00a0: {block}")


def four_times(tool: FrameLocator) -> None:
    program(tool, "répéter", "avancer")
    tool.get_by_label("Nombre de fois").select_option("4")
    press(tool, "Essayer")


def right_terminal(tool: FrameLocator) -> None:
    command(tool, "ls", "mv chat*.txt photos", "ls photos")


WAYS: Ways = {
    "permissions": (forbid, lambda tool: forbid(tool, "Toujours autoriser")),
    "network": (connect, fly),
    "terminal": (right_terminal, lambda tool: command(tool, "cp chat*.txt photos")),
    "blocks": (four_times, lambda tool: program(tool, *["avancer"] * 4)),
}


def test_every_tool_of_the_family_is_used_here() -> None:
    assert set(WAYS) == set(FAMILIES[FAMILY])


@pytest.mark.parametrize("name", WAYS)
def test_a_tool_used_rightly_gives_the_whole_score_and_is_accessible_in_every_look(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext, name: str
) -> None:
    page, tool = opened(tools_site, tools_owner, tools_pupil, name)
    assert axe_violations(page.frames[1]) == []
    WAYS[name][0](tool)
    assert faults_in_every_look(page) == []
    assert result(page).startswith("100")


def test_every_tool_used_wrongly_gives_nothing_in_one_sitting(
    tools_site: Site, tools_owner: Person, tools_pupil: BrowserContext
) -> None:
    page = tools_pupil.new_page()
    page.set_default_timeout(20_000)
    open_course(tools_site, page, tools_site.campaign(tools_owner, FAMILY))
    assert used_wrongly(page, WAYS) == WAYS.keys()
    assert page.inner_text(".figure").startswith("0")
