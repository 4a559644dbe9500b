"""A mailbox: folders, messages with headers, links and attachments; sort, report, reply, forward, write."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import LONG, Simulator, Slot, choice, shown
from exam.simulators.schema import (
    NO,
    YES_NO,
    Schema,
    ident,
    maybe_ident,
    maybe_words,
    rows,
    word_list,
    words,
    yes_no,
)

if TYPE_CHECKING:
    from exam.simulators.schema import Node

FOLDERS = ("inbox", "archive", "sent", "spam", "trash")
WAYS = ("new", "reply", "reply_all", "forward")
SENDS = 4
_SEVERAL = (".to", ".cc", ".bcc", ".attachments")


class Mailbox(Simulator):
    """Read, sort, answer and distrust messages."""

    name = "mailbox"
    schema: ClassVar[Schema] = {
        "account": words,
        "folders": rows({"id": ident, "name": words}, most=8),
        "contacts": word_list,
        "messages": rows(
            {
                "id": ident,
                "from": words,
                "address": words,
                "subject": words,
                "body": words,
                "to": maybe_words,
                "cc": maybe_words,
                "date": maybe_words,
                "folder": maybe_ident,
                "unread": yes_no("yes"),
                "links": rows({"text": words, "url": words}, most=6),
                "attachments": word_list,
                "headers": rows({"name": words, "text": words}, most=20),
            },
            least=1,
        ),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return where each message is and what was done to it, and room for what is sent."""
        folders = (*FOLDERS, *(row["id"] for row in scene.get("folders", ())))
        found: dict[str, Slot] = {}
        for row in scene["messages"]:
            prefix = f"message.{row['id']}"
            found[f"{prefix}.folder"] = choice(shown(row, "folder") or "inbox", folders)
            for name in ("reported", "clicked", "opened"):
                found[f"{prefix}.{name}"] = choice(NO, YES_NO)
        messages = tuple(row["id"] for row in scene["messages"])
        for number in range(1, SENDS + 1):
            prefix = f"sent.{number}"
            found[f"{prefix}.how"] = choice("", WAYS)
            found[f"{prefix}.of"] = choice("", messages)
            for name in ("to", "cc", "bcc", "subject", "attachments"):
                found[f"{prefix}.{name}"] = Slot()
            found[f"{prefix}.body"] = Slot(length=LONG)
        return found

    def normal(self, key: str, value: str) -> str:
        """Return addresses and names of files in one order, whatever stands between them."""
        if not key.endswith(_SEVERAL):
            return value
        parts = value.replace(";", ",").split(",")
        return ", ".join(sorted(part.strip().casefold() for part in parts if part.strip()))
