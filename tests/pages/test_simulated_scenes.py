"""Every scene of the starter bank is drawn by its tool, untouched and solved, without an error and within a phone's width."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
import pytest
from page_browser import SMALL, axe_violations, open_course

from exam.grading import solve
from exam.items import Simulator
from exam.present import present
from kiosk.bank_files import load_bank, starter_bank

if TYPE_CHECKING:
    from page_browser import NewPupil
    from page_site import Site
    from playwright.sync_api import Frame, Page

    from kiosk.people import Person

pytestmark = pytest.mark.journey
SEED = b"a seed of thirty-two bytes......"
_PUT = """name => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.src = `/simulators/${name}`;
  document.querySelector("iframe.simulator").replaceWith(frame);
  frame.className = "simulator";
  return new Promise(done => addEventListener("message", event => event.data.type === "ready" && done()));
}"""
_SHOW = "message => document.querySelector('iframe.simulator').contentWindow.postMessage({type: 'show', ...message}, '*')"


def _tool_in(page: Page, name: str) -> Frame:
    page.evaluate(_PUT, name)
    return next(frame for frame in page.frames if f"/simulators/{name}" in frame.url)


def _scenes() -> dict[str, list[tuple[str, object]]]:
    bank = load_bank(starter_bank())
    found: dict[str, list[tuple[str, object]]] = defaultdict(list)
    for item in bank.items.values():
        if isinstance(item.spec, Simulator):
            fields = msgspec.to_builtins(present(bank, item.id, SEED, "fr").fields)
            for changes in ({}, solve(bank, item.id, SEED, "fr")):
                message = {
                    "scene": fields.get("scene", {}),
                    "start": fields.get("start", {}),
                    "changes": changes,
                }
                found[item.spec.simulator].append((item.id, message))
    return found


def test_every_scene_is_drawn_untouched_and_solved(site: Site, teacher: Person, new_pupil: NewPupil) -> None:
    page = new_pupil().new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_course(site, page, site.campaign(teacher, "simulator"))
    page.set_viewport_size(SMALL)
    faults = []
    all_scenes = _scenes()
    assert len(all_scenes) >= 10
    for name, scenes in all_scenes.items():
        tool = _tool_in(page, name)
        for item, message in scenes:
            page.evaluate(_SHOW, message)
            tool.wait_for_function("() => document.querySelector('#tool').children.length > 0")
            if tool.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{item} scrolls sideways")
            if errors:
                faults.append(f"{item}: {errors.pop()}")
        faults += [f"{name}: {fault}" for fault in axe_violations(tool)]
    assert faults == []
