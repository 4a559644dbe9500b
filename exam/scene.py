"""One item as one pupil meets it in one language: the drawn values and the words they make.

A `Scene` replaces `{name}` by the value of that variable in any text of the item; `{{name}}` writes the braces
themselves. It also hands out the draws an item needs besides its variables, such as the order of choices.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from exam.seed import Draw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.content import Text
    from exam.variables import DrawnTable

PLACEHOLDER = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with each `{name}` replaced; a name without value stays as written."""
    if "{" not in template:
        return template
    return "".join(
        [words if name is None else values.get(name, words) for words, name in pieces_of(template)]
    )


def names_in(template: str) -> frozenset[str]:
    """Return the variables a template names."""
    if "{" not in template:
        return frozenset()
    return frozenset(name for _, name in pieces_of(template) if name is not None)


@lru_cache(maxsize=4096)
def pieces_of(template: str) -> tuple[tuple[str, str | None], ...]:
    """Return the pieces of a template: words to keep, or a place as written with the name of its variable."""
    pieces: list[tuple[str, str | None]] = []
    at = 0
    for match in PLACEHOLDER.finditer(template):
        literal, name = match.groups()
        pieces.append((template[at : match.start()], None))
        pieces.append((match[0], name) if literal is None else ("{" + literal + "}", None))
        at = match.end()
    return (*pieces, (template[at:], None))


class Scene(NamedTuple):
    """What was drawn for one participation and item, in the words of one language."""

    item: str
    seed: bytes
    lang: str
    values: Mapping[str, str]
    tables: Mapping[str, DrawnTable]

    def say(self, text: Text) -> str:
        """Return the words of a text in the language of the scene, variables replaced."""
        return fill(text.get(self.lang, ""), self.values)

    def fill(self, template: str) -> str:
        """Return a template that has no language, variables replaced."""
        return fill(template, self.values)

    def draw(self, name: str) -> Draw:
        """Return the stream of draws of that name: the same each time, whatever was drawn before."""
        return Draw(self.seed, self.item, name)
