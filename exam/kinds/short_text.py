"""A word or a short phrase to type, compared with the accepted ones under the treatments the author left on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.items import Blank, ShortText
from exam.kinds.base import Fields, Kind, typed_text
from exam.text_matching import accepts, treated

if TYPE_CHECKING:
    from exam.events import Answer
    from exam.items import Treatment
    from exam.reading import Reader
    from exam.scene import Scene

TREATMENTS: tuple[Treatment, ...] = ("t1", "t2", "t3")
NEVER_ACCEPTED = "qzxwkj"


@dataclass(frozen=True, slots=True)
class TextKey:
    """The accepted texts of one blank, treated once."""

    accepted: frozenset[str]
    treatments: tuple[Treatment, ...]

    def right(self, answer: object) -> bool:
        """Return whether a typed text is accepted."""
        return isinstance(answer, str) and accepts(self.accepted, self.treatments, answer)


def read_blank(reader: Reader) -> Blank:
    """Return one blank: its label, accepted answers (per language, or one list for all) and treatments."""
    label = reader.text("label", plain=True)
    written = [name for name in reader.strings("treatments") if _is_treatment(reader, name)]
    kept = tuple(name for name in TREATMENTS if name in written)
    treatments = kept if reader.has("treatments") else TREATMENTS
    accepted = _read_accepted(reader)
    for words in accepted.values():
        if any(not treated(word, treatments) for word in words):
            reader.problem(
                "accepted", "bad_key", "an accepted answer is empty once treated: nobody could type it"
            )
        if any(len(word) > 200 for word in words):
            reader.problem("accepted", "too_long", "an accepted answer has at most 200 characters")
    return Blank(label, accepted, treatments)


def _is_treatment(reader: Reader, name: str) -> bool:
    if name in TREATMENTS:
        return True
    reader.problem("treatments", "unknown_value", f"{name[:20]!r} is not one of t1, t2, t3")
    return False


def _read_accepted(reader: Reader) -> dict[str, tuple[str, ...]]:
    if not isinstance(reader.raw("accepted"), dict):
        return dict.fromkeys(reader.notes.languages, reader.strings("accepted", required=True))
    inner = reader.table("accepted")
    if inner is None:
        return {}
    accepted = {}
    for lang in reader.notes.languages:
        if not inner.has(lang):
            inner.problem(lang, "missing_translation", f"no accepted answer in {lang!r}")
        else:
            accepted[lang] = inner.strings(lang, required=True)
    inner.close()
    return accepted


def key_of(blank: Blank, scene: Scene) -> TextKey:
    """Return the accepted texts of a blank in a scene, treated."""
    words = blank.accepted.get(scene.lang, ())
    return TextKey(frozenset(treated(scene.fill(word), blank.treatments) for word in words), blank.treatments)


def first_accepted(blank: Blank, scene: Scene) -> str:
    """Return the answer the author wrote first."""
    return scene.fill(blank.accepted.get(scene.lang, ("",))[0])


class ShortTextKind(Kind[ShortText, TextKey]):
    """Type a word or a short phrase."""

    name = "short_text"

    def read(self, reader: Reader) -> ShortText | None:
        """Return the record of the file."""
        return ShortText(read_blank(reader))

    def key(self, spec: ShortText, scene: Scene) -> TextKey:
        """Return the accepted texts, treated."""
        return key_of(spec.blank, scene)

    def fields(self, spec: ShortText, scene: Scene) -> Fields:
        """Return the label of the field."""
        return Fields(label=scene.say(spec.blank.label))

    def check(self, spec: ShortText, answer: Answer) -> None:  # noqa: ARG002 - every short text has the same shape
        """Raise `BadAnswer` unless the answer is a text of 1 to 500 characters."""
        typed_text(answer)

    def right(self, key: TextKey, answer: Answer) -> bool:
        """Return whether the text is accepted."""
        return key.right(answer)

    def expected(self, spec: ShortText, scene: Scene) -> str:
        """Return the first accepted text."""
        return first_accepted(spec.blank, scene)

    def shown(self, spec: ShortText, scene: Scene, answer: Answer) -> str:  # noqa: ARG002 - what was typed says it
        """Return what was typed."""
        return str(answer)

    def solve(self, spec: ShortText, scene: Scene) -> Answer:
        """Return the first accepted text."""
        return first_accepted(spec.blank, scene)

    def wrong(self, spec: ShortText, scene: Scene) -> Answer:  # noqa: ARG002 - refused whatever is accepted
        """Return letters close to no accepted text."""
        return NEVER_ACCEPTED
