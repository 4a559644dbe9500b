"""Our items as a QTI package, in one language: what is written, for which seed, and what could not be said."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import msgspec

from exam.bank_rules import item_path
from exam.content import Problem
from exam.documents.archives import pack
from exam.exchange.qti_questions import write_question
from exam.exchange.qti_spelling import SPELLINGS
from exam.exchange.refusals import Refused, problem
from exam.exchange.xhtml import markdown_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.bank import Bank
    from exam.exchange.qti_spelling import Spelling
    from exam.items import Item
    from exam.scene import Scene

_OUTCOME = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}


class Exported(msgspec.Struct, frozen=True):
    """A package and what to know about it: the items written, those left out and why, and what is weaker there."""

    package: bytes
    items: list[str]
    problems: list[Problem]
    notes: list[Problem]


def export_items(bank: Bank, items: Iterable[str], name: str, lang: str, seed: bytes) -> Exported:
    """Return a package of these items in a format of `SPELLINGS`; raises `KeyError` for an unknown item or format.

    A drawn item is written as one seed shows it. Items with a document or a picture are left out: the file made for each
    pupil is what they ask about.
    """
    spelling = SPELLINGS[name]
    files: dict[str, bytes] = {}
    done: list[str] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    for item_id in items:
        item = bank.items[item_id]
        path = item_path(bank.content, item)
        try:
            data, told = _item(item, bank.questions[item_id].scene(seed, lang), spelling)
        except Refused as refused:
            problems.append(refused.at(path))
            continue
        files[f"items/{item_id}.xml"] = data
        done.append(item_id)
        notes += (problem(path, 0, "not_kept", words) for words in told)
    listed = _manifest(files, spelling, f"preau-{bank.id}")
    return Exported(pack([("imsmanifest.xml", listed), *files.items()]), done, problems, notes)


def _item(item: Item, scene: Scene, spelling: Spelling) -> tuple[bytes, tuple[str, ...]]:
    if item.documents or item.picture:
        raise Refused(0, "unsupported", "the item asks about a file made for each pupil")
    if item.certification:
        raise Refused(0, "sealed", "an item of certifications does not leave the bank")
    written = write_question(item, scene, spelling)
    detail = scene.say(item.detail)
    about = f'<div class="preau-detail">{markdown_blocks(detail)}</div>' if detail.strip() else ""
    default = spelling.element("defaultValue", spelling.element("value", "0"))
    outcome = spelling.element("outcomeDeclaration", default, **_OUTCOME)
    body = spelling.element(
        "itemBody", about + written.body if "<p>" not in written.body else written.body + about
    )
    told = list(written.notes)
    if item.parametrised:
        told.append("each pupil has their own values here; the package holds those of one seed")
    if item.timer is not None:
        told.append("the time allowed is not written")
    data = spelling.item(
        written.declarations + outcome + body + written.processing,
        scene.lang,
        identifier=f"item-{item.id}",
        title=scene.say(item.title),
        adaptive="false",
        timeDependent="false",
    )
    return data, tuple(told)


def _manifest(files: Iterable[str], spelling: Spelling, name: str) -> bytes:
    rows = "".join(
        f'<resource identifier="r{place}" type="{spelling.resource}" href="{escape(path)}">'
        f'<file href="{escape(path)}"/></resource>'
        for place, path in enumerate(files, 1)
    )
    about = f"<metadata><schema>{spelling.schema}</schema><schemaversion>{spelling.version}</schemaversion></metadata>"
    inner = f"{about}<organizations/><resources>{rows}</resources>"
    head = f'<manifest xmlns="{spelling.manifest}" identifier="{escape(name)}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{inner}</manifest>\n'.encode()
