"""Asking an item to itself: its key must be accepted, and everything else it offers refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.documents.make import make_document
from exam.documents.names import ending_of
from exam.errors import ExamError
from exam.grading import check_answer, grade, solve, wrong
from exam.hand_back import hand_back_facts
from exam.items import FillBlanks, HandBack, ShortText, SingleChoice
from exam.present import present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.bank import Bank

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
    present(bank, item_id, seed, lang)
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
    yield from _try_key(bank, item_id, seed, lang)
    yield from _try_documents(bank, item_id, seed, lang)


def _distractors(bank: Bank, item_id: str) -> list[str]:
    spec = bank.items[item_id].spec
    if isinstance(spec, SingleChoice):
        return [choice.id for choice in spec.choices if choice.id != spec.correct]
    return []


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
