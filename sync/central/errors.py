"""Everything the central instance refuses, as one closed tree: a code, a status, and nothing for free.

A refusal's words live in `web/locales`, under its code with a dash for the dot; `detail` is for the machine reading
the JSON and for the log, never the place of a secret.
"""

# ruff: noqa: N818 - these are named for what is refused, as their codes name it

from __future__ import annotations


class CentralError(Exception):
    """A refusal with its HTTP status; `code` is stable and others may rely on it."""

    status = 400
    code = "central.refused"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail


class Refused(CentralError):
    """A refusal named where it is raised: one of the codes below with its own status."""

    def __init__(self, code: str, status: int = 400, detail: str = "") -> None:
        self.code = code
        self.status = status
        super().__init__(detail)


class NotSignedIn(CentralError):
    """An officer's page was asked for without a login."""

    status = 401
    code = "login.needed"


class Throttled(CentralError):
    """Too many tries from one place; `wait_s` says when the next one is worth it."""

    status = 429
    code = "tries.too_many"

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait_s = wait_s


class NotFound(CentralError):
    """Nothing here by that name."""

    status = 404
    code = "page.unknown"


class WrongSetting(Exception):
    """A setting or a file the person running the instance gave cannot be used; the message says what to do."""

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(message)
        self.setting = setting
