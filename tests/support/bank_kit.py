"""Small banks written as their authors would, to read, break and ask."""

from __future__ import annotations

from exam.bank import Bank, parse_bank

HEAD = """
id = "kit"
version = "1"
title = {fr = "Essai", en = "Trial"}
languages = ["fr", "en"]
"""

TOPIC = """
id = "sujet"
competence = "4.1"
name = {fr = "Sujet", en = "Topic"}
description = {fr = "Pour essayer.", en = "To try."}
[[skills]]
level = 2
name = {fr = "Essayer", en = "Trying"}
hint = {fr = "Regardez bien.", en = "Look well."}
tutorials = ["lecon"]
[[tutorials]]
id = "lecon"
title = {fr = "Leçon", en = "Lesson"}
minutes = 2
"""

SHARED = """
skill = "sujet-2"
title = {fr = "Titre", en = "Title"}
instruction = {fr = "Que faire ?", en = "What to do?"}
note = "Note."
"""

SINGLE = """
kind = "single_choice"
[[choices]]
id = "a"
text = {fr = "un", en = "one"}
[[choices]]
id = "b"
text = {fr = "deux", en = "two"}
correct = true
[[choices]]
id = "c"
text = {fr = "trois", en = "three"}
"""

COURSE = """
name = {fr = "Parcours", en = "Course"}
description = {fr = "Court.", en = "Short."}
category = "CUSTOM"
minutes = 5
topics = [{id = "sujet", level = 2}]
[[stages]]
threshold = 0
title = {fr = "a", en = "a"}
message = {fr = "a", en = "a"}
staff_title = {fr = "a", en = "a"}
staff_message = {fr = "a", en = "a"}
"""

SEED = b"kit seed of thirty-two bytes ...."


def item(kind: str, shared: str = SHARED) -> bytes:
    """Return the file of an item from the lines of its kind."""
    return (shared + kind).encode()


def files(**items: bytes) -> dict[str, bytes]:
    """Return the files of a sound bank with these items (name to file), or one choice when none is given."""
    return {
        "bank.toml": HEAD.encode(),
        "topics/sujet/topic.toml": TOPIC.encode(),
        "topics/sujet/tutorials/lecon.fr.md": "# Leçon\n".encode(),
        "topics/sujet/tutorials/lecon.en.md": b"# Lesson\n",
        "courses/parcours.toml": COURSE.encode(),
        **{f"topics/sujet/{name}.toml": data for name, data in (items or {"un": item(SINGLE)}).items()},
    }


def bank_of(**items: bytes) -> Bank:
    """Return the bank of `files`; fails when it has a problem."""
    bank, problems = parse_bank(files(**items))
    assert bank is not None, problems
    return bank


def one(kind: str) -> Bank:
    """Return a bank whose only item, `un`, is of this kind."""
    return bank_of(un=item(kind))


def codes(broken: dict[str, bytes]) -> set[str]:
    """Return the codes of the problems of a bank."""
    return {problem.code for problem in parse_bank(broken)[1]}
