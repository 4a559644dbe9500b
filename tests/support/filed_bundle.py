"""A certification where every question asks for a file back."""

from __future__ import annotations

from functools import cache

from exam_site import authority
from sealed_kit import CHEAP, CODE, certification_files

from exam.bank import parse_bank
from kiosk.bank_building import Built, Order, build

OWN = """kind = "hand_back"
label = {fr = "Votre fichier", en = "Your file"}
accept = [".txt"]
[[expect]]
text_contains = "préau"
message = {fr = "Le mot préau est écrit.", en = "The word préau is written."}
[[documents]]
name = "notice.txt"
text = {fr = "Une phrase sans le mot.", en = "A sentence without the word."}
"""


@cache
def filed() -> Built:
    """Return its bundle, sealed under the usual code."""
    files = certification_files()
    for name, data in files.items():
        if "-scelle" in name:
            text = data.decode()
            kept = text[: text.index('kind = "short_text"')]
            files[name] = (kept + 'part = "certification"\n' + OWN).encode()
    bank, problems = parse_bank(files)
    assert bank is not None, problems
    return build(bank, authority(), Order(CODE, (), rough=True, costs=CHEAP))
