"""QTI interactions that fill a block, as our kinds: choice, order, match, gap match, hottext."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.exchange.draft import choice
from exam.items import DropDown, DropDowns, Matching, MultipleChoice, Ordering, SingleChoice
from exam.kinds.blanks import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam.exchange.draft import Source
    from exam.exchange.flow import Flow
    from exam.exchange.qti_right import Response
    from exam.exchange.tree import Node
    from exam.items import Choice, Spec

MAX_ENTRIES = 100
NO_CORRECTION = frozenset({"uploadinteraction", "drawinginteraction", "mediainteraction"})


def read_choice(node: Node, response: Response, flow: Flow) -> Spec:
    """Return a choice interaction: one right choice when its response has one value."""
    _only(node, "prompt", "simplechoice")
    named = _named(node.all("simplechoice"), response.source, flow)
    return _choices(named, response, most=_whole(node, "maxchoices"), shuffle=node.get("shuffle") == "true")


def read_hottext(node: Node, response: Response, flow: Flow) -> Spec:
    """Return words to mark in a text, as choices in the order of the text."""
    named = _named([inner for inner in node.walk() if inner.name == "hottext"], response.source, flow)
    return _choices(named, response, most=_whole(node, "maxchoices"), shuffle=False)


def _choices(named: dict[str, Choice], response: Response, *, most: int, shuffle: bool) -> Spec:
    right = response.all(named, most)
    for name in right:
        if name not in named:
            raise response.declared.node.refuse("bad_key", f"{name[:40]!r} is none of the choices")
    choices = tuple(named.values())
    correct = tuple(choice.id for name, choice in named.items() if name in right)
    if response.declared.cardinality == "single":
        return SingleChoice(choices, correct[0], shuffle)
    return MultipleChoice(choices, correct, shuffle)


def read_order(node: Node, response: Response, flow: Flow) -> Spec:
    """Return entries in their right order."""
    _only(node, "prompt", "simplechoice")
    named = _named(node.all("simplechoice"), response.source, flow)
    if response.rule.how != "correct":
        raise node.refuse("unsupported", "an order is judged by match_correct only")
    right = response.values()
    if sorted(right) != sorted(named):
        raise response.declared.node.refuse("bad_key", "the right order names every entry once")
    return Ordering(tuple(named[name] for name in right))


def read_match(node: Node, response: Response, flow: Flow) -> Spec:
    """Return two lists where each left entry has one right one, sides exchanged when only that holds."""
    _only(node, "prompt", "simplematchset")
    sets = node.all("simplematchset")
    if len(sets) != 2:
        raise node.refuse("bad_shape", "two sets to match are expected")
    for one in sets:
        _only(one, "simpleassociablechoice")
    lists = [one.all("simpleassociablechoice") for one in sets]
    left, right = (
        _named(entries, response.source, flow, prefix)
        for entries, prefix in zip(lists, ("l", "r"), strict=True)
    )
    once = all(entry.get("matchmax", "0") == "1" for entry in lists[0])
    known = [f"{one} {other}" for one in left for other in right]
    pairs = [_pair(response, value) for value in response.all(known, exclusive=once)]
    if any(one not in left or other not in right for one, other in pairs):
        raise response.declared.node.refuse("bad_key", "a right pair names no entry of each set")
    if sorted(one for one, _ in pairs) == sorted(left):
        return _matching(left, right, pairs)
    if sorted(other for _, other in pairs) == sorted(right):
        response.source.warn(node.line, "sides_exchanged", "the two sides were exchanged: one pair an entry")
        return _matching(right, left, [(other, one) for one, other in pairs])
    raise node.refuse("unsupported", "each entry of one side must have exactly one right entry")


def _matching(left: dict[str, Choice], right: dict[str, Choice], pairs: list[tuple[str, str]]) -> Matching:
    found = {left[one].id: right[other].id for one, other in pairs}
    return Matching(tuple(left.values()), tuple(right.values()), found)


def read_gaps(node: Node, response: Response, flow: Flow, text: str) -> Spec:
    """Return a text with gaps as lists: choosing a text for a gap asks for the same."""
    for image in node.all("gapimg"):
        raise image.refuse("unsupported", "a picture to drop cannot be imported")
    named = _named(node.all("gaptext"), response.source, flow)
    gaps = [inner.get("identifier") for inner in node.walk() if inner.name == "gap"]
    if len(gaps) > MAX_ENTRIES:
        raise node.refuse("too_many", f"a text has at most {MAX_ENTRIES} gaps")
    known = [f"{one} {gap}" for one in named for gap in gaps]
    right = {
        gap: one for one, gap in (_pair(response, value) for value in response.all(known, exclusive=False))
    }
    if right.keys() != set(gaps) or any(one not in named for one in right.values()):
        raise response.declared.node.refuse("bad_key", "each gap has exactly one right text")
    options = tuple(named.values())
    label = response.source.say("label")
    return DropDowns(
        {response.source.lang: text},
        {
            blank_name(gap): DropDown(
                {response.source.lang: f"{label} {place}"}, options, named[right[gap]].id, shuffle=True
            )
            for place, gap in enumerate(gaps, 1)
        },
    )


BLOCKS: dict[str, Callable[[Node, Response, Flow], Spec]] = {
    "choiceinteraction": read_choice,
    "hottextinteraction": read_hottext,
    "orderinteraction": read_order,
    "matchinteraction": read_match,
}


def blank_name(identifier: str) -> str:
    """Return the name of a blank for an identifier, which may hold signs that a name does not."""
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in identifier).strip("-")
    name = "-".join(part for part in kept.split("-") if part)[:60] or "a"
    return name if BLANK.fullmatch(f"[[{name}]]") else "a"


def _named(nodes: list[Node], source: Source, flow: Flow, prefix: str = "c") -> dict[str, Choice]:
    """Return the choices by their identifier, under names that say nothing."""
    found: dict[str, Choice] = {}
    for place, node in enumerate(nodes, 1):
        name = node.get("identifier")
        if place > MAX_ENTRIES:
            raise node.refuse("too_many", f"a question has at most {MAX_ENTRIES} entries")
        if not name or name in found:
            raise node.refuse("bad_id", "a choice has an identifier of its own")
        if node.get("fixed") == "true":
            source.warn(node.line, "not_kept", "a choice fixed in its place may be shuffled")
        found[name] = choice(source, f"{prefix}{place}", flow.text(node))
    return found


def _pair(response: Response, value: str) -> tuple[str, str]:
    one, _, other = value.partition(" ")
    if not other or " " in other:
        raise response.declared.node.refuse("bad_key", f"{value[:40]!r} is no pair")
    return one, other


def _only(node: Node, *names: str) -> None:
    for inner in node.children:
        if inner.name not in names:
            raise inner.refuse("unsupported", "this element cannot be imported here")


def _whole(node: Node, name: str) -> int:
    written = node.get(name, "1")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 5 else 0
