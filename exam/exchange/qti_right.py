"""The right answer of one QTI response, when its points mean *right or wrong*; a clear refusal otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.text_matching import parse_number

if TYPE_CHECKING:
    from collections.abc import Collection
    from fractions import Fraction

    from exam.exchange.draft import Source
    from exam.exchange.qti_declared import Declared, Mapping
    from exam.exchange.qti_tests import Rule, Rules
    from exam.exchange.tree import Node


@dataclass(frozen=True, slots=True)
class Response:
    """One response of an interaction: what is declared of it, and the rule that judges it."""

    source: Source
    declared: Declared
    rule: Rule

    def one(self) -> str:
        """Return the only right value; raises `Refused` when there are several or none."""
        values = self.values()
        if len(values) != 1:
            raise self.declared.node.refuse("bad_key", "exactly one right value is expected")
        return values[0]

    def values(self) -> tuple[str, ...]:
        """Return every value that is fully right, for a response of one value."""
        if self.rule.how == "values":
            return self.rule.values
        if self.rule.how == "correct":
            return self._correct()
        mapping = self._mapping()
        bounded = [(entry.key, _below(entry.points, mapping.upper)) for entry in mapping.entries]
        best = max((points for _, points in bounded), default=mapping.default)
        if best <= 0 or _below(mapping.default, mapping.upper) >= best:
            raise self.declared.node.refuse("bad_key", "no value has more points than all others")
        if any(0 < points < best for _, points in bounded):
            self._partial()
        return tuple(key for key, points in bounded if points == best)

    def all(self, known: Collection[str], most: int = 0, *, exclusive: bool = False) -> tuple[str, ...]:
        """Return the values that must be given together.

        `known` are the values there are, `most` how many may be given (0: any number); `exclusive` says that no other value
        can be added to the right ones.
        """
        if self.declared.cardinality == "single":
            return (self.one(),)
        if self.rule.how != "map":
            return self.values()
        mapping = self._mapping()
        points = {entry.key: entry.points for entry in mapping.entries}
        right = tuple(key for key, value in points.items() if value > 0)
        others = [points.get(key, mapping.default) for key in known if key not in right]
        closed = exclusive or most == len(right) or all(value < 0 for value in others)
        if right and not closed and sorted(right) == sorted(self.declared.correct):
            words = "a wrong value added to the right ones kept every point there, and makes the answer wrong here"
            self.source.warn(self.declared.node.line, "stricter", words)
        elif not right or not closed:
            raise self.declared.node.refuse(
                "bad_key", "wrong values added to the right ones keep every point"
            )
        total = sum(points[key] for key in right)
        if mapping.upper is not None and mapping.upper < total:
            raise self.declared.node.refuse("bad_key", "the upper bound lets several sets have every point")
        if len(right) > 1:
            self._partial()
        return right

    def any_case(self) -> bool:
        """Return whether capitals do not count in any accepted value."""
        if self.rule.how == "map":
            right = self.values()
            return any(not entry.case for entry in self._mapping().entries if entry.key in right)
        return not self.rule.case

    def number(self) -> str:
        """Return the only right number; raises `Refused`."""
        value = self.one()
        if parse_number(value) is None:
            raise self.declared.node.refuse("bad_key", f"{value[:40]!r} is not a number")
        return value

    def _correct(self) -> tuple[str, ...]:
        if not self.declared.correct:
            raise self.declared.node.refuse("bad_key", "no correct response is declared")
        return tuple(" ".join(value.split()) for value in self.declared.correct)

    def _mapping(self) -> Mapping:
        if self.declared.mapping is None:
            raise self.declared.node.refuse("bad_key", "the response has no mapping")
        return self.declared.mapping

    def _partial(self) -> None:
        self.source.warn(
            self.declared.node.line,
            "partial_credit",
            "partial points are not kept: an answer is right or wrong",
        )


def _below(points: Fraction, upper: Fraction | None) -> Fraction:
    return points if upper is None else min(points, upper)


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses of one item; each interaction takes its own."""

    source: Source
    declared: dict[str, Declared]
    rules: Rules

    def of(self, node: Node) -> Response:
        """Return the response of an interaction; raises `Refused` when nothing says what is right."""
        name = node.get("responseidentifier")
        if name not in self.declared:
            raise node.refuse("bad_key", f"no response {name[:60]!r} is declared")
        if name not in self.rules:
            raise node.refuse("no_correction", f"the response processing does not judge {name[:60]!r}")
        return Response(self.source, self.declared[name], self.rules[name])
