"""The kinds of question: one module each, one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exam.kinds.dropdowns import DropDownsKind
from exam.kinds.fill_blanks import FillBlanksKind
from exam.kinds.hand_back import HandBackKind
from exam.kinds.matching import MatchingKind
from exam.kinds.multiple_choice import MultipleChoiceKind
from exam.kinds.number import NumberKind
from exam.kinds.ordering import OrderingKind
from exam.kinds.short_text import ShortTextKind
from exam.kinds.simulator import SimulatorKind
from exam.kinds.single_choice import SingleChoiceKind

if TYPE_CHECKING:
    from exam.kinds.base import Kind

KINDS: dict[str, Kind[Any, Any]] = {
    kind.name: kind
    for kind in (
        SingleChoiceKind(),
        MultipleChoiceKind(),
        ShortTextKind(),
        NumberKind(),
        FillBlanksKind(),
        DropDownsKind(),
        OrderingKind(),
        MatchingKind(),
        HandBackKind(),
        SimulatorKind(),
    )
}
"""Every kind by its name in an item's file."""
