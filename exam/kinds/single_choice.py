"""One right choice among several; the answer is its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import BadAnswer
from exam.items import SingleChoice
from exam.kinds.base import Fields, Kind, words_of
from exam.kinds.choices import read_unnamed_choices, shuffled

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.reading import Reader
    from exam.scene import Scene


class SingleChoiceKind(Kind[SingleChoice, str]):
    """Pick one."""

    name = "single_choice"
    key_needs = "nothing"

    def read(self, reader: Reader) -> SingleChoice | None:
        """Return the record of the file; exactly one choice must be marked right."""
        choices, correct = read_unnamed_choices(reader, "choices")
        shuffle = reader.flag("shuffle", default=True)
        if choices and len(correct) != 1:
            reader.problem("choices", "bad_key", "exactly one choice must have correct = true")
        return SingleChoice(choices, correct[0], shuffle) if correct else None

    def key(self, spec: SingleChoice, scene: Scene) -> str:  # noqa: ARG002 - the key is the same in every scene
        """Return the id of the right choice."""
        return spec.correct

    def fields(self, spec: SingleChoice, scene: Scene) -> Fields:
        """Return the choices in the pupil's order."""
        return Fields(choices=shuffled(spec.choices, scene, "choices", shuffle=spec.shuffle))

    def check(self, spec: SingleChoice, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer is the id of a choice."""
        if not isinstance(answer, str):
            raise BadAnswer("answer.wrong_type", "one choice is expected")
        if all(choice.id != answer for choice in spec.choices):
            raise BadAnswer("answer.unknown_choice", "this is not one of the choices")

    def right(self, key: str, answer: Answer) -> bool:
        """Return whether the right choice was picked."""
        return answer == key

    def expected(self, spec: SingleChoice, scene: Scene) -> str:
        """Return the words of the right choice."""
        return words_of(spec.choices, scene, spec.correct)

    def shown(self, spec: SingleChoice, scene: Scene, answer: Answer) -> str:
        """Return the words of the chosen choice."""
        return words_of(spec.choices, scene, str(answer))

    def solve(self, spec: SingleChoice, scene: Scene) -> Answer:  # noqa: ARG002 - the same in every scene
        """Return the right id."""
        return spec.correct

    def wrong(self, spec: SingleChoice, scene: Scene) -> Answer:
        """Return one of the other ids."""
        return scene.draw("wrong").pick([choice.id for choice in spec.choices if choice.id != spec.correct])
