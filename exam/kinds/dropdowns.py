"""A text with lists to choose from; every list must show its right option."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import BadAnswer
from exam.items import DropDown, DropDowns
from exam.kinds.base import Fields, Kind, Part, map_of_keys, words_of
from exam.kinds.blanks import check_blanks, parts_of, with_words
from exam.kinds.choices import mark, read_unnamed_choices, shuffled

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.reading import Reader
    from exam.scene import Scene


class DropDownsKind(Kind[DropDowns, dict[str, str]]):
    """Choose in lists."""

    name = "dropdowns"
    key_needs = "nothing"

    def read(self, reader: Reader) -> DropDowns | None:
        """Return the record of the file; text and lists must agree in every language."""
        text = reader.text("text")
        inner = reader.table("blanks")
        if inner is None:
            return None
        blanks = {}
        for name in sorted(inner.names()):
            row = inner.table(name)
            if row is not None:
                blanks[name] = _read_list(row)
        check_blanks(reader, text, blanks)
        return DropDowns(text, blanks)

    def key(self, spec: DropDowns, scene: Scene) -> dict[str, str]:  # noqa: ARG002 - the same in every scene
        """Return the right option of each list."""
        return {name: blank.correct for name, blank in spec.blanks.items()}

    def fields(self, spec: DropDowns, scene: Scene) -> Fields:
        """Return the text cut at its lists."""
        return Fields(
            parts=parts_of(scene.say(spec.text), lambda name: _part(spec.blanks[name], name, scene))
        )

    def check(self, spec: DropDowns, answer: Answer) -> None:
        """Raise `BadAnswer` unless every list has one of its options."""
        for name, value in map_of_keys(answer, frozenset(spec.blanks)).items():
            if all(option.id != value for option in spec.blanks[name].options):
                raise BadAnswer("answer.unknown_choice", "this is not an option of the list")

    def right(self, key: dict[str, str], answer: Answer) -> bool:
        """Return whether every list shows its right option."""
        return answer == key

    def expected(self, spec: DropDowns, scene: Scene) -> str:
        """Return the text with the right options in place."""
        return self.shown(spec, scene, self.key(spec, scene))

    def shown(self, spec: DropDowns, scene: Scene, answer: Answer) -> str:
        """Return the text with the chosen options in place."""
        chosen = answer if isinstance(answer, dict) else {}
        words = {
            name: words_of(blank.options, scene, chosen[name])
            for name, blank in spec.blanks.items()
            if name in chosen
        }
        return with_words(scene.say(spec.text), words)

    def solve(self, spec: DropDowns, scene: Scene) -> Answer:
        """Return the right options."""
        return self.key(spec, scene)

    def wrong(self, spec: DropDowns, scene: Scene) -> Answer:
        """Return the right options but one."""
        answer = self.key(spec, scene)
        name = min(answer)
        others = [option.id for option in spec.blanks[name].options if option.id != answer[name]]
        answer[name] = scene.draw("wrong").pick(others)
        return answer


def _read_list(row: Reader) -> DropDown:
    label = row.text("label", plain=True)
    options, _ = read_unnamed_choices(row, "options")
    named = row.string("correct")
    correct = mark(row, "options", named)
    shuffle = row.flag("shuffle", default=True)
    row.close()
    if options and all(option.id != correct for option in options):
        row.problem("correct", "bad_key", f"{named[:40]!r} is the id of no option")
    return DropDown(label, options, correct, shuffle)


def _part(blank: DropDown, name: str, scene: Scene) -> Part:
    options = shuffled(blank.options, scene, f"options {name}", shuffle=blank.shuffle)
    return Part(blank=name, label=scene.say(blank.label), options=options)
