"""What makes a response right in QTI: the known templates, and the statements that say the same in full.

Statements are followed one by one, each score being a fixed number of points plus the rules that give more; all the rules
of the final score must hold. What only chooses a feedback is passed over. Anything whose meaning is not surely *everything
right or nothing* is refused by name and line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from exam.exchange.qti_declared import points_of
from exam.exchange.qti_tests import Rule, Rules, join, rules_of_test
from exam.text_matching import parse_number

if TYPE_CHECKING:
    from exam.exchange.tree import Node

SCORE = "SCORE"
_CORRECT, _MAP = Rule("correct"), Rule("map")
_TEMPLATES: dict[str, Rule] = {
    "match_correct": _CORRECT,
    "map_response": _MAP,
    "CC2_match": _CORRECT,
    "CC2_match_basic": _CORRECT,
    "CC2_map_response": _MAP,
}


@dataclass(frozen=True, slots=True)
class Points:
    """What an outcome is worth: a fixed part, and rules that give more when they hold."""

    fixed: Fraction = Fraction(0)
    rules: Rules = field(default_factory=dict)


def rules_of(item: Node) -> Rules:
    """Return the rule of each response that counts; raises `Refused`."""
    node = item.first("responseprocessing")
    if node is None:
        return _declared(item)
    template = node.get("template") or node.get("templatelocation")
    if node.children:
        return _Processing(item, node).rules()
    rule = _TEMPLATES.get(template.rstrip("/").rpartition("/")[2].removesuffix(".xml"))
    if rule is None:
        raise node.refuse("unsupported", f"the template {template[:120]!r} cannot be imported")
    return {"RESPONSE": rule}


def is_assumed(item: Node) -> bool:
    """Return whether nothing but the declared correct responses says what is right."""
    return item.first("responseprocessing") is None


def _declared(item: Node) -> Rules:
    found = {
        node.get("identifier"): _CORRECT
        for node in item.all("responsedeclaration")
        if node.first("correctresponse") is not None
    }
    if not found:
        raise item.refuse(
            "no_correction", "neither a response processing nor a correct response says what is right"
        )
    return found


class _Processing:
    """The statements of one item while they are followed."""

    def __init__(self, item: Node, node: Node) -> None:
        self._node = node
        self._outcomes = {one.get("identifier"): _default(one) for one in item.all("outcomedeclaration")}
        self._outcomes[SCORE] = Points()
        self._scoring = _scoring(node)

    def rules(self) -> Rules:
        """Return the rules of the final score; raises `Refused`."""
        self._follow(self._node.children)
        found = self._outcomes[SCORE].rules
        if not found:
            raise self._node.refuse("no_correction", "nothing here says what is right")
        return found

    def _follow(self, nodes: list[Node]) -> None:
        for node in nodes:
            if node.name == "setoutcomevalue":
                self._set(node)
            elif node.name == "responsecondition":
                self._condition(node)
            else:
                raise node.refuse("unsupported", "this processing cannot be imported")

    def _set(self, node: Node) -> None:
        name = node.get("identifier")
        if name not in self._scoring:
            return
        inner = _only(node)
        value = self._value(inner)
        before = self._outcomes.get(name, Points())
        if not before.rules.keys() <= value.rules.keys():
            raise node.refuse("unsupported", "a later score replaces an earlier one")
        if name == SCORE and value.fixed > 0:
            raise inner.refuse("unsupported", "points are given whatever the answer")
        self._outcomes[name] = value

    def _value(self, node: Node) -> Points:
        name = node.get("identifier")
        if node.name == "basevalue":
            return Points(points_of(node, node.words()))
        if node.name == "mapresponse":
            return Points(rules={name: _MAP})
        if node.name == "variable" and name in self._outcomes:
            return self._outcomes[name]
        if node.name in {"sum", "product"}:
            return self._total(node)
        raise node.refuse("unsupported", "this expression cannot be imported")

    def _total(self, node: Node) -> Points:
        fixed, rules = Fraction(0), Rules()
        for inner in node.children:
            value = self._value(inner)
            if node.name == "product" and (value.fixed or not value.rules):
                raise inner.refuse("unsupported", "only judged responses are multiplied")
            fixed += value.fixed
            rules = join(inner, rules, value.rules)
        return Points(fixed, rules)

    def _condition(self, node: Node) -> None:
        if not any(self._counts(inner) for inner in node.walk()):
            if any(inner.name == "exitresponse" for inner in node.walk()):
                raise node.refuse("unsupported", "a condition that ends the processing")
            return
        branches = node.all("responseif", "responseelseif")
        otherwise = node.first("responseelse")
        if any(not branch.children for branch in branches) or not branches:
            raise node.refuse("unsupported", "a condition without a test")
        while branches and branches[0].children[0].name == "isnull":
            self._nothing(branches.pop(0).children[1:])
        rest = otherwise.children if otherwise else []
        if not branches:
            self._follow(rest)
            return
        first, *others = branches
        for other in others:
            if any(self._counts(inner) for inner in other.walk()):
                raise other.refuse("unsupported", "a condition has one branch that gives points")
        self._nothing(rest)
        test, *actions = first.children
        while test.name == "and" and len(test.children) == 1:
            test = test.children[0]
        if test.name == "not" and [inner.name for inner in test.children] == ["isnull"]:
            self._follow(actions)
        else:
            self._earn(first, actions, rules_of_test(test))

    def _counts(self, node: Node) -> bool:
        return node.name == "setoutcomevalue" and node.get("identifier") in self._scoring

    def _nothing(self, actions: list[Node]) -> None:
        """Refuse actions that give points where none are due."""
        for action in actions:
            if action.name != "setoutcomevalue" or (self._counts(action) and self._gives(action)):
                raise action.refuse("unsupported", "points where the answer is not right")

    def _gives(self, action: Node) -> bool:
        value = self._value(_only(action))
        before = self._outcomes.get(action.get("identifier"), Points())
        return bool(value.rules.keys() - before.rules.keys()) or value.fixed > max(before.fixed, Fraction(0))

    def _earn(self, where: Node, actions: list[Node], rules: Rules) -> None:
        """Add the rules of a test to the one score that its actions raise."""
        earned = [action for action in actions if self._counts(action)]
        for action in actions:
            if action.name != "setoutcomevalue":
                raise action.refuse("unsupported", "this action cannot be imported")
        if len(earned) != 1:
            raise where.refuse("unsupported", "a right answer gives points to one score")
        name = earned[0].get("identifier")
        before, value = self._outcomes.get(name, Points()), self._value(_only(earned[0]))
        if value.fixed <= max(before.fixed, Fraction(0)) or value.rules.keys() - before.rules.keys():
            raise earned[0].refuse("unsupported", "a right answer gives a fixed number of points")
        if value.rules.keys() != before.rules.keys():
            raise earned[0].refuse("unsupported", "a later score replaces an earlier one")
        self._outcomes[name] = Points(before.fixed, join(where, before.rules, rules))


def _default(declaration: Node) -> Points:
    value = next((inner for inner in declaration.walk() if inner.name == "value"), None)
    points = parse_number(value.words().strip()) if value is not None else None
    return Points(points if points is not None else Fraction(0))


def _scoring(node: Node) -> set[str]:
    """Return the outcomes that the final score is made of."""
    made: dict[str, set[str]] = {}
    for action in node.walk():
        if action.name == "setoutcomevalue":
            used = {inner.get("identifier") for inner in action.walk() if inner.name == "variable"}
            made.setdefault(action.get("identifier"), set()).update(used)
    found, waiting = {SCORE}, [SCORE]
    while waiting:
        new = made.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _only(node: Node) -> Node:
    if len(node.children) != 1:
        raise node.refuse("unsupported", "one expression is expected")
    return node.children[0]
