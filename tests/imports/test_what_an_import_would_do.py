"""The plan of an import: rules, without any database."""

from __future__ import annotations

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.imports.plan import Known, Plan, plan_for
from kiosk.imports.reading import Learner
from kiosk.imports.registry import IMPORTS, Mode

SUP = IMPORTS["sup"]


def student(number: str, last: str = "Roy") -> Learner:
    return Learner(line=2, first_name="Zoé", last_name=last, student_number=number)


def known(number: str, last: str = "Roy", *, disabled: bool = False, deleted: bool = False) -> Known:
    learner = student(number, last)
    values = tuple(getattr(learner, name) for name in SUP.columns)
    return Known(f"id-{number}", number, values, disabled, deleted)


def plan(mode: Mode, learners: list[Learner], there: list[Known]) -> Plan:
    numbers = count(1)
    return plan_for(SUP, mode, learners, there, lambda: f"new-{next(numbers)}")


def test_the_new_are_added_and_the_same_left_alone() -> None:
    found = plan("update", [student("1"), student("2")], [known("1")])
    assert [(step.action, step.id) for step in found.steps] == [("add", "new-1")]
    assert found.kept == 1


def test_a_change_names_its_fields_and_keeps_the_id() -> None:
    (step,) = plan("update", [student("1", "Faure")], [known("1")]).steps
    assert (step.action, step.id, step.changes) == ("change", "id-1", ("last_name",))


def test_the_disabled_come_back_with_what_changed() -> None:
    (step,) = plan("update", [student("1", "Faure")], [known("1", disabled=True)]).steps
    assert (step.action, step.id, step.changes) == ("enable", "id-1", ("last_name",))


def test_a_deleted_pupil_who_is_back_counts_as_added() -> None:
    (step,) = plan("add", [student("1")], [known("1", deleted=True)]).steps
    assert (step.action, step.id) == ("return", "id-1")


def test_those_absent_stay_are_disabled_or_deleted_by_mode() -> None:
    there = [known("1"), known("2", disabled=True), known("3", deleted=True)]
    assert plan("add", [], there).steps == []
    assert [(s.action, s.id) for s in plan("update", [], there).steps] == [("disable", "id-1")]
    assert [(s.action, s.id) for s in plan("replace", [], there).steps] == [
        ("delete", "id-1"),
        ("delete", "id-2"),
    ]


@settings(max_examples=80)
@given(
    mode=st.sampled_from(["update", "replace", "add"]),
    file=st.sets(st.integers(0, 12)),
    there=st.dictionaries(st.integers(0, 12), st.tuples(st.booleans(), st.booleans())),
)
def test_every_pupil_is_counted_once(mode: Mode, file: set[int], there: dict[int, tuple[bool, bool]]) -> None:
    before = [known(str(n), disabled=d, deleted=x) for n, (d, x) in sorted(there.items())]
    found = plan(mode, [student(str(n)) for n in sorted(file)], before)
    touched = [step.id for step in found.steps]
    assert len(touched) == len(set(touched))
    assert found.kept + sum(found.counts[a] for a in ("add", "return", "change", "enable")) == len(file)
    assert all(step.learner is None for step in found.steps if step.action in {"disable", "delete"})
