"""Several choices to tick; the answer is the list of their ids in any order, with no partial credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.errors import BadAnswer
from exam.items import MultipleChoice
from exam.kinds.base import Fields, Kind, list_of_ids, words_of
from exam.kinds.choices import read_unnamed_choices, shuffled

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.reading import Reader
    from exam.scene import Scene


class MultipleChoiceKind(Kind[MultipleChoice, frozenset[str]]):
    """Tick every right one and no other."""

    name = "multiple_choice"
    key_needs = "nothing"

    def read(self, reader: Reader) -> MultipleChoice | None:
        """Return the record of the file; at least one choice must be right and one wrong."""
        choices, correct = read_unnamed_choices(reader, "choices")
        shuffle = reader.flag("shuffle", default=True)
        if choices and not 0 < len(correct) < len(choices):
            reader.problem(
                "choices", "bad_key", "at least one choice must have correct = true, and one must not"
            )
        return MultipleChoice(choices, correct, shuffle) if correct else None

    def key(self, spec: MultipleChoice, scene: Scene) -> frozenset[str]:  # noqa: ARG002 - the same in every scene
        """Return the ids to tick."""
        return frozenset(spec.correct)

    def fields(self, spec: MultipleChoice, scene: Scene) -> Fields:
        """Return the choices in the pupil's order."""
        return Fields(choices=shuffled(spec.choices, scene, "choices", shuffle=spec.shuffle))

    def check(self, spec: MultipleChoice, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer is a list of at least one distinct choice."""
        if not list_of_ids(answer, frozenset(choice.id for choice in spec.choices)):
            raise BadAnswer("answer.empty", "nothing was ticked")

    def right(self, key: frozenset[str], answer: Answer) -> bool:
        """Return whether exactly the right choices were ticked."""
        return (
            isinstance(answer, list) and len(answer) == len(key) and all(choice in answer for choice in key)
        )

    def expected(self, spec: MultipleChoice, scene: Scene) -> str:
        """Return the words of the right choices."""
        return " · ".join(words_of(spec.choices, scene, choice) for choice in spec.correct)

    def shown(self, spec: MultipleChoice, scene: Scene, answer: Answer) -> str:
        """Return the words of the ticked choices, in the order of the file."""
        ticked = [choice.id for choice in spec.choices if choice.id in answer]
        return " · ".join(words_of(spec.choices, scene, choice) for choice in ticked)

    def solve(self, spec: MultipleChoice, scene: Scene) -> Answer:  # noqa: ARG002 - the same in every scene
        """Return the right ids."""
        return list(spec.correct)

    def wrong(self, spec: MultipleChoice, scene: Scene) -> Answer:  # noqa: ARG002 - the same in every scene
        """Return the wrong choices, all of them."""
        return [choice.id for choice in spec.choices if choice.id not in spec.correct]
