import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.expressions import MAX_VALUE, ExpressionError, evaluate, names_used

leaves = st.integers(0, 50).map(str) | st.sampled_from(["n", "m"])
expressions = st.recursive(
    leaves,
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(
        lambda t: f"({t[0]} {t[1]} {t[2]})"
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(expressions, st.integers(-20, 20), st.integers(-20, 20))
def test_an_expression_has_the_value_python_gives_it(source: str, n: int, m: int) -> None:
    try:
        value = evaluate(source, {"n": n, "m": m})
    except ExpressionError:
        return
    assert value == eval(source, {}, {"n": n, "m": m})  # noqa: S307 - the expression was made above


@settings(max_examples=100)
@given(st.text(max_size=40) | st.text(alphabet="n1+-*/%() ", max_size=40))
def test_no_text_does_anything_but_give_an_integer_or_be_refused(source: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert isinstance(evaluate(source, {"n": 3}), int)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "n.real",
        "n ** 2",
        "n / 2",
        "n < 2",
        "f(n)",
        "[n]",
        "'a'",
        "1.5",
        "1if n else 2",
        "True and n",
        "n @ n",
        "lambda: n",
        "1or 2",
        "-" * 90 + "n",
    ],
)
def test_anything_but_whole_number_arithmetic_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(source, {"n": 2})


def test_names_are_listed() -> None:
    assert names_used("n * (m + 2) % n") == {"n", "m"}


@pytest.mark.parametrize("source", ["n // 0", "n % (n - n)", "missing + 1", "n * n"])
def test_what_has_no_bounded_value_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(source, {"n": MAX_VALUE})
