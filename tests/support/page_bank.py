"""A bank with one question of each kind, each alone in a course named after it, and a course of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ALL = "tout"

_CHOICES = """
[[choices]]
id = "a"
text = {fr = "Un château de sable", en = "A sand castle"}
[[choices]]
id = "b"
text = {fr = "`cactus ; piano`", en = "`cactus ; piano`"}
correct = true
[[choices]]
id = "c"
text = {fr = "Trois", en = "Three"}
"""
_DOCUMENT = """
[[documents]]
name = "notice.txt"
text = {fr = "Une ligne.", en = "One line."}
"""

KINDS: dict[str, str] = {
    "single_choice": f"{_CHOICES}",
    "multiple_choice": _CHOICES.replace('"Trois", en = "Three"}', '"Trois", en = "Three"}\ncorrect = true'),
    "short_text": 'label = {fr = "Le mot", en = "The word"}\naccepted = ["preau"]' + _DOCUMENT,
    "number": 'label = {fr = "Combien", en = "How many"}\nvalue = "31"\nunit = {fr = "élèves", en = "pupils"}',
    "fill_blanks": """
text = {fr = "Ouvrez [[a]] puis [[b]].", en = "Open [[a]] then [[b]]."}
mode = "independent"
[blanks.a]
label = {fr = "premier", en = "first"}
accepted = ["un"]
[blanks.b]
label = {fr = "second", en = "second"}
accepted = ["deux"]
""",
    "dropdowns": """
text = {fr = "Choisissez [[a]] ici.", en = "Choose [[a]] here."}
[blanks.a]
label = {fr = "le menu", en = "the menu"}
correct = "x"
[[blanks.a.options]]
id = "x"
text = {fr = "Fichier", en = "File"}
[[blanks.a.options]]
id = "y"
text = {fr = "Édition", en = "Edit"}
""",
    "ordering": """
[[entries]]
id = "1"
text = {fr = "alpha", en = "alpha"}
[[entries]]
id = "2"
text = {fr = "bravo", en = "bravo"}
[[entries]]
id = "3"
text = {fr = "charlie", en = "charlie"}
""",
    "matching": """
[[left]]
id = "l1"
text = {fr = "chat", en = "cat"}
[[left]]
id = "l2"
text = {fr = "poule", en = "hen"}
[[right]]
id = "r1"
text = {fr = "poils", en = "fur"}
[[right]]
id = "r2"
text = {fr = "plumes", en = "feathers"}
[pairs]
l1 = "r1"
l2 = "r2"
""",
    "hand_back": """
label = {fr = "Votre fichier", en = "Your file"}
accept = [".txt", ".odt"]
[[expect]]
text_contains = "préau"
message = {fr = "Le mot préau est écrit.", en = "The word préau is written."}
"""
    + _DOCUMENT,
    "simulator": """
simulator = "permissions"
scene = {apps = [{id = "a", name = {fr = "Lampe", en = "Torch"}, permissions = {contacts = "allow"}}]}
[[goal]]
fact = "app.a.contacts"
is = "deny"
message = {fr = "Les contacts sont refusés.", en = "Contacts are refused."}
""",
}
"""Kind to the lines that are its own."""

_TIMED = "timed"
COMPETENCES = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "4.1", "5.1", "5.2", "3.2")


def write_page_bank(folder: Path) -> Path:
    """Write the bank and return its folder."""
    _write(
        folder / "bank.toml",
        'id = "pages"\nversion = "1"\ntitle = {fr = "Pages", en = "Pages"}\nlanguages = ["fr", "en"]\n',
    )
    names = [*KINDS, _TIMED]
    for name, competence in zip(names, COMPETENCES, strict=True):
        _topic(folder, name.replace("_", "-"), competence, name)
    # Ten questions, two pauses: the tools have their own page tests.
    _course(folder, ALL, [name.replace("_", "-") for name in names if name != "simulator"])
    for name in names:
        _course(folder, name.replace("_", "-"), [name.replace("_", "-")])
    return folder


def _topic(folder: Path, topic: str, competence: str, kind: str) -> None:
    here = folder / "topics" / topic
    _write(
        here / "topic.toml",
        f"""id = "{topic}"
competence = "{competence}"
name = {{fr = "Sujet {topic}", en = "Topic {topic}"}}
description = {{fr = "Pour essayer.", en = "To try."}}
[[skills]]
level = 2
name = {{fr = "Essayer", en = "Trying"}}
hint = {{fr = "Regardez bien l'énoncé.", en = "Look well at the question."}}
tutorials = ["lecon-{topic}"]
[[tutorials]]
id = "lecon-{topic}"
title = {{fr = "Leçon de {topic}", en = "Lesson of {topic}"}}
minutes = 2
""",
    )
    for lang in ("fr", "en"):
        _write(
            here / "tutorials" / f"lecon-{topic}.{lang}.md",
            "# Titre\n\n- un\n- deux\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        )
    extra = "timer = 120\nfocus = true\n" if kind == _TIMED else ""
    real = "single_choice" if kind == _TIMED else kind
    own = KINDS[real]
    _write(
        here / f"{topic}-2-a.toml",
        f"""skill = "{topic}-2"
kind = "{real}"
title = {{fr = "Question {topic}", en = "Question {topic}"}}
instruction = {{fr = "Que répondez-vous à {topic} ?", en = "What do you answer to {topic}?"}}
detail = {{fr = "Un contexte avec `du code` et **du gras**.", en = "A context with `code` and **bold**."}}
note = "Note."
{extra}{own}
""",
    )


def _course(folder: Path, name: str, topics: list[str]) -> None:
    lines = ", ".join(f'{{id = "{topic}", level = 2}}' for topic in topics)
    stages = "".join(
        f"""
[[stages]]
threshold = {threshold}
title = {{fr = "Palier {threshold}", en = "Stage {threshold}"}}
message = {{fr = "Continuez.", en = "Carry on."}}
staff_title = {{fr = "Palier", en = "Stage"}}
staff_message = {{fr = "Suite.", en = "Next."}}
"""
        for threshold in (0, 21, 51, 81)
    )
    _write(
        folder / "courses" / f"{name}.toml",
        f"""name = {{fr = "Parcours {name}", en = "Course {name}"}}
description = {{fr = "Pour essayer.", en = "To try."}}
category = "CUSTOM"
minutes = 10
topics = [{lines}]
{stages}""",
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
