"""The simulator items of docs/item-format.md, made whole: what authors copy must work."""

from __future__ import annotations

import re
from pathlib import Path

from bank_kit import SHARED

DOC = Path(__file__).resolve().parent.parent.parent / "docs" / "item-format.md"
_EXAMPLE = re.compile(r"```toml\n(.*?)```", re.DOTALL)
_MESSAGE = 'message = {fr = "Vu.", en = "Seen."}'
_VARIABLES = """
[variables]
n = {int = [10, 99]}
a = {int = [1, 20]}
b = {int = [1, 20]}
total = {expr = "a + b"}
mot = {pick = ["lune"]}
"""


def examples() -> dict[str, bytes]:
    """Return an item's file for each simulator, by name."""
    section = DOC.read_text("utf-8").split("## Simulators")[1].split("\n## ")[0]
    whole, *short = _EXAMPLE.findall(section)
    found = {"whole": re.sub(r"^skill = .*$", 'skill = "sujet-2"', whole, flags=re.MULTILINE).encode()}
    for example in short:
        text = example if "simulator =" in example else 'simulator = "mailbox"\n' + _MAILBOX + example
        name = re.search(r'simulator = "(\w+)"', text)
        assert name
        head, *goals = text.split("[[goal]]\n")
        goals = [goal if "message =" in goal else f"{_MESSAGE}\n{goal}" for goal in goals]
        body = "[[goal]]\n".join([head, *goals])
        found[name[1]] = f'{SHARED}kind = "simulator"\n{body}{_VARIABLES}'.encode()
    return found


_MAILBOX = """
[scene]
account = "lea@college-orvane.example"
[[scene.messages]]
id = "m1"
from = "Tom"
address = "tom@college-orvane.example"
subject = "Affiche"
body = "Voici."
"""
