"""Computing a sheet: every cell's value, exactly, in bounded time.

Values are fractions, texts or truths: no rounding decides. A cell in a circle, a division by zero or a text where a number is
needed is an error, shown as `#`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from exam.simulators.formulas import FormulaError, Leaf, Range, functions_in, read_formula
from exam.text_matching import parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exam.simulators.formulas import Tree

Value = Fraction | str | bool
ERROR = "#"
MAX_WORK = 20_000
_LARGEST = 10**15
_CELL = re.compile(r"([A-Z])([0-9]{1,3})")
_CRITERION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.DOTALL)


class Sheet:
    """The typed cells of one sheet (`B7` to text), computed when asked; `commas` also stand between arguments."""

    def __init__(self, typed: Mapping[str, str], *, commas: bool = False) -> None:
        self._typed = typed
        self._commas = commas
        self._known: dict[str, Value | None] = {}
        self._waiting: set[str] = set()
        self._work = 0

    def text(self, cell: str) -> str:
        """Return what a cell shows: its value in words, or `#`."""
        try:
            return say(self._cell(cell))
        except FormulaError:
            return ERROR

    def uses(self, cell: str) -> str:
        """Return the functions a cell's formula uses, sorted, empty when it is none."""
        typed = self._typed.get(cell, "").strip()
        if not typed.startswith("="):
            return ""
        try:
            return " ".join(sorted(functions_in(read_formula(typed[1:], commas=self._commas))))
        except FormulaError:
            return ""

    def _cell(self, cell: str) -> Value:
        if cell not in self._known:
            if cell in self._waiting or len(self._waiting) > 60:
                raise FormulaError("a circle")
            self._waiting.add(cell)
            try:
                self._known[cell] = self._typed_value(self._typed.get(cell, "").strip())
            except FormulaError:
                self._known[cell] = None
            self._waiting.discard(cell)
        value = self._known[cell]
        if value is None:
            raise FormulaError("an error inside")
        return value

    def _typed_value(self, typed: str) -> Value:
        if typed.startswith("="):
            return self._value(read_formula(typed[1:], commas=self._commas))
        number = parse_number(typed)
        return typed if number is None else number

    def _value(self, tree: Tree) -> Value:
        self._work += 1
        if self._work > MAX_WORK:
            raise FormulaError("too much work")
        if isinstance(tree, Leaf):
            if tree.kind == "cell":
                return self._cell(tree.text)
            return tree.text if tree.kind == "text" else Fraction(tree.text.replace(",", "."))
        if isinstance(tree, Range):
            raise FormulaError("a range is no value")
        if tree.name in _WORKERS:
            return _WORKERS[tree.name](self, tree.inner)
        return _operate(tree.name, [self._value(inner) for inner in tree.inner])

    def cells(self, tree: Tree) -> list[Value]:
        """Return the values of a range, or one value; empty cells are empty texts."""
        if not isinstance(tree, Range):
            return [self._value(tree)]
        first, last = _CELL.fullmatch(tree.first), _CELL.fullmatch(tree.last)
        if first is None or last is None:
            raise FormulaError("no such cell")
        columns = sorted((ord(first[1]), ord(last[1])))
        lines = sorted((int(first[2]), int(last[2])))
        self._work += (columns[1] - columns[0] + 1) * (lines[1] - lines[0] + 1)
        if self._work > MAX_WORK:
            raise FormulaError("too much work")
        return [
            self._cell(f"{chr(column)}{line}")
            for line in range(lines[0], lines[1] + 1)
            for column in range(columns[0], columns[1] + 1)
        ]

    def value(self, tree: Tree) -> Value:
        """Return the value of one argument."""
        return self._value(tree)


def say(value: Value) -> str:
    """Return a value as a cell shows it: at most six decimals, a point before them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    millionths = _rounded(value * 1_000_000)
    whole, rest = divmod(abs(millionths), 1_000_000)
    decimals = f".{rest:06}".rstrip("0").rstrip(".")
    return f"{'-' if millionths < 0 else ''}{whole}{decimals}"


def _rounded(value: Fraction) -> int:
    """Round half away from zero, as spreadsheets do."""
    whole = (abs(value.numerator) * 2 + value.denominator) // (value.denominator * 2)
    return whole if value >= 0 else -whole


def _number(value: Value) -> Fraction:
    if isinstance(value, bool):
        return Fraction(int(value))
    if value == "":
        return Fraction(0)
    if isinstance(value, str):
        raise FormulaError("a number is needed")
    return value


def _operate(name: str, values: list[Value]) -> Value:
    if name == "&":
        return "".join(map(say, values))[:2000]
    if name in _COMPARE:
        return _compare(name, values[0], values[1])
    numbers = [_number(value) for value in values]
    if name == "neg":
        return -numbers[0]
    left, right = numbers
    if name == "/":
        if not right:
            raise FormulaError("division by zero")
        return _bounded(left / right)
    if name == "^":
        if right.denominator != 1 or not 0 <= right <= 20:
            raise FormulaError("no such power")
        return _bounded(left ** int(right))
    return _bounded(left + right if name == "+" else left - right if name == "-" else left * right)


def _bounded(value: Fraction | float) -> Fraction:
    if not isinstance(value, Fraction) or abs(value) > _LARGEST or value.denominator > _LARGEST:
        raise FormulaError("too large")
    return value


_COMPARE: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def _compare(name: str, left: Value, right: Value) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        first, second = say(left).casefold(), say(right).casefold()
        return _COMPARE[name]((first > second) - (first < second))
    difference = _number(left) - _number(right)
    return _COMPARE[name]((difference > 0) - (difference < 0))


def _numbers(sheet: Sheet, inner: tuple[Tree, ...]) -> list[Fraction]:
    values = [value for tree in inner for value in sheet.cells(tree)]
    return [value for value in values if isinstance(value, Fraction)]


def _average(sheet: Sheet, inner: tuple[Tree, ...]) -> Value:
    numbers = _numbers(sheet, inner)
    if not numbers:
        raise FormulaError("nothing to average")
    return _bounded(sum(numbers, Fraction(0)) / len(numbers))


def _meets(value: Value, criterion: Value) -> bool:
    match = _CRITERION.fullmatch(say(criterion))
    sign, wanted = (match[1] or "=", match[2]) if match else ("=", "")
    number = parse_number(wanted)
    if number is not None and not isinstance(value, str):
        return _compare(sign, value, number)
    if number is not None or (isinstance(value, Fraction) and sign not in {"=", "<>"}):
        return sign == "<>"
    return _compare(sign, say(value), wanted)


def _count_if(sheet: Sheet, inner: tuple[Tree, ...]) -> Value:
    _need(inner, 2, 2)
    criterion = sheet.value(inner[1])
    return Fraction(sum(1 for value in sheet.cells(inner[0]) if _meets(value, criterion)))


def _sum_if(sheet: Sheet, inner: tuple[Tree, ...]) -> Value:
    _need(inner, 2, 3)
    criterion = sheet.value(inner[1])
    tested, added = sheet.cells(inner[0]), sheet.cells(inner[-1] if len(inner) == 3 else inner[0])
    kept = [value for test, value in zip(tested, added, strict=False) if _meets(test, criterion)]
    return _bounded(sum((value for value in kept if isinstance(value, Fraction)), Fraction(0)))


def _if(sheet: Sheet, inner: tuple[Tree, ...]) -> Value:
    _need(inner, 2, 3)
    held = sheet.value(inner[0])
    if isinstance(held, str):
        raise FormulaError("a test is needed")
    if held:
        return sheet.value(inner[1])
    return sheet.value(inner[2]) if len(inner) == 3 else False


def _round(sheet: Sheet, inner: tuple[Tree, ...]) -> Value:
    _need(inner, 1, 2)
    digits = _number(sheet.value(inner[1])) if len(inner) == 2 else Fraction(0)
    if digits.denominator != 1 or not 0 <= digits <= 9:
        raise FormulaError("no such rounding")
    scale = 10 ** int(digits)
    return Fraction(_rounded(_number(sheet.value(inner[0])) * scale), scale)


def _need(inner: tuple[Tree, ...], least: int, most: int) -> None:
    if not least <= len(inner) <= most:
        raise FormulaError("wrong number of arguments")


_WORKERS = {
    "SUM": lambda sheet, inner: _bounded(sum(_numbers(sheet, inner), Fraction(0))),
    "AVERAGE": _average,
    "COUNT": lambda sheet, inner: Fraction(len(_numbers(sheet, inner))),
    "COUNTA": lambda sheet, inner: Fraction(sum(1 for tree in inner for v in sheet.cells(tree) if v != "")),
    "MAX": lambda sheet, inner: max(_numbers(sheet, inner), default=Fraction(0)),
    "MIN": lambda sheet, inner: min(_numbers(sheet, inner), default=Fraction(0)),
    "COUNTIF": _count_if,
    "SUMIF": _sum_if,
    "IF": _if,
    "ROUND": _round,
}
