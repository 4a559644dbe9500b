"""The refusals of the exam rules, each with a short stable code.

A rule that cannot accept what it is given raises one of these and changes nothing. The code is for programs (an API
reply, a log, a verdict); words in the person's language are made elsewhere, from the code.
"""

from __future__ import annotations


class ExamError(Exception):
    """An act the rules refuse; `code` is stable and says why."""

    code: str = "exam.refused"

    def __init__(self, code: str | None = None, detail: str = "") -> None:
        if code is not None:
            self.code = code
        self.detail = detail
        super().__init__(f"{self.code}: {detail}" if detail else self.code)


class BadAnswer(ExamError):
    """The answer does not have the shape its item asks for."""

    code = "answer.bad"


class WrongNumber(ExamError):
    """The answer or report names another question than the one it may name."""

    code = "sitting.wrong_number"


class BadReport(ExamError):
    """The category of a report is not one short lower-case word."""

    code = "report.bad_category"


class BadTrail(ExamError):
    """These bytes are not the events of a sitting."""

    code = "trail.bad"


class UnknownCourse(ExamError):
    """The bank has no such course."""

    code = "bank.unknown_course"


class WrongBank(ExamError):
    """The sitting was opened on another bank or another engine than the one deciding."""

    code = "sitting.wrong_bank"


class NotOpened(ExamError):
    """Nothing has opened this sitting yet."""

    code = "sitting.not_opened"


class AlreadyFinished(ExamError):
    """Nothing is left to ask, so nothing can be answered."""

    code = "sitting.already_finished"


class NotFinished(ExamError):
    """Results can be shared only once every question is settled."""

    code = "sitting.not_finished"


class AlreadyShared(ExamError):
    """The results were sent: what the teacher was given is fixed."""

    code = "sitting.already_shared"
