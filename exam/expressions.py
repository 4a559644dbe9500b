"""Integer expressions written by authors: + - * // % and brackets over names and integers, and nothing else.

An expression is parsed once into a small tree and evaluated within bounds, so that no bank can make the server work long
or overflow a 64-bit integer.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_LENGTH = 200
MAX_DEPTH = 20
MAX_VALUE = 10**15

_WRITTEN = re.compile(r"[A-Za-z0-9_+\-*/%() ]*")
_GLUED = re.compile(r"(?<![A-Za-z0-9_])[0-9]+[A-Za-z_]")
_OPERATIONS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.FloorDiv: lambda left, right: left // right,
    ast.Mod: lambda left, right: left % right,
}


class ExpressionError(ValueError):
    """The expression is not one of ours, names something unknown, divides by zero or grows too large."""


@lru_cache(maxsize=1024)
def parse_expression(source: str) -> ast.expr:
    """Return the tree of an expression; raises `ExpressionError` when it holds anything not allowed."""
    if len(source) > MAX_LENGTH or not _WRITTEN.fullmatch(source) or _GLUED.search(source):
        raise ExpressionError("only names, integers, + - * // % and brackets, at most 200 characters")
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("this is not an expression") from error
    _check(tree, 0)
    return tree


def _check(node: ast.expr, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError("too many brackets")
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            _check(left, depth + 1)
            _check(right, depth + 1)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, depth + 1)
        case ast.Constant(value=value) if type(value) is int and abs(value) <= MAX_VALUE:
            pass
        case ast.Name():
            pass
        case _:
            raise ExpressionError("only names, integers, + - * // % and brackets")


def names_used(source: str) -> set[str]:
    """Return the names of an expression; raises `ExpressionError` as `parse_expression` does."""
    return {node.id for node in ast.walk(parse_expression(source)) if isinstance(node, ast.Name)}


def evaluate(source: str, values: Mapping[str, int]) -> int:
    """Return the integer value of an expression; raises `ExpressionError`."""
    return _value(parse_expression(source), values)


def _value(node: ast.expr, values: Mapping[str, int]) -> int:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            first, second = _value(left, values), _value(right, values)
            if second == 0 and isinstance(op, ast.FloorDiv | ast.Mod):
                raise ExpressionError("division by zero")
            result = _OPERATIONS[type(op)](first, second)
        case ast.UnaryOp(operand=operand):
            result = -_value(operand, values)
        case ast.Constant(value=int(value)):
            result = value
        case ast.Name(id=name) if name in values:
            result = values[name]
        case _:
            raise ExpressionError("a name has no integer value")
    if abs(result) > MAX_VALUE:
        raise ExpressionError("the value is too large")
    return result
