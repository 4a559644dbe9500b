"""The exam's refusals in the kiosk's tree: which status each code has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.documents.limits import UnreadableFile
from exam.errors import BadAnswer, BadReport, ExamError, UnknownCourse, WrongBank
from kiosk.errors import Conflict, KioskError, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATUS: Mapping[type[ExamError], type[KioskError]] = {
    BadAnswer: Refused,
    BadReport: Refused,
    UnknownCourse: NotFound,
    WrongBank: NotFound,
}
_FIELDS: Mapping[type[ExamError], str] = {BadAnswer: "answer", BadReport: "category"}


def as_refusal(problem: ExamError) -> KioskError:
    """Return the refusal to show; what is not about the request itself is a conflict with the sitting's state."""
    if isinstance(problem, UnreadableFile):
        # Whatever is wrong inside, what the pupil can do about it is the same.
        return Refused("file.unreadable", field="file")
    for kind, made in _STATUS.items():
        if isinstance(problem, kind):
            return made(problem.code, field=_FIELDS.get(kind))
    return Conflict(problem.code)
