"""What a file would change: pupils added, changed, enabled again, left as they are; and those absent from it.

Rule 1.7. Only the columns a format fills are compared and written: the id, the account, certifiability and the day a
pupil was made are never touched. Pupils who have no key of this format (made by hand) are nobody's business here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kiosk.imports.reading import Learner
    from kiosk.imports.registry import Format, Mode

Action = Literal["add", "change", "enable", "return", "disable", "delete"]
"""return: a pupil deleted before, back under the same key; for people it is an addition."""


class Known(NamedTuple):
    """A pupil already there: what this format's columns hold, in their order."""

    id: str
    key: str
    values: tuple[str | None, ...]
    disabled: bool
    deleted: bool


@dataclass(frozen=True)
class Step:
    """One thing to do to one pupil; `learner` is None for those absent from the file."""

    action: Action
    id: str
    learner: Learner | None
    changes: tuple[str, ...] = ()


@dataclass
class Plan:
    """All that would be done, and how many pupils stay as they are."""

    steps: list[Step] = field(default_factory=list)
    kept: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, step: Step) -> None:
        """Take one more step."""
        self.steps.append(step)
        self.counts[step.action] += 1
        self.fields.update(step.changes)


def plan_for(
    form: Format,
    mode: Mode,
    learners: Sequence[Learner],
    known: Iterable[Known],
    new_id: Callable[[], str],
) -> Plan:
    """Return what the file's pupils change among the known ones; `new_id` names those to add."""
    plan = Plan()
    there = {one.key: one for one in known}
    for learner in learners:
        _place(plan, form, learner, there.pop(getattr(learner, form.key), None), new_id)
    if mode == "add":
        return plan
    for one in there.values():
        if one.deleted or (mode == "update" and one.disabled):
            continue
        plan.add(Step("delete" if mode == "replace" else "disable", one.id, None))
    return plan


def _place(
    plan: Plan, form: Format, learner: Learner, known: Known | None, new_id: Callable[[], str]
) -> None:
    if known is None:
        plan.add(Step("add", new_id(), learner))
        return
    if known.deleted:
        plan.add(Step("return", known.id, learner))
        return
    changes = tuple(
        name
        for name, before in zip(form.columns, known.values, strict=True)
        if getattr(learner, name) != before
    )
    if known.disabled:
        plan.add(Step("enable", known.id, learner, changes))
    elif changes:
        plan.add(Step("change", known.id, learner, changes))
    else:
        plan.kept += 1
