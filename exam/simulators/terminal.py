"""A terminal: a small tree of files moved by commands. The facts are the tree, the working folder and the commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import LONG, Simulator, Slot, choice, shown
from exam.simulators.schema import Schema, maybe_words, rows, words

if TYPE_CHECKING:
    from exam.simulators.base import Facts
    from exam.simulators.schema import Node

KINDS = ("file", "folder")
# A key of the log is ASCII, so names have no accents here.
_PATH = re.compile(r"(path|text):/[!-.0-~][ -~]*")
HISTORY = 60 * 200


class Terminal(Simulator):
    """Work on files with commands."""

    name = "terminal"
    schema: ClassVar[Schema] = {
        "user": words,
        "host": words,
        "cwd": words,
        "tree": rows({"path": words, "text": maybe_words}, most=60),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return the working folder and the commands typed."""
        return {"cwd": Slot(shown(scene, "cwd")), "history": Slot(length=HISTORY)}

    def free_slot(self, key: str) -> Slot | None:
        """Return the slot of a path, or of the text of one."""
        match = _PATH.fullmatch(key)
        if match is None:
            return None
        return choice("", KINDS) if match[1] == "path" else Slot(length=LONG)

    def start(self, scene: dict[str, Node]) -> Facts:
        """Return the tree before the first command; folders on the way to a file are there too."""
        found = super().start(scene)
        for row in scene["tree"]:
            path = row["path"]
            for end in (index for index, sign in enumerate(path) if sign == "/" and index):
                found[f"path:{path[:end]}"] = "folder"
            if not path.endswith("/"):
                found[f"path:{path}"] = "file"
                if text := shown(row, "text"):
                    found[f"text:{path}"] = text
        cwd = found.get("cwd", "")
        for end in [*(index for index, sign in enumerate(cwd) if sign == "/" and index), len(cwd)]:
            found.setdefault(f"path:{cwd[:end]}", "folder")
        return found
