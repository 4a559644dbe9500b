"""What must be true of a tool's facts at the end: reading goals, testing them, and a state that meets them.

A goal looks at one fact, counts facts, asks for one record among several, or asks that the rest stayed as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exam.items import Goal, GoalField
from exam.simulators.base import pattern
from exam.text_matching import plain, same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exam.content import Text
    from exam.reading import Reader
    from exam.scene import Scene
    from exam.simulators.base import Facts, Simulator, Slot

TESTS = (
    *("is", "is_not", "exact", "one_of", "contains", "lacks"),
    *("at_least", "at_most", "present", "absent"),
)
_COUNT_TESTS = ("is", "at_least", "at_most")
_RECORD_TESTS: dict[str, Literal["is", "contains", "lacks"]] = {
    "with": "is",
    "contains": "contains",
    "lacks": "lacks",
}
_NO_VALUES: tuple[Text, ...] = ()
_NO_FIELDS: tuple[GoalField, ...] = ()
ANYTHING = "*"


def read_goal(row: Reader) -> Goal | None:
    """Return one goal, None after noting why it is none."""
    forms = [name for name in ("fact", "count", "some", "keep") if row.has(name)]
    if len(forms) != 1:
        row.problem("", "bad_goal", "a goal has exactly one of fact, count, some, keep")
        return None
    form = forms[0]
    target = row.string(form)
    test, values, fields = "", _NO_VALUES, _NO_FIELDS
    if form in {"fact", "count"}:
        test, values = _read_test(row, TESTS if form == "fact" else _COUNT_TESTS)
    elif form == "some":
        fields = _read_fields(row)
        if not fields or "*" not in target:
            row.problem(form, "bad_goal", 'some = "sent.*" goes with a table of fields')
    where = row.text("where", plain=True) if form == "count" and row.has("where") else None
    goal = Goal(form, target, test, values, where, fields, row.text("message"))  # type: ignore[arg-type]  # `form` is one of the four
    row.close()
    return goal


def _read_test(row: Reader, allowed: tuple[str, ...]) -> tuple[str, tuple[Text, ...]]:
    given = [name for name in allowed if row.has(name)]
    if len(given) != 1:
        row.problem("", "bad_goal", f"a goal has exactly one of {', '.join(allowed)}")
        return "present", ()
    test = given[0]
    if test in {"present", "absent"}:
        row.flag(test)
        return test, ()
    if test == "one_of":
        return test, tuple(
            dict.fromkeys(row.notes.languages, word) for word in row.strings(test, required=True)
        )
    return test, (row.text(test, plain=True),)


def _read_fields(row: Reader) -> tuple[GoalField, ...]:
    fields = []
    for key, test in _RECORD_TESTS.items():
        inner = row.table(key, required=False)
        for name in inner.names() if inner else ():
            # An empty text asks for an empty field, which a reader would refuse.
            empty = inner is not None and inner.raw(name) == ""
            value = {} if empty or inner is None else inner.text(name, plain=True)
            fields.append(GoalField(name, test, value))
    return tuple(fields)


def _number(text: str) -> int | None:
    bare = plain(text).strip().replace(" ", "")
    return int(bare) if bare.removeprefix("-").isdecimal() and len(bare) <= 18 else None


def _ordered(found: str, wanted: str) -> bool:
    """Return whether `found` is at least `wanted`; words are in no order."""
    numbers = _number(found), _number(wanted)
    return numbers[0] is not None and numbers[1] is not None and numbers[0] >= numbers[1]


def _bare(text: str) -> str:
    return " ".join(plain(text).split()).casefold()


_LOOKS: dict[str, Callable[[str, str], bool]] = {
    "is": same,
    "is_not": lambda found, wanted: not same(found, wanted),
    "exact": lambda found, wanted: plain(found) == plain(wanted),
    "one_of": same,
    "contains": lambda found, wanted: _bare(wanted) in _bare(found),
    "lacks": lambda found, wanted: _bare(wanted) not in _bare(found),
    "at_least": _ordered,
    "at_most": lambda found, wanted: _ordered(wanted, found),
}


@dataclass(frozen=True, slots=True)
class State:
    """The facts of one answer beside those of the start, as goals look at them."""

    tool: Simulator
    start: Facts
    facts: Facts

    def passes(self, key: str, test: str, wanted: tuple[str, ...]) -> bool:
        """Return whether one fact passes a test."""
        found = self.facts.get(key, "")
        if test in {"present", "absent"}:
            return bool(found) == (test == "present")
        return any(
            _LOOKS[test](self.tool.seen(key, found, value), self.tool.normal(key, value)) for value in wanted
        )


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal in the words of one pupil."""

    form: str
    target: str
    test: str
    values: tuple[str, ...]
    where: str | None
    fields: tuple[tuple[str, str, str], ...]
    message: str

    def met(self, state: State, named: Callable[[str], bool]) -> bool:
        """Return whether the goal holds; `named` says which facts other goals look after."""
        if self.form == "fact":
            return state.passes(self.target, self.test, self.values)
        if self.form == "count":
            return any(_LOOKS[self.test](str(self._count(state)), value) for value in self.values)
        if self.form == "some":
            return any(self._record(state, prefix) for prefix in self._records(state))
        keys = [key for key in state.start.keys() | state.facts.keys() if pattern(self.target).fullmatch(key)]
        return all(state.start.get(key, "") == state.facts.get(key, "") for key in keys if not named(key))

    def _count(self, state: State) -> int:
        found = [value for key, value in state.facts.items() if pattern(self.target).fullmatch(key)]
        return len(found) if self.where is None else sum(1 for value in found if same(value, self.where))

    def _records(self, state: State) -> list[str]:
        wanted = pattern(self.target)
        return sorted(
            {key[: match.end()] for key in state.facts if (match := _record_of(wanted.pattern, key))}
        )

    def _record(self, state: State, prefix: str) -> bool:
        return all(_field_met(state, f"{prefix}.{name}", test, wanted) for name, test, wanted in self.fields)


def _record_of(written: str, key: str) -> re.Match[str] | None:
    return re.match(written.replace("(.*)", "([^.]*)") + r"(?=\.)", key)


def _field_met(state: State, key: str, test: str, wanted: str) -> bool:
    if test == "is" and wanted in {ANYTHING, ""}:
        return bool(state.facts.get(key, "")) == (wanted == ANYTHING)
    return state.passes(key, test, (wanted,))


def aim_of(goal: Goal, scene: Scene) -> Aim:
    """Return a goal with its variables replaced, in the language of the scene."""
    return Aim(
        goal.form,
        scene.fill(goal.target),
        goal.test,
        tuple(scene.say(value) for value in goal.values),
        None if goal.where is None else scene.say(goal.where),
        tuple((field.name, field.test, scene.say(field.wanted)) for field in goal.fields),
        scene.say(goal.message),
    )


def all_met(aims: tuple[Aim, ...], state: State) -> list[bool]:
    """Return whether each goal holds."""
    single = {aim.target for aim in aims if aim.form == "fact"}
    several = [pattern(aim.target + ".*") for aim in aims if aim.form == "some"]

    def named(key: str) -> bool:
        return key in single or any(known.fullmatch(key) for known in several)

    return [aim.met(state, named) for aim in aims]


def reference(aims: tuple[Aim, ...], slots: Mapping[str, Slot]) -> Facts:
    """Return facts that meet the goals as far as goals alone tell."""
    found: Facts = {}
    for aim in aims:
        if aim.form == "fact":
            value = _value_for(aim.test, aim.values, slots.get(aim.target))
            if value is not None:
                found[aim.target] = value
        elif aim.form == "some":
            prefix = aim.target.replace("*", "1")
            for name, test, wanted in aim.fields:
                if test != "lacks" and wanted:
                    found[f"{prefix}.{name}"] = _anything(slots, f"{prefix}.{name}", wanted)
    return found


def _anything(slots: Mapping[str, Slot], key: str, wanted: str) -> str:
    if wanted != ANYTHING:
        return wanted
    slot = slots.get(key)
    return slot.values[0] if slot and slot.values else "x"


def _value_for(test: str, values: tuple[str, ...], slot: Slot | None) -> str | None:
    if test == "absent":
        return ""
    if test == "lacks":
        return None
    if test in {"present", "is_not"}:
        options = slot.values if slot else ()
        avoid = values[0] if test == "is_not" else ""
        return next((option for option in options if option not in {avoid, ""}), "x")
    return values[0]
