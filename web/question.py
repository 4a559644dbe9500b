"""A question made ready for a page: its Markdown as safe HTML, its texts typeset.

The question comes as the JSON-ready mapping of `exam.present`; this module only knows which of its fields are
words for a person, and leaves ids, names of files and everything it does not know as they are. A short text with
`code` in it also comes as `html`, for the places that can show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.markdown import markdown, markdown_line
from web.typography import typeset

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS = frozenset({"text", "label", "unit", "alt"})
_EXACT = frozenset({"scene", "start"})  # the state of a simulator, compared letter by letter


def _typeset_words(value: object, lang: str) -> object:
    if isinstance(value, dict):
        return _typeset_fields(value, lang)
    if isinstance(value, list):
        return [_typeset_words(inner, lang) for inner in value]
    return value


def _typeset_fields(fields: Mapping[str, object], lang: str) -> dict[str, object]:
    dressed: dict[str, object] = {}
    for name, inner in fields.items():
        if not isinstance(inner, str):
            dressed[name] = inner if name in _EXACT else _typeset_words(inner, lang)
        elif name not in _WORDS:
            dressed[name] = inner
        elif "`" in inner:
            dressed[name] = typeset(inner.replace("`", ""), lang)
            dressed["html"] = str(markdown_line(inner, lang))
        else:
            dressed[name] = typeset(inner, lang)
    return dressed


def dress(question: Mapping[str, object], lang: str) -> dict[str, object]:
    """Return the question with `title` and fields typeset, and `instruction_html` and `detail_html` added."""
    dressed = {**question}
    dressed.pop("instruction", None)
    dressed.pop("detail", None)
    dressed["title"] = typeset(str(question.get("title", "")), lang)
    dressed["instruction_html"] = str(markdown_line(str(question.get("instruction", "")), lang))
    dressed["detail_html"] = str(markdown(str(question.get("detail", "")), lang))
    for name in ("fields", "picture"):
        if name in question:
            dressed[name] = _typeset_words(question[name], lang)
    return dressed
