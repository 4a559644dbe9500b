"""One QTI item as a draft: its head, its page, its only question and what makes an answer right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam.exchange.draft import Draft, asked
from exam.exchange.flow import Flow
from exam.exchange.qti_declared import declared
from exam.exchange.qti_inline import INLINE, check_places, placed, read_extended, read_inline
from exam.exchange.qti_interactions import BLOCKS, MAX_ENTRIES, NO_CORRECTION, read_gaps
from exam.exchange.qti_pictures import picture_of
from exam.exchange.qti_processing import is_assumed, rules_of
from exam.exchange.qti_right import Responses
from exam.exchange.tree import LANG, Node

if TYPE_CHECKING:
    from exam.exchange.draft import Source
    from exam.items import Spec

_SPACE = re.compile(r"/(imsqti_v2p[12]|imsqtiasi_v3p0)$")
EXTENDED = "extendedtextinteraction"
_ALONE = {**BLOCKS, EXTENDED: read_extended}
_BOXES = frozenset({"div", "section", "contentbody", "article"})
_WHOLE = "preau-text"
"""The class of a box that our exports put around a text with fields."""

_CANDIDATE = frozenset({"candidate", "testcandidate"})
_READ = frozenset({"responsedeclaration", "itembody", "responseprocessing", "outcomedeclaration"})
_DROPPED = {"modalfeedback": "feedback", "stylesheet": "a style sheet", "cataloginfo": "a catalogue"}


def read_qti_item(root: Node, source: Source, *, lang: str = "") -> Draft:
    """Return the draft of an item; raises `Refused` naming the element and its line."""
    if root.name != "assessmentitem" or not _SPACE.search(root.namespace):
        raise root.refuse("unsupported", f"no item of QTI 2 or 3.0 (namespace {root.namespace[:80]!r})")
    source.lang = lang or language_of(root.get(LANG))
    if not lang and root.get(LANG)[:2].lower() not in {"", "fr", "en"}:
        words = f"its language {root.get(LANG)[:20]!r} is neither French nor English; it was taken as French"
        source.warn(root.line, "other_language", words)
    _check_head(root, source)
    body = root.first("itembody")
    if body is None:
        raise root.refuse("bad_shape", "an item has a body")
    if is_assumed(root):
        words = "no response processing: the declared correct response was taken as what is right"
        source.warn(root.line, "assumed_correction", words)
    title = root.get("title") or root.get("identifier")
    picture = picture_of(body, source)
    instruction, detail, spec = _Page(body, Responses(source, declared(root), rules_of(root))).read()
    name = root.get("identifier")
    return Draft(source.path, root.line, name, title, instruction, detail, spec, source.lang, picture)


def language_of(written: str) -> str:
    """Return the bank's language of a language tag: English when it says so, French otherwise."""
    return "en" if written.strip().lower().startswith("en") else "fr"


def _check_head(root: Node, source: Source) -> None:
    if root.get("adaptive") == "true":
        raise root.refuse("unsupported", "an adaptive item")
    body = root.first("itembody")
    # What nobody corrects is said first: the processing is missing because of it.
    for node in body.walk() if body else ():
        if node.name in NO_CORRECTION or (node.name == EXTENDED and not _has_key(root, node)):
            raise node.refuse("no_correction", "no automatic correction exists for this interaction")
    for node in root.children:
        if node.name in _DROPPED:
            source.warn(node.line, "not_kept", f"<{node.tag}>: {_DROPPED[node.name]} is not kept")
        elif node.name not in _READ:
            raise node.refuse("unsupported", "this element cannot be imported")


def _has_key(root: Node, node: Node) -> bool:
    """Return whether accepted texts are declared for a long text."""
    name = node.get("responseidentifier")
    held = (
        one for one in root.children if one.name == "responsedeclaration" and one.get("identifier") == name
    )
    return any(inner.name in {"value", "mapentry"} for one in held for inner in one.walk())


class _Page:
    """The body of one item."""

    def __init__(self, body: Node, responses: Responses) -> None:
        self._body = body
        self._responses = responses
        self._source = responses.source
        self._rich = Flow(markdown=True, place=self._place, warn=self._dropped)
        self._plain = Flow(markdown=False, place=self._place, warn=self._dropped)

    def read(self) -> tuple[str, str, Spec]:
        """Return the instruction, the detail and the question; raises `Refused`."""
        found = [node for node in self._body.walk() if node.name.endswith("interaction")]
        if not found:
            raise self._body.refuse("unsupported", "the body asks nothing")
        if len(found) > MAX_ENTRIES:
            raise found[0].refuse("too_many", f"an item has at most {MAX_ENTRIES} interactions")
        for node in found:
            if node.name not in {*_ALONE, *INLINE, "gapmatchinteraction"}:
                raise node.refuse("unsupported", "this interaction cannot be imported")
        for node in found:
            self._check_no_picture(node)
        self._check_blocks()
        if all(node.name in INLINE for node in found):
            return self._inline(found)
        if len(found) > 1:
            raise found[1].refuse("unsupported", "an item asks one question")
        return self._block(found[0])

    def _check_no_picture(self, node: Node) -> None:
        for inner in node.walk():
            if inner.name == "img" and node.name != "hottextinteraction":
                raise inner.refuse("unsupported", "a picture among the answers or in the prompt")

    def _check_blocks(self) -> None:
        for node in self._body.walk():
            hidden = (
                node.name == "rubricblock"
                and node.get("view")
                and not _CANDIDATE & {*node.get("view").split()}
            )
            if node.name in {"printedvariable", "templateblock"} or (
                node.name == "rubricblock" and not hidden
            ):
                raise node.refuse("unsupported", "this element cannot be imported")

    def _block(self, node: Node) -> tuple[str, str, Spec]:
        prompt = node.first("prompt")
        around = self._rich.blocks(self._body)
        first = self._rich.line(prompt) if prompt else ""
        response = self._responses.of(node)
        if node.name == "gapmatchinteraction":
            text = self._plain.text(_without(node, "prompt", "gaptext"))
            check_places(node, text, sum(inner.name == "gap" for inner in node.walk()))
            spec: Spec = read_gaps(node, response, self._plain, text)
        else:
            spec = _ALONE[node.name](node, response, self._plain)
        if node.name == "hottextinteraction":
            around += self._rich.blocks(_without(node, "prompt"))
        return *asked(self._source, first, around), spec

    def _inline(self, fields: list[Node]) -> tuple[str, str, Spec]:
        """Return a question made of fields in a text: the paragraphs that hold them, from the first to the last."""
        blocks = _unwrapped(self._body)
        holding = [place for place, block in enumerate(blocks) if _holds(block, fields)]
        first, last = holding[0], holding[-1] + 1
        before, after = blocks[:first], blocks[last:]
        text = self._plain.text(_joined(self._body, blocks[first:last]))
        around = self._rich.blocks(_joined(self._body, [*before, *after]))
        whole = any(_WHOLE in node.get("class") for node in self._body.walk())
        spec = read_inline(fields, self._responses, self._plain, text, whole=whole)
        return *asked(self._source, "", around), spec

    def _place(self, node: Node) -> str | None:
        if node.name in _ALONE or node.name == "gapmatchinteraction":
            return ""
        if node.name == "img":  # shown apart, above the question
            return ""
        if node.name == "rubricblock":
            self._dropped(node, "what is for scorers is not kept")
            return ""
        if node.name == "hottext":
            return f"**{self._plain.line(_joined(node, node.parts))}**"
        return placed(node)

    def _dropped(self, node: Node, words: str) -> None:
        self._source.warn(node.line, "not_kept", f"<{node.tag}>: {words}")


def _holds(part: Node | str, fields: list[Node]) -> bool:
    return isinstance(part, Node) and (part in fields or any(node in fields for node in part.walk()))


def _unwrapped(body: Node) -> list[Node | str]:
    """Return the parts of the body, boxes opened but those that are one text."""
    found: list[Node | str] = []
    for part in body.parts:
        if isinstance(part, Node) and part.name in _BOXES and not _is_text(part):
            found += _unwrapped(part)
        else:
            found.append(part)
    return found


def _is_text(box: Node) -> bool:
    """Return whether a box is one text: words or fields stand in it directly."""
    direct = any(isinstance(part, str) and part.strip() for part in box.parts)
    return direct or _WHOLE in box.get("class") or any(node.name in INLINE for node in box.children)


def _joined(like: Node, parts: list[Node | str]) -> Node:
    return Node(like.tag, like.name, like.namespace, like.line, {}, list(parts))


def _without(node: Node, *names: str) -> Node:
    kept = [part for part in node.parts if isinstance(part, str) or part.name not in names]
    return _joined(node, kept)
