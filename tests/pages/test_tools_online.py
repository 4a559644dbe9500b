"""The tools of life online (mailbox, browser, social network), used rightly in every look, then wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_browser import axe_violations, open_course
from page_tools import Ways, choose, faults_in_every_look, opened, press, result, used_wrongly, write
from simulator_bank import FAMILIES

if TYPE_CHECKING:
    from page_site import Site
    from playwright.sync_api import BrowserContext, FrameLocator

    from kiosk.people import Person

pytestmark = pytest.mark.journey
FAMILY = "online"


def report(tool: FrameLocator) -> None:
    press(tool, "Dernier rappel")
    press(tool, "Signaler comme hameçonnage")


def report_the_other(tool: FrameLocator) -> None:
    press(tool, "Menus de la semaine")
    press(tool, "Signaler comme hameçonnage")


def forward(tool: FrameLocator, to: str = "cpe@college-orvane.example") -> None:
    press(tool, "Affiche")
    press(tool, "Transférer")
    write(tool, "À", to)
    write(tool, "Cci", "Parents@college-orvane.example")
    press(tool, "Envoyer")


def protect(tool: FrameLocator) -> None:
    press(tool, "Réglages")
    choose(tool, "Cookies", "Refuser les cookies tiers")
    press(tool, "Sites")
    choose(tool, "Position", "Bloquer")


def wipe(tool: FrameLocator) -> None:
    protect(tool)
    press(tool, "Historique")
    press(tool, "Tout effacer")


def close_ranks(tool: FrameLocator) -> None:
    choose(tool, "Qui voit vos publications", "vos amis")
    press(tool, "Personnes")
    press(tool, "Refuser")


def befriend(tool: FrameLocator) -> None:
    press(tool, "Personnes")
    press(tool, "Accepter")


WAYS: Ways = {
    "whole": (report, report_the_other),
    "mailbox": (forward, lambda tool: forward(tool, "autre@college-orvane.example")),
    "browser": (protect, wipe),
    "social": (close_ranks, befriend),
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
