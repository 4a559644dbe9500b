"""A file to work on and send back.

The file is read once, when it arrives, into facts: what was found for each check of the item, under the check's number.
The facts are the logged answer, so that grading can be replayed without the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.errors import BadAnswer
from exam.items import CheckName, Expect, HandBack
from exam.kinds.base import MAX_TYPED, Fields, Kind, map_of_keys
from exam.text_matching import plain, same

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.reading import Reader
    from exam.scene import Scene

YES, NO = "yes", "no"
ENDINGS = (".ods", ".odt", ".csv", ".txt", ".png", ".zip")
CHECKS: tuple[CheckName, ...] = (
    "sheet_cell",
    "sheet_contains",
    "sheet_sorted",
    "text_contains",
    "text_lacks",
    "text_style",
    "name_is",
    "lines",
    "property",
)
_WITH_VALUE = ("sheet_cell", "text_style", "property")
_YES_OR_NO = ("sheet_contains", "sheet_sorted", "text_contains", "text_lacks")


@dataclass(frozen=True, slots=True)
class FactsKey:
    """What must be found for each check, in the order of the checks, and which of them count every letter."""

    wanted: tuple[str, ...]
    exact: tuple[bool, ...]

    def met(self, answer: dict[str, str]) -> list[bool]:
        """Return whether each check found what it must."""
        found = [plain(str(answer.get(str(number), ""))) for number in range(len(self.wanted))]
        return [
            given == plain(wanted) if exact else same(given, wanted)
            for given, wanted, exact in zip(found, self.wanted, self.exact, strict=True)
        ]


def wanted_of(expect: Expect, scene: Scene) -> str:
    """Return what must be found for one check."""
    if expect.check in _YES_OR_NO:
        return YES
    if expect.equals is not None:
        return scene.say(expect.equals)
    return scene.say(expect.target)


class HandBackKind(Kind[HandBack, FactsKey]):
    """Send a file back."""

    name = "hand_back"

    def read(self, reader: Reader) -> HandBack | None:
        """Return the record of the file; at least one check, and endings we can read."""
        label = reader.text("label", plain=True)
        accept = reader.strings("accept", required=True)
        for ending in accept:
            if ending and ending not in ENDINGS:
                reader.problem(
                    "accept", "unknown_value", f"{ending[:20]!r} is not one of {', '.join(ENDINGS)}"
                )
        expect = tuple(_read_expect(row) for row in reader.tables("expect", required=True))
        return HandBack(label, accept, expect)

    def key(self, spec: HandBack, scene: Scene) -> FactsKey:
        """Return what must be found for each check."""
        return FactsKey(
            wanted=tuple(wanted_of(expect, scene) for expect in spec.expect),
            exact=tuple(expect.check == "name_is" for expect in spec.expect),
        )

    def fields(self, spec: HandBack, scene: Scene) -> Fields:
        """Return the label and the endings accepted."""
        return Fields(label=scene.say(spec.label), accept=list(spec.accept))

    def check(self, spec: HandBack, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has one short fact for each check."""
        wanted = frozenset(str(number) for number in range(len(spec.expect)))
        for value in map_of_keys(answer, wanted).values():
            if not isinstance(value, str) or len(value) > MAX_TYPED:
                raise BadAnswer("answer.too_long", f"a fact has at most {MAX_TYPED} characters")

    def right(self, key: FactsKey, answer: Answer) -> bool:
        """Return whether every check found what it must."""
        if not isinstance(answer, dict) or len(answer) != len(key.wanted):
            return False
        return all(key.met(answer))

    def expected(self, spec: HandBack, scene: Scene) -> str:
        """Return what was looked for, in words."""
        return " · ".join(scene.say(expect.message) for expect in spec.expect)

    def shown(self, spec: HandBack, scene: Scene, answer: Answer) -> str:
        """Return each check in words with a sign for found or not."""
        given = answer if isinstance(answer, dict) else {}
        signs = ["✓" if met else "✗" for met in self.key(spec, scene).met(given)]
        return " · ".join(
            f"{sign} {scene.say(e.message)}" for sign, e in zip(signs, spec.expect, strict=True)
        )

    def solve(self, spec: HandBack, scene: Scene) -> Answer:
        """Return facts that satisfy every check."""
        return {str(number): wanted for number, wanted in enumerate(self.key(spec, scene).wanted)}

    def wrong(self, spec: HandBack, scene: Scene) -> Answer:
        """Return facts that miss the first check."""
        answer = {str(number): wanted for number, wanted in enumerate(self.key(spec, scene).wanted)}
        answer["0"] = NO
        return answer


def _read_expect(row: Reader) -> Expect:
    given = [name for name in CHECKS if row.has(name)]
    if len(given) != 1:
        row.problem("", "bad_check", f"a check is exactly one of {', '.join(CHECKS)}")
        given = ["lines"]
    check = given[0]
    target = row.text(check, plain=True) if row.has(check) else {}
    equals = row.text("equals", plain=True) if check in _WITH_VALUE else None
    letters = check == "text_contains" and row.flag("letters")
    expect = Expect(check, target, equals, row.text("message"), letters)
    row.close()
    return expect
