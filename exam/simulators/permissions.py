"""The permissions panel of a phone: which application may use what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot, choice
from exam.simulators.schema import YES, YES_NO, Schema, choices, ident, maybe_words, rows, words, yes_no

if TYPE_CHECKING:
    from exam.simulators.schema import Node

NAMES = ("location", "camera", "microphone", "contacts", "photos", "calendar", "notifications")
ALLOWED = ("allow", "using", "ask", "deny")


class Permissions(Simulator):
    """Give each application what it needs and no more."""

    name = "permissions"
    schema: ClassVar[Schema] = {
        "apps": rows(
            {
                "id": ident,
                "name": words,
                "about": maybe_words,
                "permissions": choices(NAMES, ALLOWED),
                "precise": yes_no(YES),
            },
            least=1,
            most=12,
        ),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return what each application may do, whether it is installed, and the phone's own switch."""
        found = {"service.location": choice(YES, YES_NO)}
        for row in scene["apps"]:
            prefix = f"app.{row['id']}"
            for name in NAMES:
                found[f"{prefix}.{name}"] = choice(row["permissions"].get(name, "ask"), ALLOWED)
            found[f"{prefix}.precise"] = choice(row["precise"], YES_NO)
            found[f"{prefix}.installed"] = choice(YES, YES_NO)
        return found
