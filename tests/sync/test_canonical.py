"""Our canonical bytes are those of RFC 8785, or there are none."""

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sync.canonical import LARGEST, NotCanonical, canonical

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.text(st.characters(max_codepoint=127), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


class Event(msgspec.Struct, tag="event"):
    """Fields out of order, and a tag."""

    zebra: int
    answer: str | list[str] | dict[str, str] | None
    alpha: list[tuple[str, int]]


@given(values)
def test_plain_values_are_spelled_as_rfc8785_says(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # hypothesis gives a wider type


@given(
    st.builds(
        Event,
        zebra=st.integers(-LARGEST, LARGEST),
        answer=st.none() | text | st.lists(text) | st.dictionaries(keys, text),
        alpha=st.lists(st.tuples(text, st.integers(0, 9))),
    )
)
def test_structs_are_spelled_as_rfc8785_says(event: Event) -> None:
    assert canonical(event) == rfc8785.dumps(msgspec.to_builtins(event))


@pytest.mark.parametrize(
    "value",
    [1.0, [0.5], {"a": {"b": 1e3}}, 2**53, -(2**53), {"é": 1}, {1: 2}, b"bytes", {1, 2}, "\ud800", object()],
    ids=lambda value: f"{type(value).__name__} {value}" if type(value) is not object else "object",
)
def test_what_has_no_agreed_spelling_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_raw_bytes_go_in_as_they_are() -> None:
    assert canonical({"b": msgspec.Raw(b'{"z":1}'), "a": 1}) == b'{"a":1,"b":{"z":1}}'
