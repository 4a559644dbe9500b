"""A number to type, compared exactly or within the author's tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exam.errors import BadAnswer
from exam.items import Number
from exam.kinds.base import Fields, Kind, typed_text
from exam.text_matching import parse_number, plain

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.reading import Reader
    from exam.scene import Scene


@dataclass(frozen=True, slots=True)
class NumberKey:
    """The exact value, how far from it an answer may be, and the unit that may follow it."""

    value: Fraction | None
    tolerance: Fraction
    unit: str


def _without_unit(text: str, unit: str) -> str:
    text = plain(text).strip()
    return text[: -len(unit)] if unit and text.lower().endswith(unit.lower()) else text


class NumberKind(Kind[Number, NumberKey]):
    """Type a number."""

    name = "number"

    def read(self, reader: Reader) -> Number | None:
        """Return the record of the file; value and tolerance are numbers unless they name variables."""
        spec = Number(
            label=reader.text("label", plain=True),
            value=reader.number_text("value"),
            tolerance=reader.number_text("tolerance", "0"),
            unit=reader.text("unit", plain=True) if reader.has("unit") else None,
        )
        for field, written in (("value", spec.value), ("tolerance", spec.tolerance)):
            if written and "{" not in written and parse_number(written) is None:
                reader.problem(field, "bad_key", f"{written[:40]!r} is not a number")
        return spec

    def key(self, spec: Number, scene: Scene) -> NumberKey:
        """Return the exact value and tolerance of the scene."""
        tolerance = parse_number(scene.fill(spec.tolerance))
        unit = plain(scene.say(spec.unit)).strip() if spec.unit else ""
        value = parse_number(scene.fill(spec.value))
        return NumberKey(value, abs(tolerance or Fraction(0)), unit)

    def fields(self, spec: Number, scene: Scene) -> Fields:
        """Return the label and the unit."""
        return Fields(label=scene.say(spec.label), unit=scene.say(spec.unit) if spec.unit else "")

    def check(self, spec: Number, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer is a number, followed or not by the unit."""
        text = typed_text(answer)
        units = {"", *(plain(unit).strip() for unit in (spec.unit or {}).values())}
        if all(parse_number(_without_unit(text, unit)) is None for unit in units):
            raise BadAnswer("answer.not_a_number", "a number is expected")

    def right(self, key: NumberKey, answer: Answer) -> bool:
        """Return whether the number is within the tolerance of the value."""
        if not isinstance(answer, str) or key.value is None:
            return False
        given = parse_number(_without_unit(answer, key.unit))
        return given is not None and abs(given - key.value) <= key.tolerance

    def expected(self, spec: Number, scene: Scene) -> str:
        """Return the value, with its unit."""
        unit = f"\u202f{scene.say(spec.unit)}" if spec.unit else ""
        return scene.fill(spec.value) + unit

    def shown(self, spec: Number, scene: Scene, answer: Answer) -> str:  # noqa: ARG002 - what was typed says it
        """Return what was typed."""
        return str(answer)

    def solve(self, spec: Number, scene: Scene) -> Answer:
        """Return the value."""
        return scene.fill(spec.value)

    def wrong(self, spec: Number, scene: Scene) -> Answer:
        """Return an integer well above the value."""
        key = self.key(spec, scene)
        return str(int((key.value or 0) + key.tolerance) + 7)
