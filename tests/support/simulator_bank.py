"""A bank with the documented example of every simulator, each alone in a course named after it, and a course a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bank_kit import COURSE, HEAD, TOPIC
from simulator_examples import examples

from exam.framework import COMPETENCES

if TYPE_CHECKING:
    from pathlib import Path


FAMILIES = {
    "online": ("whole", "mailbox", "browser", "social"),
    "office": ("files", "spreadsheet", "writer", "calendar", "image"),
    "machine": ("permissions", "network", "terminal", "blocks"),
}
"""The examples by the life they belong to: each family has a course of its own."""


def write_simulator_bank(folder: Path) -> Path:
    """Write the bank and return its folder."""
    files = {"bank.toml": HEAD.encode()}
    for competence, (name, data) in zip(COMPETENCES, examples().items(), strict=False):
        topic = TOPIC.replace('id = "sujet"', f'id = "{name}"').replace('"4.1"', f'"{competence}"')
        files[f"topics/{name}/topic.toml"] = topic.replace("lecon", f"lecon-{name}").encode()
        for lang in ("fr", "en"):
            files[f"topics/{name}/tutorials/lecon-{name}.{lang}.md"] = b"# Titre\n"
        item = data.decode().replace('"sujet-2"', f'"{name}-2"')
        files[f"topics/{name}/{name}-2-s.toml"] = item.replace(
            '"Que faire ?"', f'"Que faire, {name} ?"'
        ).encode()
        files[f"courses/{name}.toml"] = COURSE.replace('"sujet"', f'"{name}"').encode()
    for family, names in FAMILIES.items():
        every = ", ".join(f'{{id = "{name}", level = 2}}' for name in names)
        files[f"courses/{family}.toml"] = COURSE.replace('{id = "sujet", level = 2}', every).encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
