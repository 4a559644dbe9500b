"""The papers of an exam room as data for their templates: attendance sheet, supervisor's kit, incident form. In French.

Pure: who is on the list and which square a kit holds are given, and what is returned is for `typesetting.typeset`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from exam.session.incidents import CATEGORIES
from kiosk.folding import folded
from kiosk.lan.qr import qr_path
from web.dates import clock, long_date
from web.typography import NARROW, NO_BREAK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kiosk.store.candidates import Candidate
    from kiosk.store.sessions import Session

A_PAGE = 20
"""Candidates on one attendance sheet."""
LANG = "fr"
INCIDENT_LINES = 8
_LONGEST = 60


@dataclass(frozen=True)
class Papers:
    """One session's papers; `say(key, **params)` gives a French text, typeset."""

    school: str
    session: Session
    candidates: Sequence[Candidate]
    say: Callable[..., str]

    def attendance(self) -> dict[str, object]:
        """Return the data of the attendance sheet."""
        people = by_name(self.candidates)
        classes = any(one.division for one in people) or not any(one.external_id for one in people)
        rows = [_line(rank, one, classes=classes) for rank, one in enumerate(people, 1)]
        sheets = [rows[start : start + A_PAGE] for start in range(0, len(rows), A_PAGE)] or [[]]
        return {
            **self._common("attendance"),
            "facts": [
                [self._say("fact.number"), str(self.session.number)],
                [self._say("fact.when"), f"{self.day}, {self.start}"],
                [self._say("fact.site"), self.session.site],
                [self._say("fact.room"), self.session.room],
                [self._say("fact.examiners"), self.session.examiners],
            ],
            "sign": self._say("attendance.sign"),
            "nobody": self._say("attendance.nobody"),
            "headings": [
                "",
                *(self._say(f"attendance.{name}") for name in ("last", "first", "born")),
                self._say("attendance.class" if classes else "attendance.id"),
                self._say("attendance.signature"),
            ],
            "sheets": sheets,
        }

    def kit(self, address: str) -> dict[str, object]:
        """Return the data of the supervisor's kit; `address` is what its square holds, empty for none."""
        return {
            **self._common("kit"),
            "heading": self._say("session", number=self.session.number),
            "hand_over": self._say("kit.hand_over"),
            "when": f"{self.day[:1].upper()}{self.day[1:]}, {self.start}",
            "where": f"{self.session.site}, {self.session.room}",
            "lines": self._facts_of_kit(),
            "square": _square(address) if address else "",
            "square_words": self._say("kit.square", number=self.session.number),
            "aim": self._say("kit.aim"),
            "plates": [
                [self._say("kit.number"), str(self.session.number)],
                [self._say("kit.code"), f"{self.session.code[:4]} {self.session.code[4:]}"],
                [self._say("kit.password"), f"C-{self.session.password}"],
            ],
            "steps": [
                [self._say(f"kit.{name}"), self._say(f"kit.{name}_text")]
                for name in ("before", "during", "after")
            ],
            "falls": self._say("kit.falls"),
            "falls_head": [self._say("kit.falls_what"), self._say("kit.falls_do")],
            "troubles": [
                [self._say(f"kit.trouble.{name}"), self._say(f"kit.trouble.{name}_text")]
                for name in ("machine", "server", "phone", "extension")
            ],
            "notes": self._say("kit.notes"),
            "sign": self._say("kit.sign"),
        }

    def incidents(self) -> dict[str, object]:
        """Return the data of the incident form."""
        groups = {"C": "candidate", "E": "question", "R": "room"}
        return {
            **self._common("incidents"),
            "lead": self._say("incidents.lead"),
            "lines": INCIDENT_LINES,
            "headings": [
                self._say(f"incidents.{name}")
                for name in ("hour", "code", "candidate", "seat", "question", "what")
            ],
            "groups": [
                {
                    "name": self._say(f"incidents.group.{name}"),
                    "codes": [
                        [code, plain(self.say(f"supervise.category.{code}"))]
                        for code in CATEGORIES
                        if code.startswith(letter)
                    ],
                }
                for letter, name in groups.items()
            ],
            "signs": [self._say("incidents.supervisor"), self._say("incidents.principal")],
        }

    @property
    def begins(self) -> datetime:
        """When the session begins, on the school's own clock."""
        return datetime.fromisoformat(f"{self.session.date}T{self.session.time}")

    @property
    def day(self) -> str:
        """The day in full."""
        words = str(long_date(self.begins.date(), LANG))
        return words.replace("<sup>", "").replace("</sup>", "")

    @property
    def start(self) -> str:
        """The hour it begins."""
        return plain(clock(self.begins, LANG))

    def _facts_of_kit(self) -> list[str]:
        extras = [one.extra_percent for one in self.candidates if one.extra_percent]
        lines = [self._say("kit.examiners", names=self.session.examiners)]
        lines.append(self._say("kit.candidates", count=len(self.candidates)))
        lines.append(self._say("kit.end", time=self._end(0)))
        if extras:
            lines.append(self._say("kit.end_extra", count=len(extras), time=self._end(max(extras))))
        return lines

    def _end(self, extra: int) -> str:
        minutes = self.session.allowance_min + -(-self.session.allowance_min * extra // 100)
        return plain(clock(self.begins + timedelta(minutes=minutes), LANG))

    def _common(self, paper: str) -> dict[str, object]:
        return {
            "lang": LANG,
            "brand": "Préau",
            "school": self.school,
            "title": self._say(f"{paper}.title"),
            "session": self._say("session_day", number=self.session.number, day=self.day),
            "footer": self._say("footer", number=self.session.number, school=self.school),
            "page": self._say("page"),
        }

    def _say(self, key: str, **params: object) -> str:
        return plain(self.say(f"sessions_plan.paper.{key}", **params))


def by_name(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates as lists on paper have them: É among the E."""
    return sorted(candidates, key=lambda one: (folded(one.last_name), folded(one.first_name), one.id))


def plain(text: str) -> str:
    """Return a text with spaces that the fonts of the papers have."""
    return text.replace(NARROW, NO_BREAK)


def _line(rank: int, one: Candidate, *, classes: bool) -> dict[str, object]:
    return {
        "rank": rank,
        "last": _cut(one.last_name.upper()),
        "first": _cut(one.first_name),
        "born": "/".join(reversed(one.birth_date.split("-"))),
        "class": (one.division if classes else one.external_id) or "",
    }


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _square(address: str) -> str:
    drawn = qr_path(address)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.size} {drawn.size}">'
        f'<path stroke="#000" d="{drawn.path}"/></svg>'
    )
