"""The one tree of refusals: each has a status and a code, and the words are in `locales/*/errors.json`.

Any layer raises these; only the middleware turns them into a page or JSON, in the person's language. A code is
part of the API and never changes its meaning. No message ever repeats a secret or a name.
"""

# ruff: noqa: N818 - these are named for what is refused, as the codes of the API are

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class KioskError(Exception):
    """A refusal a person can read: `code` names it, `params` fill its sentence, `field` points at an input.

    A parameter that is a tuple lists keys of `errors.json`, said one after the other in the person's language.

    `retry_after` is in seconds.
    """

    status = 500

    def __init__(
        self,
        code: str,
        *,
        field: str | None = None,
        params: Mapping[str, str | int | tuple[str, ...]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = dict(params or {})
        self.retry_after = retry_after


class BadRequest(KioskError):
    """The request cannot be read: malformed JSON, a missing or mistyped field."""

    status = 400


class NotSignedIn(KioskError):
    """Nobody is signed in, or the login has expired."""

    status = 401


class Forbidden(KioskError):
    """This person may not do this, whatever the object."""

    status = 403


class NotFound(KioskError):
    """There is no such thing, or none that this person may know of."""

    status = 404


class WrongMethod(KioskError):
    """The address exists and does not take this method; `params["allowed"]` lists those it takes."""

    status = 405


class TooSlow(KioskError):
    """The body did not arrive in the time a body is given."""

    status = 408


class Conflict(KioskError):
    """The thing is not in the state the request supposes."""

    status = 409


class TooLarge(KioskError):
    """The body or the file is larger than what this address takes."""

    status = 413


class Unsupported(KioskError):
    """The body is not of a type this address takes."""

    status = 415


class Refused(KioskError):
    """The request is well formed and its content breaks a rule."""

    status = 422


class TooMany(KioskError):
    """Too many attempts; `retry_after` says how long to wait."""

    status = 429


class Full(KioskError):
    """The server has no room left for this: disk quota or waiting line."""

    status = 503
