"""A question on its way in: what was understood of it, in the one language it was written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exam.exchange.refusals import problem
from exam.items import Blank, Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exam.content import Problem
    from exam.items import Spec

STANDARD = {
    "fr": {"instruction": "Complétez.", "label": "Votre réponse", "true": "Vrai", "false": "Faux"},
    "en": {"instruction": "Complete.", "label": "Your answer", "true": "True", "false": "False"},
}
"""Words an item needs and another format may leave out."""


@dataclass(slots=True)
class Source:
    """One file being read: its path, its language, and what was lost on the way without changing what is right.

    `beside` gives a file that came with it by its address, None when there is none.
    """

    path: str
    lang: str
    beside: Callable[[str], bytes | None] = lambda _: None
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, line: int, code: str, message: str) -> None:
        """Note something an author should look at."""
        self.warnings.append(problem(self.path, line, code, message))

    def say(self, word: str) -> str:
        """Return one of the standard words in the file's language."""
        return STANDARD[self.lang][word]


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A picture of the question: its file and the words that replace it."""

    name: str
    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One question understood; its texts have one language, `instruction` and `detail` are Markdown."""

    path: str
    line: int
    name: str
    title: str
    instruction: str
    detail: str
    spec: Spec
    lang: str
    picture: DraftPicture | None = None


def choice(source: Source, name: str, words: str) -> Choice:
    """Return a choice in the file's language."""
    return Choice(name, {source.lang: words})


def numbered(source: Source, prefix: str, texts: Iterable[str]) -> tuple[Choice, ...]:
    """Return choices named by their place."""
    return tuple(choice(source, f"{prefix}{place}", words) for place, words in enumerate(texts, 1))


def blank(source: Source, label: str, accepted: Iterable[str], *, exact: bool) -> Blank:
    """Return a text to type; when not `exact`, capitals, accents and spaces are forgiven."""
    kept = tuple(dict.fromkeys(accepted))
    return Blank({source.lang: label}, {source.lang: kept}, () if exact else ("t1",))


def asked(source: Source, prompt: str, around: list[str]) -> tuple[str, str]:
    """Return the instruction, one line, and the detail: without a prompt the first paragraph asks."""
    if prompt:
        return prompt, "\n\n".join(around)
    if around and not around[0].startswith(("```", "|", "- ", "1. ", "> ", "#")):
        return " ".join(around[0].replace("\\\n", " ").split()), "\n\n".join(around[1:])
    return source.say("instruction"), "\n\n".join(around)
