"""The page of a simulator's frame: who gets it, and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exam.simulators import SIMULATORS

if TYPE_CHECKING:
    from kiosk_site import Site


@pytest.mark.parametrize("tool", SIMULATORS)
async def test_a_tool_is_a_page_with_scripts_and_nothing_else(site: Site, tool: str) -> None:
    reply = await site.lea.get(f"/simulators/{tool}")
    assert reply.status == 200
    policy = reply.headers["Content-Security-Policy"].split("; ")
    assert {
        "default-src 'none'",
        "script-src 'self'",
        "sandbox allow-scripts",
        "frame-ancestors 'self'",
    } <= set(policy)
    assert not any(rule.startswith(("connect-src", "img-src", "frame-src")) for rule in policy)
    assert "no-store" in reply.headers["Cache-Control"]


async def test_a_stranger_signs_in_first_and_an_unknown_tool_is_not_found(site: Site) -> None:
    assert (await site.stranger.get("/simulators/mailbox")).status == 303
    assert (await site.lea.get("/simulators/oven")).status == 404


async def test_only_the_question_page_may_show_a_frame(site: Site) -> None:
    participation = await site.joined()
    question = await site.lea.get(f"/participations/{participation}/question")
    home = await site.lea.get("/")
    assert "frame-src 'self'" in question.headers["Content-Security-Policy"]
    assert "frame-src" not in home.headers["Content-Security-Policy"]
