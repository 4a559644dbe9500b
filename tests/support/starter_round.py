"""A bank that asks chosen items of the starter bank, each alone in a topic of its own, in courses that ask them all.

The items' files are the starter's, byte for byte but for the skill they name and the enemies they would refuse; their ids
are kept, so that what is drawn for a pupil is what the starter would draw.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from bank_kit import COURSE, HEAD, TOPIC

from exam.framework import COMPETENCES
from exam.items import Simulator
from kiosk.bank_files import load_bank, starter_bank

if TYPE_CHECKING:
    from pathlib import Path

    from exam.bank import Bank

EACH_TOOL = 6
EACH_KIND = {"hand_back": 14, "ordering": 14}
OTHER_KINDS = 15
_OWN = re.compile(r"^(skill|enemies) *=.*\n", re.MULTILINE)


def chosen(bank: Bank) -> dict[str, list[str]]:
    """Return items of every kind and of every simulator, spread over the bank, by kind or simulator."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in sorted(bank.items):
        spec = bank.items[item].spec
        found[spec.simulator if isinstance(spec, Simulator) else bank.items[item].kind].append(item)
    tools = {item.spec.simulator for item in bank.items.values() if isinstance(item.spec, Simulator)}
    return {
        group: _spread(items, EACH_TOOL if group in tools else EACH_KIND.get(group, OTHER_KINDS))
        for group, items in found.items()
    }


def _spread(items: list[str], most: int) -> list[str]:
    count = min(most, len(items))
    return [items[place * len(items) // count] for place in range(count)]


def write_round_bank(folder: Path, courses: dict[str, list[str]]) -> Path:
    """Write the bank of these courses, each a list of items of the starter bank, and return its folder."""
    starter = load_bank(starter_bank())
    files, competences = {"bank.toml": HEAD}, [*COMPETENCES]
    for course, items in courses.items():
        topics = ", ".join(f'{{id = "q-{item}", level = 2}}' for item in items)
        files[f"courses/{course}.toml"] = COURSE.replace('{id = "sujet", level = 2}', topics)
        for place, item in enumerate(items):
            topic = TOPIC.replace('"sujet"', f'"q-{item}"').replace("lecon", f"lecon-{item}")
            home = f"topics/q-{item}"
            files[f"{home}/topic.toml"] = topic.replace('"4.1"', f'"{competences[place % len(competences)]}"')
            files |= {f"{home}/tutorials/lecon-{item}.{lang}.md": "# Titre\n" for lang in starter.languages}
            written = (
                starter_bank() / "topics" / starter.items[item].skill.rpartition("-")[0] / f"{item}.toml"
            )
            own = f'skill = "q-{item}-2"\n' + _OWN.sub("", written.read_text("utf-8"))
            files[f"{home}/{item}.toml"] = own
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder
