"""The fields inside a Moodle text: `{1:SHORTANSWER:=yes~%50%maybe#told}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from exam.exchange.draft import numbered
from exam.exchange.html_tree import MAX_HTML
from exam.exchange.refusals import Refused
from exam.exchange.weighted import Weighted, number, one_choice, share_of, typed
from exam.items import DropDown, DropDowns, FillBlanks, Number
from exam.text_matching import parse_number

if TYPE_CHECKING:
    from exam.exchange.draft import Source
    from exam.items import Spec

MAX_FIELDS = 200
_FIELD = re.compile(r"\{[0-9]*:([A-Z_]+):((?:\\.|[^\\}]){0,4000})\}", re.DOTALL)
_LISTS = frozenset({"MULTICHOICE", "MC", "MULTICHOICE_S", "MCS"})
_TEXTS = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
_NUMBERS = frozenset({"NUMERICAL", "NM"})
_ANSWER = re.compile(r"(=|%(-?[0-9]+(?:\.[0-9]+)?)%)?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a text: its kind as written and its answers."""

    kind: str
    answers: list[Weighted]


def cut(text: str, line: int) -> tuple[str, dict[str, Field]]:
    """Return the text with `[[a1]]` in place of its fields, and the fields; raises `Refused`."""
    fields: dict[str, Field] = {}

    def placed(found: re.Match[str]) -> str:
        name = f"a{len(fields) + 1}"
        fields[name] = Field(found[1], [_answer(one, line) for one in re.split(r"(?<!\\)~", found[2]) if one])
        return f"[[{name}]]"

    if len(text) > MAX_HTML or text.count("{") > MAX_FIELDS:
        raise Refused(line, "too_large", f"a text has at most {MAX_HTML} characters and {MAX_FIELDS} fields")
    if "[[" in text:
        raise Refused(line, "bad_shape", "the text holds double square brackets, which mark fields here")
    written = _FIELD.sub(placed, text)
    for found in re.finditer(r"\{[0-9]*:([A-Za-z_]+):", written):
        raise Refused(line, "unsupported", f"the field {found[1][:40]!r} cannot be imported")
    if not fields:
        raise Refused(line, "bad_shape", "the text has no field")
    return written, fields


def _answer(written: str, line: int) -> Weighted:
    mark, percent, words = next(_ANSWER.finditer(written)).groups()  # it matches any text, whole
    words = re.split(r"(?<!\\)#", words)[0]
    words = " ".join(unescape(re.sub(r"\\(.)", r"\1", words)).split())
    share = share_of("100" if mark == "=" else percent or "0", line)
    if re.search(r"<[A-Za-z/]", words):
        raise Refused(line, "unsupported", "an answer of a field holds more than words")
    return Weighted(line, words, share)


def cloze(source: Source, text: str, fields: dict[str, Field], line: int) -> Spec:
    """Return the question a text with fields asks; `text` is plain words by now."""
    kinds = {field.kind for field in fields.values()}
    if kinds <= _LISTS:
        return _lists(source, text, fields, line)
    if kinds <= _NUMBERS and len(fields) == 1:
        return _one_number(source, text, next(iter(fields.values())), line)
    if not kinds <= _TEXTS.keys():
        unknown = min(kinds - _TEXTS.keys())
        raise Refused(line, "unsupported", f"the field {unknown!r} alone or with others cannot be imported")
    label = source.say("label")
    blanks = {
        name: typed(source, f"{label} {place}", field.answers, exact=_TEXTS[field.kind], line=line)
        for place, (name, field) in enumerate(fields.items(), 1)
    }
    return FillBlanks({source.lang: text}, "independent", blanks)


def _one_number(source: Source, text: str, field: Field, line: int) -> Number:
    before, _, after = text.partition("[[a1]]")
    if len(after.strip()) > 30 or "\n" in after.strip():
        raise Refused(line, "unsupported", "words after a number are its unit, and short")
    answers = []
    for answer in field.answers:
        value, _, tolerance = answer.words.partition(":")
        answers.append(Weighted(line, value, answer.share, tolerance or "0"))
        if answer.share >= 100 and parse_number(tolerance or "0") is None:
            raise Refused(line, "bad_key", f"{tolerance[:40]!r} is no tolerance")
    unit = "" if after.strip() in {"", ".", ",", ";"} else after.strip()
    return number(source, before.strip() or source.say("label"), answers, unit, line)


def _lists(source: Source, text: str, fields: dict[str, Field], line: int) -> DropDowns:
    found = {}
    for place, (name, field) in enumerate(fields.items(), 1):
        one = one_choice(source, field.answers, shuffle=field.kind.endswith("S"), line=line)
        options = numbered(source, "c", (answer.words for answer in field.answers))
        label = {source.lang: f"{source.say('label')} {place}"}
        found[name] = DropDown(label, options, one.correct, one.shuffle)
    return DropDowns({source.lang: text}, found)
