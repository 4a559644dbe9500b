"""GIFT: questions in plain text, one a paragraph; each is a draft or a refusal with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.exchange.draft import Draft, asked, numbered
from exam.exchange.flow import Flow
from exam.exchange.html_tree import plain_text, rich_blocks
from exam.exchange.refusals import Refused
from exam.exchange.weighted import Weighted, number, one_choice, pairs, several_choices, share_of, typed
from exam.items import DropDown, DropDowns, FillBlanks, ShortText, SingleChoice
from exam.text_matching import parse_number

if TYPE_CHECKING:
    from fractions import Fraction

    from exam.content import Problem
    from exam.exchange.draft import Source
    from exam.exchange.tree import Node
    from exam.items import Spec

MAX_GIFT = 2_000_000
MAX_QUESTIONS = 5000
_SIGNS = "~=#{}:\\"
_HIDE = {"\\" + sign: chr(0xE000 + place) for place, sign in enumerate(_SIGNS)} | {"\\n": chr(0xE100)}
_SHOW = {ord(chr(0xE000 + place)): sign for place, sign in enumerate(_SIGNS)} | {0xE100: "\n"}
_ESCAPE = re.compile(r"\\[~=#{}:\\n]")
_HEAD = re.compile(r"\s*(?:::(.*?)::)?\s*(?:\[(html|markdown|plain|moodle)\])?(.*)", re.DOTALL)
_PERCENT = re.compile(r"%(-?[0-9]+(?:\.[0-9]+)?)%(.*)", re.DOTALL)
_FORMS = {"plain": "plain_text", "moodle": "plain_text", "": "plain_text"}
_TRUE = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def read_gift(data: bytes, source: Source) -> tuple[list[Draft], list[Problem]]:
    """Return the questions understood and those refused; raises `Refused` when the file is no GIFT at all."""
    if len(data) > MAX_GIFT:
        raise Refused(0, "too_large", f"a GIFT file has at most {MAX_GIFT} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(0, "not_utf8", f"neither a package, XML nor UTF-8 text (byte {error.start})") from error
    drafts: list[Draft] = []
    problems: list[Problem] = []
    blocks = _blocks(text)
    if len(blocks) > MAX_QUESTIONS or not any("{" in words for _, words in blocks):
        raise Refused(0, "unsupported", "this is no format we read: QTI, Moodle XML or GIFT")
    for line, words in blocks:
        told = len(source.warnings)
        try:
            drafts.append(_Question(line, words, source).draft())
        except Refused as refused:
            del source.warnings[told:]
            problems.append(refused.at(source.path))
    return drafts, problems


def _blocks(text: str) -> list[tuple[int, str]]:
    """Return each question with its line; comments and categories are left out, escaped signs set aside."""
    found: list[tuple[int, list[str]]] = []
    fresh = True
    for place, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("//", "$CATEGORY:")):
            continue
        if not line.strip():
            fresh = True
            continue
        if fresh:
            found.append((place, []))
        found[-1][1].append(_ESCAPE.sub(lambda match: _HIDE[match[0]], line))
        fresh = False
    return [(place, "\n".join(lines)) for place, lines in found]


def _shown(words: str) -> str:
    return words.translate(_SHOW)


@dataclass(slots=True)
class _Question:
    """One question while it is read."""

    line: int
    written: str
    source: Source
    form: str = ""

    def draft(self) -> Draft:
        """Return the draft; raises `Refused`."""
        title, form, rest = next(_HEAD.finditer(self.written)).groups()  # it matches any text, whole
        self.form = _FORMS.get(form or "", form or "")
        before, opened, inner = rest.partition("{")
        inner, closed, after = inner.partition("}")
        if not opened or not closed:
            raise self._refuse("unsupported", "a text without a question")
        if {"{", "}"} & {*inner, *after}:
            raise self._refuse("unsupported", "a question has one pair of braces")
        blocks = rich_blocks(_shown(before), self.form, self.line, Flow(markdown=True, warn=self._dropped))
        instruction, detail = asked(self.source, "", blocks)
        if after.strip():
            text = f"{self._plain(before)} [[a]] {self._plain(after)}".strip()
            if text.count("[[") != 1:
                raise self._refuse(
                    "bad_shape", "the text holds double square brackets, which mark fields here"
                )
            instruction, detail, spec = self.source.say("instruction"), "", self._inside(inner.strip(), text)
        else:
            spec = self._alone(inner.strip())
        name = " ".join(_shown(title or instruction).split())[:120]
        return Draft(self.source.path, self.line, name, name, instruction, detail, spec, self.source.lang)

    def _alone(self, inner: str) -> Spec:
        label = self.source.say("label")
        head = inner.partition("#")[0].strip().upper()
        if head in _TRUE:
            choices = numbered(self.source, "c", (self.source.say("true"), self.source.say("false")))
            return SingleChoice(choices, "c1" if _TRUE[head] else "c2", shuffle=False)
        if inner.startswith("#"):
            return number(self.source, label, self._numbers(inner[1:]), "", self.line)
        answers = self._answers(inner)
        if all(mark == "=" for mark, _ in answers):
            if any("->" in answer.words for _, answer in answers):
                return self._pairs([answer for _, answer in answers])
            found = [answer for _, answer in answers]
            return ShortText(typed(self.source, label, found, exact=False, line=self.line))
        return self._choices(answers)

    def _choices(self, answers: list[tuple[str, Weighted]]) -> Spec:
        found = [answer for _, answer in answers]
        if any(mark == "=" for mark, _ in answers):
            return one_choice(self.source, found, shuffle=True, line=self.line)
        return several_choices(self.source, found, shuffle=True, line=self.line)

    def _inside(self, inner: str, text: str) -> Spec:
        """Return a question whose field stands inside its text."""
        answers = self._answers(inner)
        words = {self.source.lang: text}
        label = self.source.say("label")
        found = [answer for _, answer in answers]
        if inner.startswith("#") or any("->" in answer.words for answer in found):
            raise self._refuse("unsupported", "this question cannot stand inside a text")
        if all(mark == "=" for mark, _ in answers):
            one = typed(self.source, label, found, exact=False, line=self.line)
            return FillBlanks(words, "independent", {"a": one})
        chosen = one_choice(self.source, found, shuffle=True, line=self.line)
        one_list = DropDown({self.source.lang: label}, chosen.choices, chosen.correct, shuffle=True)
        return DropDowns(words, {"a": one_list})

    def _answers(self, inner: str) -> list[tuple[str, Weighted]]:
        """Return the answers with their marks; what follows # is told to the pupil there and left out."""
        pieces = re.split(r"([=~])", inner)
        if pieces[0].strip() or len(pieces) < 3:
            raise self._refuse("no_correction", "nothing here can be corrected automatically")
        found = []
        for mark, written in zip(pieces[1::2], pieces[2::2], strict=True):
            words, share = written.partition("#")[0].strip(), "100" if mark == "=" else "0"
            if match := _PERCENT.fullmatch(words):
                share, words = match.groups()
            told = self._plain(words)
            if not told:
                raise self._refuse("bad_key", "an answer is empty")
            found.append((mark, Weighted(self.line, told, share_of(share, self.line))))
        return found

    def _pairs(self, answers: list[Weighted]) -> Spec:
        rows = []
        for answer in answers:
            left, arrow, right = answer.words.partition("->")
            if not arrow or not right.strip():
                raise self._refuse("bad_key", "every row of a matching has a right side")
            rows.append((left.strip(), right.strip()))
        return pairs(self.source, rows)

    def _numbers(self, written: str) -> list[Weighted]:
        pieces = [piece for piece in re.split(r"[=~]", written) if piece.strip()]
        found = []
        for piece in pieces:
            words, share = piece.partition("#")[0].strip(), "100"
            if match := _PERCENT.fullmatch(words):
                share, words = match.groups()
            value, tolerance = self._bounds(words.strip())
            found.append(Weighted(self.line, value, share_of(share, self.line), tolerance))
        return found

    def _bounds(self, words: str) -> tuple[str, str]:
        low, dots, high = words.partition("..")
        if not dots:
            value, _, tolerance = words.partition(":")
            return value.strip(), tolerance.strip() or "0"
        ends = parse_number(low), parse_number(high)
        if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
            raise self._refuse("bad_key", f"{words[:40]!r} is no interval")
        return _decimal((ends[0] + ends[1]) / 2), _decimal((ends[1] - ends[0]) / 2)

    def _plain(self, words: str) -> str:
        flow = Flow(markdown=False, warn=self._dropped)
        return plain_text(_shown(words), self.form, self.line, flow).strip()

    def _dropped(self, _: Node, words: str) -> None:
        self.source.warn(self.line, "not_kept", words)

    def _refuse(self, code: str, message: str) -> Refused:
        return Refused(self.line, code, f"{_shown(self.written)[:40]!r}: {message}")


def _decimal(value: Fraction) -> str:
    """Return an exact decimal: halves of written decimals always have one."""
    digits = 0
    while value.denominator != 1 and digits < 40:
        value, digits = value * 10, digits + 1
    text = str(abs(value.numerator)).rjust(digits + 1, "0")
    whole = text[: len(text) - digits] + ("." + text[len(text) - digits :] if digits else "")
    return f"-{whole}" if value < 0 else whole
