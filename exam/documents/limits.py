"""The bounds documents keep, and the refusals that go with them."""

from __future__ import annotations

from exam.errors import ExamError

MAX_DOCUMENT = 4_000_000
"""Bytes of a document made for a pupil."""


class UnknownDocument(ExamError):
    """The question has no such document."""

    code = "document.unknown"


class DocumentError(ValueError):
    """The author's description cannot be made into a document."""


class UnreadableFile(ExamError):
    """A file handed back that is too large, unsafe, or not what its name says."""

    code = "file.unreadable"
