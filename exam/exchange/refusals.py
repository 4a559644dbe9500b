"""What is wrong with a file that comes from elsewhere: always a place, a code and words, never a half-read item."""

from __future__ import annotations

from exam.content import Problem


class Refused(Exception):
    """Something of a file that cannot be taken, at a line of it (0: the file as a whole)."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.code = code
        self.message = message

    def at(self, path: str) -> Problem:
        """Return the refusal as a problem of that file."""
        return problem(path, self.line, self.code, self.message)


def problem(path: str, line: int, code: str, message: str) -> Problem:
    """Return a problem at a line of a file."""
    return Problem(path, f"line {line}" if line else "", code, message)
