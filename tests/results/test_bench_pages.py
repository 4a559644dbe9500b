"""The bench of pages measures what it says, on a school small enough for a test."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.bench.pages import run_pages
from kiosk.bench.school import Size

pytestmark = pytest.mark.journey


def test_every_staff_page_answers_on_a_filled_school_and_pupils_answer_beside_exports() -> None:
    figures: dict[str, Any] = run_pages(Size(40, 4, 120, 1), rounds=1, seconds=1)
    assert figures["refused"] == {}
    asked = {page["path"] for page in figures["pages"]}
    assert {
        "/staff",
        "/staff/campaigns/{id}",
        "/staff/campaigns/{id}/results",
        "/staff/documentation",
    } <= asked
    assert any(path.startswith("/staff/pupils/{id") for path in asked)
    assert figures["answers_quiet"]["answers"] > 0
    assert figures["answers_while_exporting"]["answers"] > 0
    assert figures["answers_while_exporting"]["exported_mib"] > 0
