"""Attempts and exports as tests write them: one line each, everything unsaid made plain."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import msgspec

from exam.content import Badge, Course, Stage
from exam.stages import ladder
from kiosk.exports import csv_chunks
from kiosk.exports.scope import Scope
from kiosk.store.following import Taking

NOON = 1_763_640_000_000  # 20 November 2025, 12:00 UTC
PLAIN = Taking(
    id="p1",
    campaign="c1",
    who="l1",
    pupil="u1",
    first_name="Inès",
    last_name="BENALI",
    division=None,
    group=None,
    student_number=None,
    extra=None,
    external_id=None,
    status="started",
    progress=0,
    answered=0,
    attempt=1,
    started_ms=NOON,
    ended_ms=None,
    shared_ms=None,
    shared=None,
)


def taking(shared: msgspec.Struct | None = None, **fields: Any) -> Taking:  # noqa: ANN401 - fields of several types
    """Return an attempt; given what was sent, it was sent at noon unless told otherwise."""
    if shared is not None:
        sent = {
            "status": "shared",
            "progress": 1000,
            "shared_ms": NOON,
            "shared": msgspec.json.encode(shared).decode(),
        }
        fields = {**sent, **fields}
    return msgspec.structs.replace(PLAIN, **fields)


def _stage(threshold: int) -> Stage:
    text = {"fr": str(threshold), "en": str(threshold)}
    return Stage(
        threshold,
        first_skill=False,
        level=None,
        title=text,
        message=text,
        staff_title=text,
        staff_message=text,
    )


def course(*thresholds: int) -> Course:
    """Return a course with these stages and one badge."""
    text = {"fr": "Rentrée", "en": "Autumn"}
    badge = Badge("b", {"fr": "Citoyen", "en": "Citizen"}, text, text, ())
    return Course("c", text, text, "CUSTOM", 20, (), tuple(map(_stage, thresholds)), (badge,))


BANDS = course(0, 21, 51, 81)


def scope(*takings: Taking, chosen: Course = BANDS, **fields: Any) -> Scope:  # noqa: ANN401 - fields of several types
    """Return what an export reads: a school that imports its pupils, three competences, UTC."""
    known: dict[str, Any] = {
        "organisation": "Tilleuls",
        "kind": "school",
        "imports": True,
        "campaign": "c1",
        "code": "TRLKVN482",
        "name": "5e B",
        "external_label": None,
        "course": chosen,
        "steps": ladder(chosen.stages, []),
        "competences": ["1.1", "1.2", "4.1"],
        "takings": takings,
        "made_at": datetime(2026, 11, 20, 9, 7, tzinfo=UTC),
        "zone": UTC,
    }
    return Scope(**{**known, **fields})


def csv_bytes(name: str, found: Scope) -> bytes:
    """Return the whole file of an export."""
    chunks, _ = csv_chunks(name, found)
    return b"".join(chunks)


def table(name: str, found: Scope) -> list[list[str]]:
    """Return the cells of an export, as a spreadsheet would read them."""
    return list(
        csv.reader(io.StringIO(csv_bytes(name, found).decode("utf-8-sig"), newline=""), delimiter=";")
    )


__all__ = ["BANDS", "NOON", "course", "csv_bytes", "scope", "table", "taking"]
