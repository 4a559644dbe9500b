"""More than two hundred items of the starter bank are answered on the real page, and graded as the reference solver says.

Every kind and every simulator is met, rightly answered and wrongly answered. The grade looked at is the one the server
gives over HTTP, beside the expected answer it shows at a checkpoint.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest
from page_answers import LANG, give
from page_browser import open_course, signed_in
from page_site import running_site
from starter_round import chosen, write_round_bank

from exam.grading import expected
from exam.kinds import KINDS
from exam.present import present
from exam.seed import sitting_seed
from exam.simulators import SIMULATORS
from kiosk.bank_files import load_bank, starter_bank
from web.question import dress

if TYPE_CHECKING:
    from pathlib import Path

    from page_site import Site
    from playwright.sync_api import Browser, Page, Route

    from exam.bank import Bank

pytestmark = pytest.mark.journey
COURSES = ("ronde-1", "ronde-2")
"""A course has at most two hundred topics."""

LEAST = 200
_STATE = "() => JSON.parse(document.getElementById('page').textContent)"
_TO_QUESTION = "main a.btn.do"


def _known(bank: Bank, items: list[str], seed: bytes) -> dict[str, str]:
    """Return the item of each question as a page of this sitting receives it."""
    found = {
        _bytes(dress(msgspec.to_builtins(present(bank, item, seed, LANG)), LANG)): item for item in items
    }
    assert len(found) == len(items)
    return found


def _bytes(question: object) -> str:
    return json.dumps(question, sort_keys=True, default=str)


class Wire:
    """The server's answers to this page, read on their way: a page that moves on takes its answers with it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._told: list[dict[str, Any]] = []
        page.route("**/answers", self._pass)

    def _pass(self, route: Route) -> None:
        reply = route.fetch()
        assert reply.status == 200, reply.text()
        self._told.append(reply.json())
        route.fulfill(response=reply)

    def send(self) -> dict[str, Any]:
        """Validate, and return the state that the server's answer names."""
        with self._page.expect_response("**/answers"):
            self._page.click("#validate")
        state: dict[str, Any] = self._told[-1]["state"]
        return state


def _go_on(page: Page, place: str, state: dict[str, Any]) -> dict[str, Any]:
    """Wait for another place than `place`, through the checkpoint when there is one; return the state shown."""
    if state["checkpoint"]:
        page.wait_for_url("**/checkpoint**")
        page.click(_TO_QUESTION)
        page.wait_for_selector("body:not(.waiting)")
        shown: dict[str, Any] = page.evaluate(_STATE)["state"]
        return shown
    page.wait_for_function("was => document.getElementById('place').textContent !== was", arg=place)
    return state


class Round(NamedTuple):
    """What was done in one sitting: items in the order asked, whether each was answered rightly, and what the server says."""

    seed: bytes
    items: list[str]
    rightly: list[bool]
    recaps: list[dict[str, Any]]


def _round(page: Page, wire: Wire, site: Site, bank: Bank, groups: dict[str, list[str]]) -> Round:
    """Answer every question of a course, one in two of each kind wrongly."""
    first = page.evaluate(_STATE)
    seed = sitting_seed(first["participation"], bank.digest)
    known = _known(bank, [item for asked in groups.values() for item in asked], seed)
    group_of = {item: group for group, asked in groups.items() for item in asked}
    met: Counter[str] = Counter()
    done = Round(seed, [], [], [])
    state: dict[str, Any] = first["state"]
    while state["state"] != "finished":
        item = known[_bytes(state["question"])]
        done.items.append(item)
        done.rightly.append(met[group_of[item]] % 2 == 0)
        met[group_of[item]] += 1
        give(page, bank, item, seed, rightly=done.rightly[-1])
        place = page.inner_text("#place")
        state = wire.send()
        if state["state"] != "finished":
            state = _go_on(page, place, state)
    page.wait_for_url("**/end")
    done.recaps.extend(_recaps(page, f"{site.url}{first['api']}", len(done.items)))
    return done


def _recaps(page: Page, api: str, count: int) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for until in [*range(5, count + 1, 5), count]:
        reply = page.request.get(f"{api}/checkpoint?until={until}")
        assert reply.ok, reply.text()
        found |= {recap["number"]: recap for recap in reply.json()["recaps"]}
    return [found[number] for number in range(1, count + 1)]


@pytest.fixture
def rounds(tmp_path: Path, browser: Browser, groups: dict[str, list[str]]) -> tuple[Bank, list[Round]]:
    """Return the bank asked, and one sitting of each course, on one signed-in page."""
    items = [item for group in groups.values() for item in group]
    folder = write_round_bank(
        tmp_path / "bank", {name: items[place :: len(COURSES)] for place, name in enumerate(COURSES)}
    )
    bank = load_bank(folder)
    with running_site(tmp_path / "home", folder) as site:
        owner = site.person("lemaire", "teacher", "Anne", "Lemaire")
        site.person("ines", "pupil", "Inès", "Benali")
        context = signed_in(site, browser, "ines")
        page = context.new_page()
        page.set_default_timeout(20_000)
        done, wire = [], Wire(page)
        for course in COURSES:
            open_course(site, page, site.campaign(owner, course))
            done.append(_round(page, wire, site, bank, groups))
        context.close()
    return bank, done


@pytest.fixture
def groups() -> dict[str, list[str]]:
    """Return the items to ask, by kind and by simulator."""
    return chosen(load_bank(starter_bank()))


def test_two_hundred_items_are_graded_as_the_reference_solver_says(
    rounds: tuple[Bank, list[Round]], groups: dict[str, list[str]]
) -> None:
    bank, sittings = rounds
    rightly: dict[str, set[bool]] = defaultdict(set)
    for done in sittings:
        told = list(zip(done.items, done.rightly, done.recaps, strict=True))
        assert [(item, recap["outcome"]) for item, _, recap in told] == [
            (item, "ok" if well else "ko") for item, well, _ in told
        ]
        assert [recap["expected"] for recap in done.recaps] == [
            expected(bank, item, done.seed, LANG) for item in done.items
        ]
        for group, asked in groups.items():
            rightly[group] |= {well for item, well, _ in told if item in asked}
    answered = [item for done in sittings for item in done.items]
    assert len(set(answered)) == len(answered) >= LEAST
    assert sorted(answered) == sorted(item for asked in groups.values() for item in asked)
    assert rightly == {group: {True, False} for group in groups}
    assert set(groups) == {*SIMULATORS, *KINDS} - {"simulator"}
