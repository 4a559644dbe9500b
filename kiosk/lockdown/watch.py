"""Who is vouched for right now: the live connections of extensions, and when a loss has lasted long enough to stop somebody.

A line that breaks is not yet a missing extension: the browser may have crashed, or the network gone, and that is an outage. The
extension is missing when its line is broken and the page of the same machine goes on speaking. Times are the session's clock, in
milliseconds. Used from the event loop only; what was told before is in the log, and found again there after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

GRACE_MS = 1_200
"""How long a page may speak alone after its extension fell silent: an extension that reconnects takes a tenth of it."""
COMING_MS = 8_000
"""How long an extension has to come (back) after its page did."""
ANSWER_MS = 9_000
"""A line whose last answer is older vouches for nothing, though nobody closed it."""
STEADY_MS = 5_000
"""How long an extension must be back before that is written; doubled at each new loss, so that flapping fills no log."""
STEADY_MAX_MS = 160_000
CHANGES_MS = 2_000
CHANGES_MAX = 400

Verdict = Literal["", "missing", "back", "changed"]
"""What to do about a passage now: nothing, stop it, note that it is vouched for (again), note new facts."""


@dataclass(slots=True)
class Vouch:
    """What is known of one passage; `told` is what the log says of it: None when it was not asked yet."""

    since: int
    told: bool | None = None
    told_code: str = ""
    told_at: int = 0
    code: str = ""
    machine: str = ""
    version: str = ""
    lines: set[int] = field(default_factory=set)
    answered: int = -1
    held_since: int = -1
    lost: int = -1
    first_word: int = -1
    losses: int = 0
    changes: int = 0

    def holds(self, now: int) -> bool:
        """Say whether an extension vouches for this passage at this instant."""
        return bool(self.lines) and now - self.answered < ANSWER_MS


class Watch:
    """Every passage an extension vouched for, or should."""

    def __init__(self) -> None:
        self._known: dict[str, Vouch] = {}

    def of(self, passage: str, now: int) -> Vouch:
        """Return what is known of a passage."""
        found = self._known.get(passage)
        if found is None:
            found = self._known[passage] = Vouch(now, lost=now)
        return found

    def holds(self, passage: str, now: int) -> bool:
        """Say whether an extension vouches for a passage now."""
        found = self._known.get(passage)
        return found is not None and found.holds(now)

    def answered(self, passage: str, line: int, now: int, facts: tuple[str, str, str]) -> Vouch:
        """Note a believed statement: `facts` are the machine, the version and the code of what was seen."""
        vouch = self.of(passage, now)
        if not vouch.holds(now):
            vouch.held_since = now
        vouch.lines.add(line)
        vouch.answered, vouch.lost, vouch.first_word = now, -1, -1
        vouch.machine, vouch.version, vouch.code = facts
        return vouch

    def left(self, passage: str, line: int, now: int) -> bool:
        """Note that a line broke; return whether it was the passage's last."""
        vouch = self._known.get(passage)
        if vouch is None or line not in vouch.lines:
            return False
        vouch.lines.discard(line)
        if vouch.lines:
            return False
        self._lose(vouch, now)
        return True

    def verdict(self, passage: str, now: int, seen: int) -> Verdict:
        """Return what to do now; `seen` is when the passage's page last spoke."""
        vouch = self.of(passage, now)
        if vouch.holds(now):
            return self._held(vouch, now)
        if vouch.lost < 0:
            self._lose(vouch, max(vouch.answered, vouch.since))
        if vouch.first_word < 0 and seen > vouch.lost:
            vouch.first_word = now
        if vouch.first_word < 0 or vouch.told is False:
            return ""
        # A page that spoke all along was left alone at the loss; one that comes back later has its extension come too.
        alone = vouch.answered >= 0 and vouch.first_word - vouch.lost < 3 * GRACE_MS
        since, grace = (vouch.lost, GRACE_MS) if alone else (vouch.first_word, COMING_MS)
        return "missing" if now - since >= grace else ""

    def forget(self, passages: set[str]) -> None:
        """Forget every passage but these."""
        for name in [name for name in self._known if name not in passages and not self._known[name].lines]:
            del self._known[name]

    def _lose(self, vouch: Vouch, now: int) -> None:
        vouch.lost, vouch.first_word, vouch.held_since = now, -1, -1
        vouch.losses += 1

    def _held(self, vouch: Vouch, now: int) -> Verdict:
        if vouch.told is not True:
            steady = 0 if vouch.told is None else min(STEADY_MS << min(vouch.losses, 6), STEADY_MAX_MS)
            return "back" if now - vouch.held_since >= steady else ""
        if (
            vouch.code != vouch.told_code
            and vouch.changes < CHANGES_MAX
            and now - vouch.told_at >= CHANGES_MS
        ):
            return "changed"
        return ""


def told(vouch: Vouch, now: int, *, holds: bool, code: str) -> None:
    """Note what the log now says of a passage."""
    vouch.told, vouch.told_code, vouch.told_at = holds, code, now
    vouch.changes += 1
