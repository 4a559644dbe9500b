"""Files a pupil would send back: one that passes every check of an item, one that passes none of the first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from exam.documents.archives import pack
from exam.documents.markup import Heading, Paragraph, Span
from exam.documents.sheets import make_sheet
from exam.documents.texts import make_text_document
from exam.items import HandBack
from exam.kinds.hand_back import wanted_of
from exam.variables import DrawnTable

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.items import Expect

_CELL = re.compile(r"([A-Z])([0-9]+)")
BESIDE = "rien"


class Sent(NamedTuple):
    """A file as a browser sends it."""

    name: str
    data: bytes


class _Wanted:
    """What the checks of one item look for, for one pupil."""

    def __init__(self, bank: Bank, item: str, seed: bytes, lang: str) -> None:
        question = bank.questions[item]
        assert isinstance(question.spec, HandBack)
        scene = question.scene(seed, lang)
        self.ending = question.spec.accept[0]
        self.rows: list[tuple[Expect, str, str]] = [
            (expect, scene.say(expect.target), wanted_of(expect, scene)) for expect in question.spec.expect
        ]

    def of(self, check: str) -> list[tuple[str, str]]:
        """Return the target and the wanted value of every check of that name."""
        return [(target, wanted) for expect, target, wanted in self.rows if expect.check == check]


def right_file(bank: Bank, item: str, seed: bytes, lang: str) -> Sent:
    """Return a file that passes every check of a hand-back item."""
    wanted = _Wanted(bank, item, seed, lang)
    name = next((target for target, _ in wanted.of("name_is")), f"fait{wanted.ending}")
    makers = {".ods": _sheet, ".odt": _text, ".csv": _lines, ".txt": _lines, ".zip": _archive}
    return Sent(name, makers[wanted.ending](wanted))


def beside_file(bank: Bank, item: str, seed: bytes, lang: str) -> Sent:
    """Return a readable file of the right kind that holds nothing asked for."""
    ending = _Wanted(bank, item, seed, lang).ending
    if ending == ".ods":
        return Sent(f"rien{ending}", _table([[BESIDE, BESIDE]]))
    if ending == ".odt":
        return Sent(f"rien{ending}", make_text_document([Paragraph(((Span(BESIDE),),))], {}))
    if ending == ".zip":
        return Sent(f"rien{ending}", pack([(BESIDE, b"rien")]))
    return Sent(f"rien{ending}", BESIDE.encode())


def _properties(wanted: _Wanted) -> dict[str, str]:
    return dict(wanted.of("property"))


def _text(wanted: _Wanted) -> bytes:
    headings = [
        Heading(int(style[-1]), (Span(words),))
        for style, words in wanted.of("text_style")
        if style.startswith("Heading")
    ]
    texts = [Paragraph(((Span(words),),)) for words, _ in wanted.of("text_contains")]
    return make_text_document([*headings, *texts, Paragraph(((Span("fin"),),))], _properties(wanted))


def _lines(wanted: _Wanted) -> bytes:
    if wanted.of("sheet_cell"):
        lines = [";".join(cell or "-" for cell in row) for row in _grid(wanted)]
    else:
        lines = [words for words, _ in wanted.of("text_contains")]
    most = next((int(target) for target, _ in wanted.of("lines")), len(lines) + 1)
    lines = [*lines, *["fin"] * (most - len(lines))]
    while len(lines) > most:
        last = lines.pop()
        lines[-1] = f"{lines[-1]} {last}"
    return ("\n".join(lines) + "\n").encode()


def _archive(wanted: _Wanted) -> bytes:
    return pack([(path, b"x") for path, _ in wanted.of("text_contains")] or [("fin.txt", b"x")])


def _grid(wanted: _Wanted) -> list[list[str]]:
    cells = {}
    for target, value in wanted.of("sheet_cell"):
        found = _CELL.fullmatch(target.upper())
        assert found, target
        cells[int(found[2]) - 1, ord(found[1]) - ord("A")] = value
    rows = 1 + max((row for row, _ in cells), default=0)
    columns = 1 + max((column for _, column in cells), default=0)
    return [[cells.get((row, column), "") for column in range(columns)] for row in range(rows)]


def _sheet(wanted: _Wanted) -> bytes:
    grid = _grid(wanted)
    for target, _ in wanted.of(
        "sheet_sorted"
    ):  # the value asked for at the end of the order, then itself again
        column = ord(target.lstrip("-")) - ord("A")
        width = max(len(grid[0]), column + 1)
        grid = [row + [""] * (width - len(row)) for row in grid]
        grid.append([*grid[1]])
    grid += [[words] for words, _ in wanted.of("sheet_contains")]
    return _table(grid, _properties(wanted))


def _table(grid: list[list[str]], properties: dict[str, str] | None = None) -> bytes:
    width = max(map(len, grid))
    grid = [row + [""] * (width - len(row)) for row in grid]
    head, *rows = [tuple({"fr": cell, "en": cell} for cell in row) for row in grid]
    drawn = DrawnTable(tuple(f"c{place}" for place in range(width)), head, tuple(rows))
    return make_sheet(drawn, "fr", properties or {})
