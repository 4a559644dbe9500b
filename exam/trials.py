"""Asking an item to itself: its key must be accepted, and everything else it offers refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.documents.make import make_document
from exam.documents.names import ending_of
from exam.errors import ExamError
from exam.grading import check_answer, grade, solve, wrong
from exam.hand_back import hand_back_facts
from exam.items import FillBlanks, HandBack, ShortText, Simulator, SingleChoice
from exam.present import present
from exam.simulators import SIMULATORS
from exam.variables import say_value
from exam.variables_specs import Pick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exam.bank import Bank
    from exam.kinds.base import Fields

_Found = tuple[str, str, str]


def try_item(bank: Bank, item_id: str, seed: bytes, lang: str) -> Iterator[_Found]:
    """Yield (field, code, message) for each way the item fails itself on this seed and language."""
    question = bank.questions[item_id]
    if not question.drawn(seed).settled:
        yield (
            "variables",
            "never_settled",
            "no draw meets what the item asks for (at_least, unlike, an empty aggregate)",
        )
    shown = present(bank, item_id, seed, lang)
    if _twins(shown.fields):
        yield "choices", "twin_choices", f"two of its choices read the same in {lang!r} for some pupils"
    right = solve(bank, item_id, seed, lang)
    try:
        check_answer(bank, item_id, seed, lang, right)
    except ExamError as error:
        yield "", "refused_solution", f"its own solution is not a possible answer in {lang!r}: {error.code}"
        return
    if grade(bank, item_id, seed, lang, right, 0) != "ok":
        yield "", "refused_solution", f"its own solution is refused in {lang!r}"
    for answer in (wrong(bank, item_id, seed, lang), *_distractors(bank, item_id)):
        if grade(bank, item_id, seed, lang, answer, 0) == "ok":
            yield "", "accepted_distractor", f"a wrong answer is accepted in {lang!r}"
    yield from _try_scene(bank, item_id, seed, lang)
    yield from _try_key(bank, item_id, seed, lang)
    yield from _try_documents(bank, item_id, seed, lang)


def _distractors(bank: Bank, item_id: str) -> list[str]:
    spec = bank.items[item_id].spec
    if isinstance(spec, SingleChoice):
        return [choice.id for choice in spec.choices if choice.id != spec.correct]
    return []


def _try_scene(bank: Bank, item_id: str, seed: bytes, lang: str) -> Iterator[_Found]:
    """Look at a tool before anything is done: it must be in a state the tool can be in."""
    spec = bank.items[item_id].spec
    if not isinstance(spec, Simulator):
        return
    slots = SIMULATORS[spec.simulator].slots(spec.scene)
    for name, value in present(bank, item_id, seed, lang).fields.start.items():
        if name in slots and not slots[name].takes(value):
            yield "scene", "bad_start", f"{name} cannot be {value[:40]!r} in {lang!r}"


def _try_key(bank: Bank, item_id: str, seed: bytes, lang: str) -> Iterator[_Found]:
    """Type every accepted text: none may be refused once its variables are drawn."""
    question = bank.questions[item_id]
    scene, spec, key = question.scene(seed, lang), question.spec, question.key(seed, lang)
    if isinstance(spec, ShortText):
        blanks = [("", spec.blank, key)]
    elif isinstance(spec, FillBlanks):
        blanks = [(f"blanks.{name}.", blank, key.blanks[name]) for name, blank in spec.blanks.items()]
    else:
        return
    for field, blank, accepted in blanks:
        if not all(accepted.right(scene.fill(word)) for word in blank.accepted.get(lang, ())):
            yield f"{field}accepted", "bad_key", f"an accepted answer is refused in {lang!r}"


def _try_documents(bank: Bank, item_id: str, seed: bytes, lang: str) -> Iterator[_Found]:
    """Make every document; handing one back untouched must be no right answer."""
    question = bank.questions[item_id]
    scene = question.scene(seed, lang)
    for spec in question.item.documents:
        if spec.hidden:
            continue
        document = make_document(bank, item_id, seed, lang, scene.say(spec.name))
        if isinstance(question.spec, HandBack) and ending_of(document.name) in question.spec.accept:
            facts = hand_back_facts(bank, item_id, seed, lang, document.data, document.name)
            if grade(bank, item_id, seed, lang, facts, 0) == "ok":
                yield (
                    "expect",
                    "accepted_untouched",
                    f"the document handed back untouched is right in {lang!r}",
                )


def _twins(fields: Fields) -> bool:
    lists = [fields.choices, *(part.options for part in fields.parts)]
    return any(len({choice.text for choice in one}) < len(one) for one in lists if one)


def unseen_variants(bank: Bank, item_id: str, seeds: Sequence[bytes]) -> Iterator[_Found]:
    """Yield the variables with words to pick that no seed drew: an author wrote a variant nobody meets."""
    question = bank.questions[item_id]
    for variable in question.item.variables:
        source = variable.source
        if not isinstance(source, Pick) or len(source.options) > len(seeds) // 10:
            continue
        seen = {say_value(question.drawn(seed).values[variable.name], question.reference) for seed in seeds}
        written = [say_value(option, question.reference) for option in source.options]
        never = [words for words in written if words not in seen and "{" not in words]
        if never:
            yield f"variables.{variable.name}", "unseen_variant", f"nobody is given {never[0]!r}"
