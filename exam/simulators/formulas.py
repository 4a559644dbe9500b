"""A spreadsheet's formulas, read into a tree: numbers, texts, cells, ranges, operators and functions.

Names of functions may be French or English; what follows them is one tree. `exam.simulators.sheet` computes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_FORMULA, MAX_DEPTH = 200, 24
FUNCTIONS = {
    "SOMME": "SUM",
    "MOYENNE": "AVERAGE",
    "NB": "COUNT",
    "NBVAL": "COUNTA",
    "NB.SI": "COUNTIF",
    "SOMME.SI": "SUMIF",
    "SI": "IF",
    "ARRONDI": "ROUND",
    **{
        name: name
        for name in ("SUM", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "SUMIF", "MAX", "MIN", "IF", "ROUND")
    },
}
"""Every name a function may be written with, and its English name."""

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<number>\d+(?:[.,]\d+)?)"
    r'|"(?P<text>[^"]*)"'
    r"|(?P<cell>\$?[A-Za-z]\$?\d{1,3})(?![A-Za-z0-9.(])"
    r"|(?P<name>[A-Za-z]+(?:\.[A-Za-z]+)?)"
    r"|(?P<sign><=|>=|<>|[-+*/^&=<>():;,])"
    r")"
)
_ENGLISH = re.compile(r"\b(SUM|AVERAGE|COUNT|COUNTA|COUNTIF|SUMIF|IF|ROUND)\s*\(", re.IGNORECASE)
_FUNCTION = re.compile(r"[A-Za-z]\s*\(")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))


class FormulaError(ValueError):
    """The formula cannot be read or computed."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number, a text or a cell (`kind` says which), as written."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """A block of cells, from one corner to the other."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function (its English name) and what it works on."""

    name: str
    inner: tuple[Tree, ...]


Tree = Leaf | Range | Call


def read_formula(text: str, *, commas: bool = False) -> Tree:
    """Return the tree of a formula written after `=`; raises `FormulaError`.

    With `commas`, or after an English name, commas stand between arguments unless a semicolon does.
    """
    if len(text) > MAX_FORMULA:
        raise FormulaError("too long")
    if ";" not in text and (_ENGLISH.search(text) or (commas and _FUNCTION.search(text))):
        # Written the English way, commas stand between arguments even when digits touch them.
        text = _DECIMAL_COMMA.sub(" , ", text)
    reading = _Reading(_tokens(text))
    tree = reading.level(0, 0)
    if reading.left():
        raise FormulaError("something is left")
    return tree


def functions_in(tree: Tree) -> set[str]:
    """Return the English names of the functions a formula uses."""
    if not isinstance(tree, Call):
        return set()
    own = {tree.name} if tree.name.isalpha() else set()
    return own.union(*map(functions_in, tree.inner))


def _tokens(text: str) -> list[Leaf]:
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise FormulaError("unknown sign")
        found.append(Leaf(match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Reading:
    """The words of a formula while they are read."""

    def __init__(self, tokens: list[Leaf]) -> None:
        self._tokens = tokens
        self._place = 0

    def left(self) -> bool:
        return self._place < len(self._tokens)

    def _take(self, *signs: str) -> str:
        """Take the next sign if it is one of these, else nothing."""
        if self.left():
            token = self._tokens[self._place]
            if token.kind == "sign" and token.text in signs:
                self._place += 1
                return token.text
        return ""

    def level(self, rank: int, depth: int) -> Tree:
        """Read operators from the loosest to the tightest."""
        if depth > MAX_DEPTH:
            raise FormulaError("too deep")
        if rank == len(_LEVELS):
            return self._single(depth + 1)
        tree = self.level(rank + 1, depth)
        while sign := self._take(*_LEVELS[rank]):
            tree = Call(sign, (tree, self.level(rank + 1, depth)))
        return tree

    def _single(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise FormulaError("too deep")
        if self._take("-"):
            return Call("neg", (self._single(depth + 1),))
        if self._take("+"):
            return self._single(depth + 1)
        if self._take("("):
            tree = self.level(0, depth + 1)
            self._close()
            return tree
        if not self.left():
            raise FormulaError("something is missing")
        token = self._tokens[self._place]
        self._place += 1
        if token.kind == "name":
            return self._call(token.text.upper(), depth)
        if token.kind == "sign":
            raise FormulaError("a sign is misplaced")
        if token.kind == "cell":
            return self._cell(token)
        return token

    def _cell(self, token: Leaf) -> Tree:
        first = token.text.replace("$", "").upper()
        if not self._take(":"):
            return Leaf("cell", first)
        if not self.left() or self._tokens[self._place].kind != "cell":
            raise FormulaError("a range has two corners")
        self._place += 1
        return Range(first, self._tokens[self._place - 1].text.replace("$", "").upper())

    def _call(self, written: str, depth: int) -> Tree:
        name = FUNCTIONS.get(written)
        if name is None or not self._take("("):
            raise FormulaError("unknown function")
        inner = [self.level(0, depth + 1)]
        while self._take(";", ","):
            inner.append(self.level(0, depth + 1))
        self._close()
        return Call(name, tuple(inner))

    def _close(self) -> None:
        if not self._take(")"):
            raise FormulaError("a bracket is left open")
