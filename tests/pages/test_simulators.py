"""Each tool is used through the real question page: rightly, wrongly, by keyboard, in every look, and across a reload."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from page_browser import LOOKS, axe_violations, open_course, signed_in
from page_site import Site, running_site
from simulator_bank import ALL, write_simulator_bank
from simulator_examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page

    from kiosk.people import Person

    Act = Callable[[FrameLocator], None]

pytestmark = pytest.mark.journey
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def tools_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("tools")
    with running_site(folder / "home", write_simulator_bank(folder / "bank")) as started:
        yield started


@pytest.fixture(scope="module")
def owner(tools_site: Site) -> Person:
    return tools_site.person("lemaire", "teacher", "Anne", "Lemaire")


@pytest.fixture
def pupil(tools_site: Site, browser: Browser) -> Iterator[BrowserContext]:
    username = f"outils{next(_numbers)}"
    tools_site.person(username, "pupil", "Inès", "Benali")
    context = signed_in(tools_site, browser, username)
    yield context
    context.close()


def opened(site: Site, owner: Person, pupil: BrowserContext, name: str) -> tuple[Page, FrameLocator]:
    page = pupil.new_page()
    page.set_default_timeout(10_000)
    open_course(site, page, site.campaign(owner, name))
    tool = page.frame_locator("iframe.simulator")
    tool.locator("#tool *").first.wait_for()
    return page, tool


def press(tool: FrameLocator, name: str) -> None:
    tool.get_by_role("button", name=name).first.click()


def choose(tool: FrameLocator, label: str, option: str) -> None:
    tool.get_by_label(label, exact=True).first.select_option(label=option)


def write(tool: FrameLocator, label: str, text: str) -> None:
    tool.get_by_label(label, exact=True).first.fill(text)


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


def close_ranks(tool: FrameLocator) -> None:
    choose(tool, "Qui voit vos publications", "vos amis")
    press(tool, "Personnes")
    press(tool, "Refuser")


def befriend(tool: FrameLocator) -> None:
    press(tool, "Personnes")
    press(tool, "Accepter")


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


def right_terminal(tool: FrameLocator) -> None:
    command(tool, "ls", "mv chat*.txt photos", "ls photos")


WAYS: dict[str, tuple[Act, Act]] = {
    "whole": (report, report_the_other),
    "mailbox": (forward, lambda tool: forward(tool, "autre@college-orvane.example")),
    "browser": (protect, wipe),
    "files": (tidy, lambda tool: tidy(tool, "Divers")),
    "spreadsheet": (add_up, lambda tool: add_up(tool, "=B2+B2")),
    "writer": (make_title, lambda tool: make_title(tool, "Titre 1")),
    "permissions": (forbid, lambda tool: forbid(tool, "Toujours autoriser")),
    "network": (connect, fly),
    "terminal": (right_terminal, lambda tool: command(tool, "cp chat*.txt photos")),
    "blocks": (four_times, lambda tool: program(tool, *["avancer"] * 4)),
    "social": (close_ranks, befriend),
    "calendar": (plan, lambda tool: plan(tool, "15:00")),
    "image": (shrink, lambda tool: shrink(tool, "PNG")),
}


def result(page: Page) -> str:
    page.wait_for_selector("#validate[aria-disabled=false]")
    page.click("#validate")
    page.wait_for_url("**/end")
    return page.inner_text(".figure")


def test_every_tool_is_used_here() -> None:
    assert WAYS.keys() == examples().keys()


def faults_in_every_look(page: Page) -> list[str]:
    """Return what axe finds inside the frame in each theme and size, with sideways scrolling counted as a fault."""
    frame = page.frames[1]
    faults = axe_violations(page)
    for theme, size in LOOKS:
        page.set_viewport_size(size)
        frame.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        frame.evaluate("() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => null)))")
        faults += [f"{theme} {size['width']}: {fault}" for fault in axe_violations(frame)]
        if frame.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{theme} {size['width']}: scrolls sideways")
    return faults


@pytest.mark.parametrize("name", WAYS)
def test_a_tool_used_rightly_gives_the_whole_score_and_is_accessible_in_every_look(
    tools_site: Site, owner: Person, pupil: BrowserContext, name: str
) -> None:
    page, tool = opened(tools_site, owner, pupil, name)
    assert axe_violations(page.frames[1]) == []
    WAYS[name][0](tool)
    assert faults_in_every_look(page) == []
    assert result(page).startswith("100")


def _shown(page: Page) -> str:
    """Return which example the page shows, once its tool is drawn."""
    page.frame_locator("iframe.simulator").locator("#tool *").first.wait_for()
    asked = page.inner_text("#instruction")
    return next((name for name in WAYS if asked.startswith(f"Que faire, {name}")), "whole")


def test_every_tool_used_wrongly_gives_nothing_in_one_sitting(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page = pupil.new_page()
    page.set_default_timeout(20_000)
    open_course(tools_site, page, tools_site.campaign(owner, ALL))
    met = set()
    while not page.url.endswith("/end"):
        name = _shown(page)
        met.add(name)
        WAYS[name][1](page.frame_locator("iframe.simulator"))
        page.wait_for_selector("#validate[aria-disabled=false]")
        before = page.inner_text("#instruction")
        page.click("#validate")
        page.wait_for_function(
            "before => !document.querySelector('#instruction') || document.querySelector('#instruction').innerText !== before",
            arg=before,
        )
        if page.url.endswith("/checkpoint"):
            page.locator("main a.btn.do, main button.do").first.click()
            page.wait_for_selector("body:not(.waiting)")
    assert met == WAYS.keys()
    assert page.inner_text(".figure").startswith("0")


def test_nothing_can_be_validated_before_something_is_done(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, owner, pupil, "permissions")
    assert page.get_attribute("#validate", "aria-disabled") == "true"
    page.click("#pass")
    page.wait_for_url("**/end")


def test_a_reload_finds_the_tool_as_it_was_left(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page, tool = opened(tools_site, owner, pupil, "calendar")
    plan(tool)
    page.wait_for_selector("#validate[aria-disabled=false]")
    page.reload()
    tool.locator("#tool *").first.wait_for()
    page.wait_for_selector("#validate[aria-disabled=false]")
    assert result(page).startswith("100")


def _tab_to(page: Page, key: str) -> None:
    """Press Tab until the control of that key has the keyboard, in the frame or on the page."""
    frame = page.frames[1]
    for _ in range(60):
        if frame.evaluate("key => document.hasFocus() && document.activeElement.dataset.k === key", key):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{key} is not reached by Tab")


def _validate_by_keyboard(page: Page) -> None:
    page.wait_for_selector("#validate[aria-disabled=false]")
    for _ in range(60):
        if page.evaluate("() => document.activeElement.id === 'validate'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/end")


def test_a_message_is_reported_with_the_keyboard_alone(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page, tool = opened(tools_site, owner, pupil, "whole")
    _tab_to(page, "m-m2")
    page.keyboard.press("Enter")
    _tab_to(page, "report")
    page.keyboard.press("Space")
    assert tool.locator("#news").inner_text() == "Message signalé."
    _validate_by_keyboard(page)
    assert page.inner_text(".figure").startswith("100")


def test_a_program_is_written_with_the_keyboard_alone(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, owner, pupil, "blocks")
    _tab_to(page, "add-repeat")
    page.keyboard.press("Enter")
    _tab_to(page, "add-move")
    page.keyboard.press("Enter")
    _tab_to(page, "times-0")
    page.keyboard.type("4")
    _validate_by_keyboard(page)
    assert page.inner_text(".figure").startswith("100")


def test_a_sheet_is_walked_and_filled_with_the_keyboard_alone(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, owner, pupil, "spreadsheet")
    _tab_to(page, "c-A1")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type("=SUM(B2:B3)")
    page.keyboard.press("Enter")
    _validate_by_keyboard(page)
    assert page.inner_text(".figure").startswith("100")


def test_the_frame_has_no_origin_no_network_and_no_way_to_the_page(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, owner, pupil, "terminal")
    frame = page.frames[1]
    assert frame.evaluate("() => origin") == "null"
    assert frame.evaluate("() => fetch('/api/v1/me').then(() => 'sent', () => 'refused')") == "refused"
    assert (
        frame.evaluate("() => { try { return String(parent.document) } catch { return 'refused' } }")
        == "refused"
    )


def test_what_a_frame_says_that_is_no_short_text_is_left_aside(
    tools_site: Site, owner: Person, pupil: BrowserContext
) -> None:
    page, _ = opened(tools_site, owner, pupil, "files")
    page.frames[1].evaluate(
        "() => parent.postMessage({type: 'changes', changes: {'file.f1.in': {deep: 1}}}, '*')"
    )
    page.frames[1].evaluate("() => new Promise(soon => setTimeout(soon))")
    assert page.get_attribute("#validate", "aria-disabled") == "true"
    page.frames[1].evaluate(
        "() => parent.postMessage({type: 'changes', changes: {'file.f1.in': 'nowhere'}}, '*')"
    )
    page.wait_for_selector("#validate[aria-disabled=false]")
    page.click("#validate")
    page.wait_for_selector("#refusal:not(:empty)")
