"""The engines in use, one for each course of each bank, made when first needed and kept.

Laying a course out costs far more than deciding, and an engine holds nothing of any pupil, so it is shared by all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.campaign.engine import CampaignEngine
from exam.courses import NONE_MADE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.bank import Bank
    from exam.content import Course


class Engines:
    """Engines by bank digest and course; a bank with the same digest is the same bank."""

    __slots__ = ("_engines",)

    def __init__(self) -> None:
        self._engines: dict[tuple[str, str], CampaignEngine] = {}

    def engine_for(self, bank: Bank, course: str, made: Mapping[str, Course] = NONE_MADE) -> CampaignEngine:
        """Return the engine of a course of the bank, or of those `made`, whose ids say all of them; raises `UnknownCourse`."""
        key = (bank.digest, course)
        engine = self._engines.get(key)
        if engine is None:
            engine = self._engines[key] = CampaignEngine(bank, course, made)
        return engine
