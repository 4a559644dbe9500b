"""Answers with a share of the points, as Moodle writes them, made right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.exchange.draft import blank, numbered
from exam.exchange.refusals import Refused
from exam.items import Matching, MultipleChoice, Number, SingleChoice
from exam.text_matching import parse_number

if TYPE_CHECKING:
    from fractions import Fraction

    from exam.exchange.draft import Source
    from exam.items import Blank, Choice


@dataclass(frozen=True, slots=True)
class Weighted:
    """One answer: its words, its share in percent, how far a number may be."""

    line: int
    words: str
    share: Fraction
    tolerance: str = "0"


def share_of(written: str, line: int) -> Fraction:
    """Return a share of the points in percent; raises `Refused`."""
    share = parse_number(written)
    if share is None:
        raise Refused(line, "bad_value", f"{written[:40]!r} is no share of the points")
    return share


def one_choice(source: Source, answers: list[Weighted], *, shuffle: bool, line: int) -> SingleChoice:
    """Return a choice whose only full answer is right."""
    right = _full(source, answers, line)
    if len(right) != 1:
        raise Refused(line, "bad_key", "exactly one choice must have all the points")
    choices = numbered(source, "c", (answer.words for answer in answers))
    return SingleChoice(choices, choices[answers.index(right[0])].id, shuffle)


def several_choices(source: Source, answers: list[Weighted], *, shuffle: bool, line: int) -> MultipleChoice:
    """Return choices of which those with points must be ticked, and no other."""
    choices = numbered(source, "c", (answer.words for answer in answers))
    right = tuple(one.id for one, answer in zip(choices, answers, strict=True) if answer.share > 0)
    total = sum(answer.share for answer in answers if answer.share > 0)
    if not 99 <= total <= 101:
        raise Refused(line, "bad_key", "the right choices together must have all the points")
    if len(right) > 1:
        _partial(source, line)
    if any(answer.share == 0 for answer in answers):
        source.warn(line, "stricter", "a wrong choice cost nothing there; here it makes the answer wrong")
    return MultipleChoice(choices, right, shuffle)


def typed(source: Source, label: str, answers: list[Weighted], *, exact: bool, line: int) -> Blank:
    """Return a text to type: the answers with all the points are accepted."""
    right = _full(source, answers, line)
    for answer in right:
        if "*" in answer.words:
            raise Refused(answer.line, "unsupported", "an answer with a wildcard")
    return blank(source, label, [answer.words for answer in right], exact=exact)


def number(source: Source, label: str, answers: list[Weighted], unit: str, line: int) -> Number:
    """Return a number to type."""
    right = _full(source, answers, line)
    if len(right) != 1:
        raise Refused(line, "unsupported", "exactly one number must have all the points")
    for written in (right[0].words, right[0].tolerance):
        if parse_number(written) is None:
            raise Refused(right[0].line, "bad_key", f"{written[:40]!r} is not a number we can read")
    told = {source.lang: unit} if unit else None
    return Number({source.lang: label}, right[0].words, right[0].tolerance, told)


def pairs(source: Source, rows: list[tuple[str, str]]) -> Matching:
    """Return entries to match; a row without a left side adds a right side that nobody needs."""
    rights = list(dict.fromkeys(right for _, right in rows))
    lefts = [left for left, _ in rows if left]
    right = dict(zip(rights, numbered(source, "r", rights), strict=True))
    left: tuple[Choice, ...] = numbered(source, "l", lefts)
    wanted = (right[other].id for one, other in rows if one)
    return Matching(
        left, tuple(right.values()), {one.id: other for one, other in zip(left, wanted, strict=True)}
    )


def _full(source: Source, answers: list[Weighted], line: int) -> list[Weighted]:
    right = [answer for answer in answers if answer.share >= 100]
    if not right:
        raise Refused(line, "bad_key", "no answer has all the points")
    if any(0 < answer.share < 100 for answer in answers):
        _partial(source, line)
    return right


def _partial(source: Source, line: int) -> None:
    source.warn(line, "partial_credit", "partial points are not kept: an answer is right or wrong")
