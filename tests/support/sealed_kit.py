"""A small bank that a certification can be put together from: two topics a competence, one open item and two sealed a topic."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from bank_kit import HEAD

from exam.bank import Bank, parse_bank
from exam.framework import COMPETENCES
from kiosk.bank_building import Built, Order, build
from sync.sealed import Costs
from sync.words import WORDS

if TYPE_CHECKING:
    from sync.box_keys import Box
    from sync.keys import Signer

CODE = "Éléphant-cactus 42 lune piano"
CHEAP = Costs(memory=1024, passes=1, lanes=1)
SECRET = "Phrase que nul ne doit lire"

TOPIC = """
id = "{topic}"
competence = "{competence}"
name = {{fr = "Sujet", en = "Topic"}}
description = {{fr = "Pour essayer.", en = "To try."}}
[[skills]]
level = {level}
name = {{fr = "Essayer", en = "Trying"}}
hint = {{fr = "Regardez bien.", en = "Look well."}}
tutorials = ["lecon-{topic}"]
[[skills]]
level = {above}
name = {{fr = "Essayer encore", en = "Trying again"}}
hint = {{fr = "Regardez mieux.", en = "Look better."}}
tutorials = ["lecon-{topic}"]
[[tutorials]]
id = "lecon-{topic}"
title = {{fr = "Leçon", en = "Lesson"}}
minutes = 2
"""

ITEM = """
skill = "{skill}"
title = {{fr = "{name}", en = "{name}"}}
instruction = {{fr = "{words} {apart} ?", en = "{words} {apart}?"}}
note = "Note."
kind = "short_text"
label = "L"
accepted = ["clef {key}"]
treatments = ["t1"]
{more}
"""


def _topic(files: dict[str, bytes], competence: str, topic: str, level: int) -> None:
    folder = f"topics/{topic}"
    above = level + 1
    files[f"{folder}/topic.toml"] = TOPIC.format(
        topic=topic, competence=competence, level=level, above=above
    ).encode()
    for lang in ("fr", "en"):
        files[f"{folder}/tutorials/lecon-{topic}.{lang}.md"] = b"# 1"
    for name, skill, more in (
        (f"{topic}-ouvert", f"{topic}-{level}", ""),
        (f"{topic}-ouvert-2", f"{topic}-{above}", ""),
        (f"{topic}-scelle", f"{topic}-{level}", 'part = "certification"'),
        (f"{topic}-scelle-2", f"{topic}-{above}", 'part = "certification"'),
    ):
        words = SECRET if more else "Question"
        spread = sha256(name.encode()).digest()
        apart, key = (" ".join(WORDS[byte] for byte in part) for part in (spread[:10], spread[10:13]))
        files[f"{folder}/{name}.toml"] = ITEM.format(
            name=name, skill=skill, words=words, apart=apart, key=key, more=more
        ).encode()


def certification_files(topics: int = 2) -> dict[str, bytes]:
    """Return the authors' files: so many topics a competence."""
    files = {"bank.toml": HEAD.encode()}
    for place, competence in enumerate(COMPETENCES):
        for half in range(topics):
            _topic(files, competence, f"sujet-{'abcdefghijklmnop'[place]}-{half}", 1 + (place + 3 * half) % 6)
    return files


@cache
def certification_bank() -> Bank:
    """Return the whole bank, certification items too."""
    bank, problems = parse_bank(certification_files())
    assert bank is not None, problems
    return bank


@cache
def sealed_bundle(signer: Signer, box: Box) -> Built:
    """Return its bundle under `CODE` and for one school, with a cheap derivation and a rough simulation."""
    return build(certification_bank(), signer, Order(CODE, [box.public], rough=True, costs=CHEAP))
