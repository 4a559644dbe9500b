"""Each kind of question is answered with the keyboard alone, and rightly: the end page says 100 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_browser import open_course

if TYPE_CHECKING:
    from collections.abc import Callable

    from page_browser import NewPupil
    from page_site import Site
    from playwright.sync_api import Page

    from kiosk.people import Person

pytestmark = pytest.mark.journey


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def _letter_of(page: Page, *words: str) -> None:
    for word in words:
        page.keyboard.press(page.locator(".choice", has_text=word).locator("kbd").inner_text().lower())


def _single(page: Page) -> None:
    _letter_of(page, "cactus")
    page.keyboard.press("Enter")


def _multiple(page: Page) -> None:
    _letter_of(page, "cactus", "Trois")
    page.keyboard.press("Enter")


def _typed(text: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        _tab_to(page, "#answer")
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    return act


def _blanks(page: Page) -> None:
    _tab_to(page, "input[aria-label=premier]")
    page.keyboard.type("Un")
    page.keyboard.press("Tab")
    page.keyboard.type("deux")
    page.keyboard.press("Enter")


def _dropdown(page: Page) -> None:
    _tab_to(page, "#item select")
    page.keyboard.type("Fichier")
    _tab_to(page, "#validate")
    page.keyboard.press("Enter")


def _ordering(page: Page) -> None:
    def shown() -> list[str]:
        return page.locator(".order .words").all_inner_texts()

    for wanted, text in enumerate(["alpha", "bravo", "charlie"]):
        while shown().index(text) > wanted:
            page.locator(f".order button[aria-label='Monter : {text}']".replace(" :", "\u00a0:")).focus()
            page.keyboard.press("Enter")
    assert page.evaluate(
        "document.activeElement === document.body || document.activeElement.closest('.order, h1') !== null"
    )
    _tab_to(page, "#validate")
    page.keyboard.press("Enter")


def _matching(page: Page) -> None:
    for label, value in (("chat", "poils"), ("poule", "plumes")):
        select = page.get_by_label(label, exact=True)
        _tab_to(page, f"#{select.get_attribute('id')}")
        page.keyboard.type(value)
    _tab_to(page, "#validate")
    page.keyboard.press("Enter")


def _hand_back(page: Page) -> None:
    _tab_to(page, "#answer")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "notice.txt", "mimeType": "text/plain", "buffer": "Le préau.".encode()})
    page.wait_for_selector("#validate[aria-disabled=false]")
    _tab_to(page, "#validate")
    page.keyboard.press("Enter")


def _simulator(page: Page) -> None:
    tool = page.frame_locator("iframe.simulator")
    _tab_into(page, "app-a")
    page.keyboard.press("Enter")
    tool.locator("h2").wait_for()
    _tab_into(page, "app.a.contacts")
    page.keyboard.type("Refuser")
    page.wait_for_selector("#validate[aria-disabled=false]")
    _tab_to(page, "#validate")
    page.keyboard.press("Enter")


def _tab_into(page: Page, key: str) -> None:
    """Press Tab until the control of that key has the keyboard in the tool's frame."""
    page.frame_locator("iframe.simulator").locator("#tool *").first.wait_for()
    for _ in range(40):
        if page.frames[1].evaluate("key => document.activeElement.dataset.k === key", key):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{key} is not reached by Tab")


WAYS: dict[str, Callable[[Page], None]] = {
    "single-choice": _single,
    "multiple-choice": _multiple,
    "short-text": _typed("préau"),
    "number": _typed("31"),
    "fill-blanks": _blanks,
    "dropdowns": _dropdown,
    "ordering": _ordering,
    "matching": _matching,
    "hand-back": _hand_back,
    "simulator": _simulator,
}


@pytest.mark.parametrize("kind", WAYS)
def test_a_question_is_answered_without_a_mouse(
    site: Site, teacher: Person, new_pupil: NewPupil, kind: str
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, kind))
    WAYS[kind](page)
    page.wait_for_url("**/end")
    assert page.inner_text(".figure").startswith("100")


def test_an_unready_answer_is_refused_with_the_reason_beside_it(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "number"))
    page.keyboard.press("Enter")
    assert page.get_attribute("#validate", "aria-disabled") == "true"
    assert "ou passez" in page.inner_text("#refusal")


def test_letters_typed_in_a_field_or_with_control_choose_nothing(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))
    page.keyboard.press("Control+b")
    page.keyboard.press("2")
    assert page.locator(".choice input:checked").count() == 0
    page.click("#report-open")
    page.fill("#report-text", "")
    page.focus("#report-text")
    page.keyboard.type("abc")
    assert page.locator("#item .choice input:checked").count() == 0
    assert page.input_value("#report-text") == "abc"


def test_a_problem_is_reported_from_the_question(site: Site, teacher: Person, new_pupil: NewPupil) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))
    page.click("#report-open")
    page.get_by_label("Autre chose").check()
    page.fill("#report-text", "Rien ne va.")
    page.click("#report button.do")
    page.wait_for_selector("#message .say.ok")
    assert "signalé" in page.inner_text("#message")
