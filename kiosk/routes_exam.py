"""Addresses of certification day: a candidate's pages and their calls, and a session for those in charge.

A candidate holds a pass, not a login: the rows say "anyone", and each handler asks whose passage it is. Answers come first.
"""

from __future__ import annotations

from kiosk.api import acts, passages, rooms
from kiosk.route import API, FILE, Route
from kiosk.screens import exam

_PASSAGE = f"{API}/passages/{{id}}"

EXAM_ROUTES: tuple[Route, ...] = (
    Route("POST", f"{_PASSAGE}/answers", passages.answer, "anyone"),
    Route("POST", f"{_PASSAGE}/beat", passages.beat, "anyone"),
    Route("GET", f"{_PASSAGE}/next", passages.next_question, "anyone"),
    Route("POST", f"{_PASSAGE}/hold", passages.hold, "anyone"),
    Route("POST", f"{_PASSAGE}/report", passages.report, "anyone"),
    Route("POST", f"{_PASSAGE}/report/withdraw", passages.withdraw_report, "anyone"),
    Route("POST", f"{_PASSAGE}/window", passages.window, "anyone"),
    Route("POST", f"{_PASSAGE}/call", passages.call, "anyone"),
    Route("POST", f"{_PASSAGE}/leave", passages.leave, "anyone"),
    Route("POST", f"{_PASSAGE}/return", passages.come_back, "anyone"),
    Route("POST", f"{_PASSAGE}/start", passages.start, "anyone"),
    Route("POST", f"{_PASSAGE}/leftovers", passages.offer, "anyone"),
    Route("GET", f"{_PASSAGE}/questions/{{number}}/documents/{{name}}", passages.document, "anyone"),
    Route("POST", f"{_PASSAGE}/questions/{{number}}/hand-back", passages.hand_back, "anyone", body=FILE),
    Route("GET", f"{API}/machines/here", passages.here, "anyone"),
    Route("GET", f"{API}/sessions/{{id}}/room", rooms.room, "anyone"),
    Route("POST", f"{API}/sessions/{{id}}/acts", acts.act, "anyone"),
    Route("POST", f"{API}/sessions/{{id}}/open", acts.open_session, "anyone"),
    Route("POST", f"{API}/sessions/{{id}}/close", acts.close_session, "anyone"),
    Route("GET", "/live/sessions/{id}", rooms.follow, "anyone"),
    Route("GET", "/live/passages/{id}", rooms.follow_own, "anyone"),
    Route("GET", "/exam", exam.door, "anyone"),
    Route("POST", "/exam", exam.come_in, "anyone"),
    Route("GET", "/exam/take", exam.take_over, "anyone"),
    Route("GET", "/exam/{id}", exam.place, "anyone"),
    Route("POST", "/exam/{id}/code", exam.give_code, "anyone"),
    Route("POST", "/exam/{id}/start", exam.begin, "anyone"),
    Route("GET", "/exam/{id}/question", exam.question, "anyone"),
    Route("GET", "/exam/{id}/end", exam.end, "anyone"),
)
