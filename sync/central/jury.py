"""What a jury may do and what follows: where a session and each certification stand, folded from acts that are only added.

Pure: acts and records in, standing out. A certification's status follows the order of the rules: cancelled by the jury, fraud,
too few answers, no score, validated. A failed replay is an error until the jury cancels or rejects it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from exam.certification.results import ABANDONMENTS
from sync.central.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exam.certification.results import Abandonment, Jury

Act = Literal[
    "cancel",
    "uncancel",
    "reject",
    "unreject",
    "rescore",
    "identity",
    "resolve",
    "candidate_words",
    "organisation_words",
    "jury_words",
    "abandonment",
    "assign",
    "comment",
    "publish",
    "unpublish",
    "unfinalise",
]

OF_SESSION: frozenset[str] = frozenset({"assign", "comment", "publish", "unpublish", "unfinalise", "resolve"})
NEEDS_TEXT: frozenset[str] = frozenset({"resolve", "unfinalise", "cancel", "reject"})
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class JuryAct:
    """One act: `candidate` is empty for the session's own, `about` names an incident or a finalisation."""

    site: str
    session: str
    number: int
    candidate: str
    act: str
    about: str
    text: str
    officer: str
    at: int


@dataclass(slots=True)
class Ruled:
    """What a jury decided about one certification."""

    cancelled: bool = False
    fraud: bool = False
    abandonment: str = ""
    candidate_words: str = ""
    organisation_words: str = ""
    jury_words: str = ""
    rescores: int = 0

    @property
    def jury(self) -> Jury | None:
        """The jury's decision against it, if any."""
        if self.cancelled:
            return "cancelled"
        return "fraud" if self.fraud else None

    def reason(self, said: str) -> Abandonment | None:
        """Return why it is unfinished: as the jury says, else as the school said."""
        found = self.abandonment or said
        if found == "technical":
            return "technical"
        return "candidate" if found == "candidate" else None


@dataclass(slots=True)
class Standing:
    """Where a session stands; `finalised` is the number of the finalisation in force, None without one."""

    finalised: int | None = None
    published_at: int | None = None
    officer: str = ""
    comments: list[JuryAct] = field(default_factory=list)
    resolved: dict[str, JuryAct] = field(default_factory=dict)
    ruled: dict[str, Ruled] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """The one word for its pill."""
        if self.published_at is not None:
            return "published"
        if self.finalised is None:
            return "created"
        return "in_process" if self.officer else "finalised"

    def of(self, candidate: str) -> Ruled:
        """Return what was decided about a certification."""
        return self.ruled.get(candidate, Ruled())


def stand(final_seq: int | None, acts: Iterable[JuryAct]) -> Standing:
    """Return where a session stands, its latest finalisation and the acts given in order."""
    found = Standing(finalised=final_seq)
    for act in acts:
        _apply(found, act, final_seq)
    return found


def _apply(found: Standing, act: JuryAct, final_seq: int | None) -> None:
    match act.act:
        case "publish":
            found.published_at = act.at
        case "unpublish":
            found.published_at = None
        case "assign":
            found.officer = act.text
        case "comment":
            found.comments.append(act)
        case "resolve":
            found.resolved[act.about] = act
        case "unfinalise":
            # What was finalised before the act is given back; a later finalisation counts again.
            if final_seq is not None and final_seq <= int(act.about):
                found.finalised = None
        case _:
            _apply_ruling(found.ruled.setdefault(act.candidate, Ruled()), act)


def _apply_ruling(ruled: Ruled, act: JuryAct) -> None:
    match act.act:
        case "cancel" | "uncancel":
            ruled.cancelled = act.act == "cancel"
        case "reject" | "unreject":
            ruled.fraud = act.act == "reject"
        case "abandonment":
            ruled.abandonment = act.text
        case "candidate_words":
            ruled.candidate_words = act.text
        case "organisation_words":
            ruled.organisation_words = act.text
        case "jury_words":
            ruled.jury_words = act.text
        case "rescore":
            ruled.rescores += 1
        case _:
            pass


def check_act(standing: Standing, act: str, candidate: str, text: str) -> None:
    """Raise Refused unless the act is possible where the session and the certification stand."""
    if standing.finalised is None and act != "comment":
        raise Refused("jury.not_finalised", 409)
    if standing.published_at is not None and act not in {"unpublish", "comment", "jury_words"}:
        raise Refused("jury.published", 409)
    if act == "unpublish" and standing.published_at is None:
        raise Refused("jury.not_published", 409)
    if len(text) > LONGEST or "\0" in text:
        raise Refused("jury.long_text", 422)
    if act in NEEDS_TEXT and not text.strip():
        raise Refused("jury.needs_text", 422)
    if act == "abandonment" and text not in ABANDONMENTS:
        raise Refused("jury.bad_reason", 422)
    if act not in OF_SESSION:
        _check_ruling(standing.of(candidate), act)


def _check_ruling(ruled: Ruled, act: str) -> None:
    wrong = {
        "cancel": ruled.cancelled or ruled.fraud,
        "uncancel": not ruled.cancelled,
        "reject": ruled.fraud or ruled.cancelled,
        "unreject": not ruled.fraud,
    }
    if wrong.get(act, False):
        raise Refused("jury.not_now", 409)


def offered(standing: Standing, candidate: str) -> Sequence[str]:
    """Return the rulings possible on a certification now."""
    if standing.finalised is None or standing.published_at is not None:
        return ()
    ruled = standing.of(candidate)
    if ruled.cancelled:
        return ("uncancel",)
    if ruled.fraud:
        return ("unreject",)
    return ("cancel", "reject", "rescore")
