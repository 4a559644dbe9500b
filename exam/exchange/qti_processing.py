"""What makes a response right in QTI: the two templates, and the few operators that say the same in full.

The result is one rule a response; all of them together must hold. Anything whose meaning is not surely *everything right or
nothing* is refused by name and line.
"""

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
_TEMPLATES: dict[str, Rule] = {"match_correct": Rule("correct"), "map_response": Rule("map")}


def rules_of(item: Node) -> Rules:
    """Return the rule of each response that counts; raises `Refused`."""
    node = item.first("responseprocessing")
    if node is None:
        raise item.refuse("no_correction", "no response processing says what is right")
    template = node.get("template") or node.get("templatelocation")
    if node.children:
        return _statements(node.children, node)
    rule = _TEMPLATES.get(template.rstrip("/").rpartition("/")[2].removesuffix(".xml"))
    if rule is None:
        raise node.refuse("unsupported", f"the template {template[:120]!r} cannot be imported")
    return {"RESPONSE": rule}


def _statements(nodes: list[Node], where: Node) -> Rules:
    found: Rules = {}
    whole = 0
    for node in nodes:
        if node.name == "setoutcomevalue":
            rules, adds = _outcome(node), False
        elif node.name == "responsecondition":
            rules, adds = _condition(node)
        else:
            raise node.refuse("unsupported", "this processing cannot be imported")
        if rules and found.keys() & rules.keys():
            raise node.refuse("unsupported", "a response is judged twice")
        whole += bool(rules) and not adds
        found |= rules
        if whole > 1 or (whole and len(found) > len(rules) and rules):
            raise node.refuse("unsupported", "a later score replaces an earlier one")
    if not found:
        raise where.refuse("no_correction", "nothing here says what is right")
    return found


def _outcome(node: Node) -> Rules:
    """Return what a score is made of; a value that depends on no response sets nothing."""
    if node.get("identifier") != "SCORE":
        return {}
    inner = _only(node)
    if inner.name == "basevalue":
        if points_of(inner, inner.words()) > 0:
            raise inner.refuse("unsupported", "points are given whatever the answer")
        return {}
    return _mapped(inner)


def _mapped(node: Node) -> Rules:
    if node.name == "mapresponse":
        return {node.get("identifier"): Rule("map")}
    if node.name in {"sum", "product"}:
        found: Rules = {}
        for inner in node.children:
            if inner.name != "mapresponse":
                raise inner.refuse("unsupported", "only mapped responses can be added or multiplied")
            found |= _mapped(inner)
        return found
    raise node.refuse("unsupported", "this expression cannot be imported")


def _condition(node: Node) -> tuple[Rules, bool]:
    """Return the rules of a condition, and whether its points are added to those of others."""
    first, otherwise = node.first("responseif"), node.first("responseelse")
    for inner in node.children:
        if inner not in (first, otherwise):
            raise inner.refuse("unsupported", "a condition has one branch and its else")
    if first is None or not first.children:
        raise node.refuse("unsupported", "a condition without a test")
    scores = [inner for inner in node.walk() if _scores(inner)]
    if not scores:
        if any(inner.name == "exitresponse" for inner in node.walk()):
            raise node.refuse("unsupported", "a condition that ends the processing")
        return {}, False
    test, *actions = first.children
    if test.name == "isnull":
        _nothing(actions)
        return _statements(otherwise.children if otherwise else [], node), False
    adds = _points(first, actions)
    _nothing(otherwise.children if otherwise else [])
    return _test(test), adds


def _scores(node: Node) -> bool:
    return node.name == "setoutcomevalue" and node.get("identifier") == "SCORE"


def _nothing(actions: list[Node]) -> None:
    """Refuse actions that give points where none are due."""
    for action in actions:
        if action.name != "setoutcomevalue" or _outcome(action):
            raise action.refuse("unsupported", "points where the answer is not right")


def _points(where: Node, actions: list[Node]) -> bool:
    """Return whether a right answer adds its points; refuse one that gives none."""
    adds = None
    for action in actions:
        if action.name != "setoutcomevalue":
            raise action.refuse("unsupported", "this action cannot be imported")
        if not _scores(action):
            continue
        value = _only(action)
        adds = value.name == "sum"
        terms = [inner for inner in value.children if inner.name != "variable"] if adds else [value]
        if len(terms) != 1 or terms[0].name != "basevalue" or points_of(terms[0], terms[0].words()) <= 0:
            raise value.refuse("unsupported", "a right answer gives a fixed number of points")
    if adds is None:
        raise where.refuse("unsupported", "a right answer gives no point")
    return adds


def _test(node: Node) -> Rules:
    if node.name == "and":
        found: Rules = {}
        for inner in node.children:
            rules = _test(inner)
            if found.keys() & rules.keys():
                raise inner.refuse("unsupported", "a response is judged twice")
            found |= rules
        return found
    if node.name == "or":
        return _either(node)
    if node.name in {"match", "equal", "stringmatch"} and len(node.children) == 2:
        return _comparison(node)
    raise node.refuse("unsupported", "this test cannot be imported")


def _either(node: Node) -> Rules:
    parts = [_test(inner) for inner in node.children]
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


def _only(node: Node) -> Node:
    if len(node.children) != 1:
        raise node.refuse("unsupported", "one expression is expected")
    return node.children[0]
