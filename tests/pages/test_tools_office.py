"""The tools of an office (files, sheet, text, calendar, picture), used rightly in every look, then wrongly."""

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
FAMILY = "office"


def tidy(tool: FrameLocator, folder: str = "Exposés") -> None:
    write(tool, "Nom du nouveau dossier", folder)
    press(tool, "Créer le dossier")
    press(tool, "Musique")
    press(tool, "expose-")
    choose(tool, "Déplacer vers", folder)


def add_up(tool: FrameLocator, formula: str = "=SOMME(B2:B3)") -> None:
    tool.locator("[data-cell=B4]").click()
    tool.locator("#bar").fill(formula)
    press(tool, "Valider la cellule")


def make_title(tool: FrameLocator, style: str = "Titre du document") -> None:
    press(tool, "Le loup gris")
    choose(tool, "Style", style)


def plan(tool: FrameLocator, hour: str = "14:00") -> None:
    press(tool, "Nouvel événement")
    choose(tool, "Début", hour)
    tool.get_by_label("Tom").check()
    press(tool, "Partage des agendas")
    choose(tool, "Droits de Tom", "voir tous les détails")


def shrink(tool: FrameLocator, ending: str = "JPG") -> None:
    press(tool, "Redimensionner")
    write(tool, "Largeur, en pixels", "800")
    tool.get_by_role("button", name="Redimensionner").last.click()
    press(tool, "Exporter")
    choose(tool, "Format", ending)


WAYS: Ways = {
    "files": (tidy, lambda tool: tidy(tool, "Divers")),
    "spreadsheet": (add_up, lambda tool: add_up(tool, "=B2+B2")),
    "writer": (make_title, lambda tool: make_title(tool, "Titre 1")),
    "calendar": (plan, lambda tool: plan(tool, "15:00")),
    "image": (shrink, lambda tool: shrink(tool, "PNG")),
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
