"""The kinds of question: one module each, one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exam.kinds.multiple_choice import MultipleChoiceKind
from exam.kinds.single_choice import SingleChoiceKind

if TYPE_CHECKING:
    from exam.kinds.base import Kind

KINDS: dict[str, Kind[Any, Any]] = {
    kind.name: kind
    for kind in (
        SingleChoiceKind(),
        MultipleChoiceKind(),
    )
}
"""Every kind by its name in an item's file."""
