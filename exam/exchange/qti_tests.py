"""The tests of a QTI condition, as rules: which responses are compared, with what, and how closely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from exam.exchange.qti_declared import points_of

if TYPE_CHECKING:
    from exam.exchange.tree import Node


@dataclass(frozen=True, slots=True)
class Rule:
    """How one response is judged: equal to the correct one, by its mapping, or one of `values` (with a `tolerance`)."""

    how: Literal["correct", "map", "values"]
    values: tuple[str, ...] = ()
    case: bool = True
    tolerance: str = "0"


Rules = dict[str, Rule]


def join(where: Node, found: Rules, rules: Rules) -> Rules:
    """Return both sets of rules; raises `Refused` when a response is in both."""
    if found.keys() & rules.keys():
        raise where.refuse("unsupported", "a response is judged twice")
    return found | rules


def rules_of_test(node: Node) -> Rules:
    """Return the rules that all hold when a test does; raises `Refused`."""
    if node.name == "and":
        found: Rules = {}
        for inner in node.children:
            found = join(inner, found, rules_of_test(inner))
        return found
    if node.name == "or":
        return _either(node)
    if node.name in {"match", "equal", "stringmatch"} and len(node.children) == 2:
        return _comparison(node)
    raise node.refuse("unsupported", "this test cannot be imported")


def _either(node: Node) -> Rules:
    parts = [rules_of_test(inner) for inner in node.children]
    names = {name for part in parts for name in part}
    rules = [rule for part in parts for rule in part.values()]
    if len(names) != 1 or any(rule.how != "values" or rule.tolerance != "0" for rule in rules):
        raise node.refuse("unsupported", "alternatives are values of one response")
    values = tuple(value for rule in rules for value in rule.values)
    return {names.pop(): Rule("values", values, case=all(rule.case for rule in rules))}


def _comparison(node: Node) -> Rules:
    sides = {inner.name: inner for inner in node.children}
    variable, right = sides.get("variable"), sides.get("correct") or sides.get("basevalue")
    if variable is None or right is None:
        raise node.refuse("unsupported", "a response is compared with its correct value or a fixed one")
    name = variable.get("identifier")
    if right.name == "correct":
        if right.get("identifier") != name:
            raise right.refuse("unsupported", "the correct value of another response")
        rule = Rule("correct")
    else:
        rule = Rule("values", (right.words().strip(),))
    if node.name == "stringmatch":
        if node.get("substring", "false") == "true":
            raise node.refuse("unsupported", "a part of a text")
        rule = replace(rule, case=node.get("casesensitive", "true") != "false")
    if node.name == "equal":
        rule = replace(rule, tolerance=_tolerance(node))
    return {name: rule}


def _tolerance(node: Node) -> str:
    mode = node.get("tolerancemode", "exact")
    bounds = node.get("tolerance", "0").split()
    if mode == "exact":
        return "0"
    inclusive = node.get("includelowerbound", "true"), node.get("includeupperbound", "true")
    if mode != "absolute" or len({*bounds}) != 1 or inclusive != ("true", "true"):
        raise node.refuse("unsupported", "a tolerance is absolute and the same on both sides")
    if points_of(node, bounds[0]) < 0:
        raise node.refuse("bad_value", "a tolerance is not negative")
    return bounds[0]
