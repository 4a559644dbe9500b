"""From a returned file to the facts that are logged and graded: what each check of the item found.

The file is then no longer needed: grading looks at the facts alone. Only the server makes facts; a page never does.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from exam.documents.limits import UnreadableFile
from exam.documents.names import ending_of
from exam.documents.returned import Returned, read_hand_back
from exam.errors import BadAnswer
from exam.items import HandBack
from exam.kinds.hand_back import NO, YES, wanted_of
from exam.text_matching import parse_number, plain, same, treat_1

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam.bank import Bank
    from exam.items import CheckName, Expect
    from exam.scene import Scene

MAX_FACT = 500


def hand_back_facts(  # noqa: PLR0913, PLR0917 - a file is read for exactly this question
    bank: Bank, item_id: str, seed: bytes, lang: str, data: bytes, name: str
) -> dict[str, str]:
    """Return the facts of a returned file, by number of check: the answer to log.

    Raises `UnreadableFile` when the file cannot be read or is not of a kind the item accepts, `BadAnswer` when the item
    asks for no file.
    """
    question = bank.questions[item_id]
    spec = question.spec
    if not isinstance(spec, HandBack):
        raise BadAnswer("answer.no_file_asked", "this question asks for no file")
    if ending_of(name) not in spec.accept:
        raise UnreadableFile("file.wrong_kind", f"a file in {', '.join(spec.accept)} is expected")
    returned = read_hand_back(data, unicodedata.normalize("NFC", name))
    scene = question.scene(seed, lang)
    return {
        str(number): _found(expect, scene, returned)[:MAX_FACT] for number, expect in enumerate(spec.expect)
    }


def _found(expect: Expect, scene: Scene, returned: Returned) -> str:
    if expect.letters:
        return _yes(_letters(scene.say(expect.target)) in _letters(_all_words(returned)))
    return _LOOKS[expect.check](returned, scene.say(expect.target), wanted_of(expect, scene))


def _yes(found: bool) -> str:  # noqa: FBT001 - it says its argument in words
    return YES if found else NO


def _bare(text: str) -> str:
    return " ".join(plain(text).split()).casefold()


def _all_words(returned: Returned) -> str:
    words = [text for _, text in returned.paragraphs] or returned.words
    return _bare(" ".join(words))


def _lacks(words: str, target: str) -> bool:
    """Return whether words are there and the target is not among them: an empty file lacks nothing on purpose."""
    return bool(words) and _bare(target) not in words


def _sorted(returned: Returned, target: str) -> bool:
    """Return whether a column is in ascending order (descending after a minus sign), from row 2 to its first empty cell."""
    column = target.lstrip("-").upper()
    values: list[str] = []
    while (value := returned.cells.get(f"{column}{len(values) + 2}")) is not None:
        values.append(value)
    if target.startswith("-"):
        values.reverse()
    numbers = [parse_number(value) for value in values]
    if len(values) < 2:
        return False
    exact = [number for number in numbers if number is not None]
    if len(exact) == len(values):
        return exact == sorted(exact)
    # Office suites ignore case and accents, and differ about spaces and hyphens: either order is one.
    return any(values == sorted(values, key=key) for key in (treat_1, str.casefold, _letters))


def _letters(text: str) -> str:
    return "".join(sign for sign in treat_1(text) if sign.isalnum())


def _styled(returned: Returned, style: str, wanted: str) -> str:
    texts = [text for names, text in returned.paragraphs if style in names]
    return next((text for text in texts if same(text, wanted)), texts[0] if texts else "")


def _property(returned: Returned, name: str) -> str:
    folded = {key.casefold(): value for key, value in returned.properties.items()}
    return folded.get(name.casefold(), "")


_LOOKS: dict[CheckName, Callable[[Returned, str, str], str]] = {
    "sheet_cell": lambda returned, target, _: returned.cells.get(target.upper(), ""),
    "sheet_contains": lambda returned, target, _: _yes(any(same(word, target) for word in returned.words)),
    "sheet_sorted": lambda returned, target, _: _yes(_sorted(returned, target)),
    "text_contains": lambda returned, target, _: _yes(_bare(target) in _all_words(returned)),
    "text_lacks": lambda returned, target, _: _yes(_lacks(_all_words(returned), target)),
    "text_style": _styled,
    "name_is": lambda returned, _target, _wanted: returned.name,
    "lines": lambda returned, _target, _wanted: str(len(returned.lines)),
    "property": lambda returned, target, _: _property(returned, target),
}
"""What each check looks at in a returned file, given its target and what it wants."""
