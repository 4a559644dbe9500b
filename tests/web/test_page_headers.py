"""The one table of headers: strict, and without any source but this server."""

from __future__ import annotations

from web.security import HEADERS, PAGE_HEADERS, POLICY


def test_a_page_may_use_this_server_and_nothing_else() -> None:
    assert POLICY["default-src"] == "'none'"
    assert set(POLICY.values()) == {"'none'", "'self'"}


def test_no_inline_script_no_inline_style_no_frame() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy


def test_types_are_not_guessed_and_nothing_leaks_to_other_origins() -> None:
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Referrer-Policy"] == "same-origin"
    assert HEADERS["Cross-Origin-Opener-Policy"] == "same-origin"
    assert HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_shared_machine_keeps_no_copy_of_a_page() -> None:
    assert PAGE_HEADERS["Cache-Control"] == "no-store"
