"""Moodle XML: each question on its own, as a draft or as a refusal with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.exchange.cloze import cloze, cut
from exam.exchange.draft import Draft, asked, numbered
from exam.exchange.flow import Flow
from exam.exchange.html_tree import plain_text, rich_blocks
from exam.exchange.refusals import Refused
from exam.exchange.weighted import Weighted, number, one_choice, pairs, several_choices, share_of, typed
from exam.items import ShortText, SingleChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam.content import Problem
    from exam.exchange.draft import Source
    from exam.exchange.tree import Node
    from exam.items import Spec

MAX_QUESTIONS = 5000


def read_moodle(root: Node, source: Source) -> tuple[list[Draft], list[Problem]]:
    """Return the questions of a quiz understood, and those refused."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    if len(root.children) > MAX_QUESTIONS:
        raise root.refuse("too_many", f"a quiz has at most {MAX_QUESTIONS} questions")
    for node in root.children:
        if node.get("type") == "category":
            continue
        told = len(source.warnings)
        try:
            drafts.append(_Question(node, source).draft())
        except Refused as refused:
            del source.warnings[told:]
            problems.append(refused.at(source.path))
    if not root.children:
        problems.append(root.refuse("bad_shape", "the quiz has no question").at(source.path))
    return drafts, problems


class _Question:
    """One question while it is read."""

    def __init__(self, node: Node, source: Source) -> None:
        self._node = node
        self._source = source
        self._rich = Flow(markdown=True, warn=self._dropped)
        self._plain = Flow(markdown=False, warn=self._dropped)

    def draft(self) -> Draft:
        """Return the draft; raises `Refused`."""
        node, source = self._node, self._source
        readers: dict[str, Callable[[], Spec]] = {
            "multichoice": self._choices,
            "truefalse": self._true_or_false,
            "shortanswer": self._short,
            "numerical": self._numerical,
            "matching": self._matching,
        }
        kind = node.get("type")
        if node.name != "question" or (kind not in readers and kind != "cloze"):
            raise node.refuse("unsupported", f"a question of the type {kind[:40]!r} cannot be imported")
        for inner in node.walk():
            if inner.name == "file":
                raise inner.refuse("unsupported", "a question with a file or a picture")
        title = self._text(node.first("name"), plain=True)
        if kind == "cloze":
            instruction, detail, spec = self._cloze()
        else:
            instruction, detail = asked(source, "", self._blocks(node.first("questiontext")))
            spec = readers[kind]()
        name = title or "question"
        return Draft(source.path, node.line, name, name, instruction, detail, spec, source.lang)

    def _blocks(self, node: Node | None) -> list[str]:
        if node is None:
            raise self._node.refuse("bad_shape", "the question has no text")
        return rich_blocks(_words(node), node.get("format", "html"), node.line, self._rich)

    def _text(self, node: Node | None, *, plain: bool = False) -> str:
        if node is None:
            raise self._node.refuse("bad_shape", "something of the question is missing")
        form = "plain_text" if plain else node.get("format", "html")
        return plain_text(_words(node), form, node.line, self._plain)

    def _answers(self, *, typed_words: bool = False) -> list[Weighted]:
        """Return the answers; words to type are taken as they are, never as HTML."""
        return [
            Weighted(
                answer.line,
                " ".join(_words(answer).split()) if typed_words else self._text(answer),
                share_of(answer.get("fraction", "0"), answer.line),
                _inner(answer, "tolerance", "0"),
            )
            for answer in self._node.all("answer")
        ]

    def _choices(self) -> Spec:
        shuffle = _inner(self._node, "shuffleanswers", "true") in {"1", "true"}
        make = one_choice if _inner(self._node, "single", "true") in {"1", "true"} else several_choices
        return make(self._source, self._answers(), shuffle=shuffle, line=self._node.line)

    def _true_or_false(self) -> Spec:
        shares = {answer.words.casefold(): answer.share for answer in self._answers()}
        if shares.keys() != {"true", "false"} or sorted(shares.values()) != [0, 100]:
            raise self._node.refuse("bad_key", "either true or false is right")
        choices = numbered(self._source, "c", (self._source.say("true"), self._source.say("false")))
        return SingleChoice(choices, "c1" if shares["true"] else "c2", shuffle=False)

    def _short(self) -> Spec:
        exact = _inner(self._node, "usecase", "0") in {"1", "true"}
        label = self._source.say("label")
        return ShortText(
            typed(self._source, label, self._answers(typed_words=True), exact=exact, line=self._node.line)
        )

    def _numerical(self) -> Spec:
        units = [unit for group in self._node.all("units") for unit in group.all("unit")]
        if len(units) > 1 or any(share_of(_inner(unit, "multiplier", "1"), unit.line) != 1 for unit in units):
            raise units[0].refuse("unsupported", "a number with several units")
        unit = _inner(units[0], "unitname", "") if units else ""
        return number(
            self._source, self._source.say("label"), self._answers(typed_words=True), unit, self._node.line
        )

    def _matching(self) -> Spec:
        rows = [
            (self._text(row), self._text(row.first("answer"), plain=True))
            for row in self._node.all("subquestion")
        ]
        return pairs(self._source, rows)

    def _cloze(self) -> tuple[str, str, Spec]:
        node = self._node.first("questiontext")
        if node is None:
            raise self._node.refuse("bad_shape", "the question has no text")
        written, fields = cut(_words(node), node.line)
        text = plain_text(written, node.get("format", "html"), node.line, self._plain)
        spec = cloze(self._source, text, fields, node.line)
        return self._source.say("instruction"), "", spec

    def _dropped(self, node: Node, words: str) -> None:
        self._source.warn(node.line, "not_kept", f"<{node.tag}>: {words}")


def _words(node: Node) -> str:
    text = node.first("text")
    return (text or node).words().strip() if text or not node.children else ""


def _inner(node: Node, name: str, default: str) -> str:
    inner = node.first(name)
    return (inner.words().strip() or default) if inner else default
