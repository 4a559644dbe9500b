"""QTI interactions inside a line, as our kinds: a text or number to type, a text with blanks, a text with lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.exchange.draft import blank, choice
from exam.exchange.qti_interactions import blank_name
from exam.items import DropDown, DropDowns, FillBlanks, Number, ShortText
from exam.kinds.blanks import BLANK

if TYPE_CHECKING:
    from exam.exchange.draft import Source
    from exam.exchange.flow import Flow
    from exam.exchange.qti_right import Response, Responses
    from exam.exchange.tree import Node
    from exam.items import Blank, Spec

INLINE = frozenset({"textentryinteraction", "inlinechoiceinteraction"})
_NUMBERS = frozenset({"float", "integer"})
MAX_UNIT = 30


def read_inline(nodes: list[Node], responses: Responses, flow: Flow, text: str, *, whole: bool) -> Spec:
    """Return the question made of a text and what is inside it; `whole` keeps a text around a single field."""
    kinds = {node.name for node in nodes}
    if len(kinds) > 1:
        raise nodes[1].refuse("unsupported", "texts to type and lists are not mixed in one question")
    if len({_name(node) for node in nodes}) < len(nodes):
        raise nodes[1].refuse("bad_id", "two fields of a text have one response")
    check_places(nodes[0], text, len(nodes))
    if kinds == {"inlinechoiceinteraction"}:
        return _lists(nodes, responses, flow, text)
    if len(nodes) == 1:
        response = responses.of(nodes[0])
        around = BLANK.split(text)
        if response.declared.base in _NUMBERS:
            return _number(nodes[0], response, around)
        if len(around) == 3 and not around[2].strip() and "\n" not in around[0].strip() and not whole:
            return ShortText(_blank(nodes[0], response, around[0].strip()))
    return _blanks(nodes, responses, text)


def read_extended(node: Node, response: Response, flow: Flow) -> ShortText:
    """Return a long text as a text to type: nothing but its declared texts can judge it, so it must be one of them."""
    for inner in node.children:
        if inner.name != "prompt":
            raise inner.refuse("unsupported", "this element cannot be imported")
    response.source.warn(
        node.line,
        "not_kept",
        "a long text becomes one line to type, right when it is one of the accepted texts",
    )
    del flow  # the prompt is the instruction
    return ShortText(_blank(node, response, ""))


def check_places(node: Node, text: str, count: int) -> None:
    """Refuse a text whose own words look like our mark of a field."""
    if len(BLANK.findall(text)) != count:
        raise node.refuse("bad_shape", "the text holds double square brackets, which mark fields here")


def _number(node: Node, response: Response, around: list[str]) -> Number:
    source = response.source
    before, after = around[0].strip(), around[2].strip() if len(around) == 3 else ""
    if len(after) > MAX_UNIT or "\n" in after:
        raise node.refuse("unsupported", "words after a number are its unit, and short")
    label = before or node.get("label") or source.say("label")
    unit = {source.lang: after} if after else None
    return Number({source.lang: label}, response.number(), response.rule.tolerance, unit)


def _blanks(nodes: list[Node], responses: Responses, text: str) -> FillBlanks:
    found: dict[str, Blank] = {}
    for place, node in enumerate(nodes, 1):
        response = responses.of(node)
        label = node.get("label") or f"{responses.source.say('label')} {place}"
        if response.declared.base in _NUMBERS:
            if response.rule.tolerance != "0":
                raise node.refuse("unsupported", "a tolerance inside a text with several fields")
            response.source.warn(node.line, "not_kept", "this number is compared letter by letter, as a text")
        found[_name(node)] = _blank(node, response, label)
    return FillBlanks({responses.source.lang: text}, "independent", found)


def _blank(node: Node, response: Response, label: str) -> Blank:
    if response.declared.cardinality != "single":
        raise node.refuse("unsupported", "a text to type has one value")
    accepted = response.values()
    if response.declared.base in _NUMBERS:
        accepted = tuple(way for value in accepted for way in _ways_to_write(value))
    if any(not words for words in accepted):
        raise response.declared.node.refuse("bad_key", "an accepted text is empty")
    label = label or node.get("label") or response.source.say("label")
    return blank(response.source, label, accepted, exact=not response.any_case())


def _ways_to_write(value: str) -> tuple[str, ...]:
    """Return a number as written, without idle zeros, and with a comma."""
    short = value.rstrip("0").rstrip(".") if "." in value and "e" not in value.lower() else value
    return tuple(dict.fromkeys((short, short.replace(".", ","), value, value.replace(".", ","))))


def _lists(nodes: list[Node], responses: Responses, flow: Flow, text: str) -> DropDowns:
    source = responses.source
    found = {}
    for place, node in enumerate(nodes, 1):
        named = _options(node, source, flow)
        right = responses.of(node).one()
        if right not in named:
            raise node.refuse("bad_key", f"{right[:40]!r} is none of the options")
        label = node.get("label") or f"{source.say('label')} {place}"
        options = tuple(choice(source, key, words) for key, words in named.values())
        shuffle = node.get("shuffle") == "true"
        found[_name(node)] = DropDown({source.lang: label}, options, named[right][0], shuffle)
    return DropDowns({source.lang: text}, found)


def _options(node: Node, source: Source, flow: Flow) -> dict[str, tuple[str, str]]:
    named: dict[str, tuple[str, str]] = {}
    for inner in node.children:
        if inner.name not in {"inlinechoice", "label"} or inner.get("identifier") in named:
            raise inner.refuse("unsupported", "this option cannot be imported")
        if inner.name == "inlinechoice":
            named[inner.get("identifier")] = f"c{len(named) + 1}", flow.line(inner)
        else:
            source.warn(inner.line, "not_kept", "the name of a list is not kept")
    return named


def _name(node: Node) -> str:
    return blank_name(node.get("responseidentifier"))


def placed(node: Node) -> str | None:
    """Return what stands for a field in a text, None when the element is no field."""
    if node.name in INLINE:
        return f"[[{_name(node)}]]"
    return f"[[{blank_name(node.get('identifier'))}]]" if node.name == "gap" else None
