"""Giving a known answer to a question through the real page, as a hand would: its fields, buttons, lists and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from right_files import beside_file, right_file

from exam.errors import BadAnswer
from exam.grading import check_answer, grade, solve, wrong
from exam.items import HandBack, Ordering, Simulator
from exam.present import present
from exam.simulators import SIMULATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from exam.bank import Bank
    from exam.events import Answer

LANG = "fr"
_POST = "changes => parent.postMessage({type: 'changes', changes}, '*')"


def answer_for(bank: Bank, item: str, seed: bytes, *, rightly: bool) -> Answer:
    """Return what the reference solver answers, or a wrong answer that a page can send."""
    if rightly:
        return solve(bank, item, seed, LANG)
    if isinstance(bank.items[item].spec, Simulator):
        return _wrong_changes(bank, item, seed)
    if isinstance(bank.items[item].spec, Ordering):
        first, *others = _texts(solve(bank, item, seed, LANG))
        return [*others, first]
    return wrong(bank, item, seed, LANG)


def _texts(answer: Answer) -> list[str]:
    assert isinstance(answer, list)
    return answer


def _wrong_changes(bank: Bank, item: str, seed: bytes) -> dict[str, str]:
    """Return something done in the tool that is not what was asked: the work half done, or another fact changed."""
    for changes in _attempts(bank, item, seed):
        try:
            check_answer(bank, item, seed, LANG, changes)
        except BadAnswer:
            continue
        if changes and grade(bank, item, seed, LANG, changes, 0) == "ko":
            return changes
    raise AssertionError(f"nothing wrong can be done in {item}")


def _attempts(bank: Bank, item: str, seed: bytes) -> Iterator[dict[str, str]]:
    solved = solve(bank, item, seed, LANG)
    assert isinstance(solved, dict)
    for left_out in sorted(solved):
        yield {key: value for key, value in solved.items() if key != left_out}
    fields = present(bank, item, seed, LANG).fields
    for key, slot in SIMULATORS[fields.simulator].slots(fields.scene).items():
        for value in slot.values or ("autre chose",):
            if value != fields.start.get(key, ""):
                yield {key: value}


def give(page: Page, bank: Bank, item: str, seed: bytes, *, rightly: bool) -> None:
    """Put an answer on the page, up to a button that can be pressed."""
    spec = bank.items[item].spec
    answer = answer_for(bank, item, seed, rightly=rightly)
    if isinstance(spec, HandBack):
        sent = (right_file if rightly else beside_file)(bank, item, seed, LANG)
        page.set_input_files(
            "#answer", {"name": sent.name, "mimeType": "application/octet-stream", "buffer": sent.data}
        )
    else:
        if isinstance(answer, dict) and not isinstance(spec, Simulator):
            fields = present(bank, item, seed, LANG).fields
            places = [part.blank for part in fields.parts if part.blank] + [left.id for left in fields.left]
            answer = [answer[place] for place in places]
        _WAYS[bank.items[item].kind](page, answer)
    page.wait_for_selector("#validate[aria-disabled=false]")


def _tick(page: Page, answer: Answer) -> None:
    for choice in [answer] if isinstance(answer, str) else answer:
        page.check(f"#item input[value='{choice}']")


def _type(page: Page, answer: Answer) -> None:
    assert isinstance(answer, str)
    page.fill("#answer", answer)


def _fill(page: Page, answer: Answer) -> None:
    holes = page.locator("#item .hole").all()
    for hole, value in zip(holes, _texts(answer), strict=True):
        hole.fill(value)


def _choose(page: Page, answer: Answer) -> None:
    selects = page.locator("#item select").all()
    for select, value in zip(selects, _texts(answer), strict=True):
        select.select_option(value)


def _order(page: Page, answer: Answer) -> None:
    entries = page.locator("#item .order > li")
    for wanted, entry in enumerate(_texts(answer)):
        shown = entries.evaluate_all("all => all.map(one => one.dataset.id)")
        for _ in range(shown.index(entry) - wanted):
            page.locator(f"#item .order > li[data-id='{entry}'] button").first.click()


def _do(page: Page, answer: Answer) -> None:
    page.frame_locator("iframe.simulator").locator("#tool *").first.wait_for()
    frame = next(frame for frame in page.frames if "/simulators/" in frame.url and not frame.is_detached())
    frame.evaluate(_POST, answer)


_WAYS: dict[str, Callable[[Page, Answer], None]] = {
    "single_choice": _tick,
    "multiple_choice": _tick,
    "short_text": _type,
    "number": _type,
    "fill_blanks": _fill,
    "dropdowns": _choose,
    "matching": _choose,
    "ordering": _order,
    "simulator": _do,
}
