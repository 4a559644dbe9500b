"""Addresses of the staff's campaigns and of the courses a school makes: pages and JSON."""

from __future__ import annotations

from kiosk.api import campaigns as api
from kiosk.api import courses
from kiosk.route import API, Route
from kiosk.screens import staff_campaigns, staff_courses, staff_list, staff_new, staff_pick

_CAMPAIGN = "/staff/campaigns/{id}"
_COURSE = "/staff/courses/{course}"

CAMPAIGN_ROUTES: tuple[Route, ...] = (
    Route("GET", "/staff", staff_list.listing, "staff"),
    Route("GET", "/staff/campaigns/new", staff_new.new, "staff"),
    Route("POST", "/staff/campaigns/new", staff_new.create, "staff"),
    Route("GET", "/staff/campaigns/delete", staff_list.confirm, "staff"),
    Route("POST", "/staff/campaigns/delete", staff_list.delete, "staff"),
    Route("GET", f"{_CAMPAIGN}/settings", staff_campaigns.settings, "staff"),
    Route("POST", f"{_CAMPAIGN}/settings", staff_campaigns.change, "staff"),
    Route("POST", f"{_CAMPAIGN}/archive", staff_campaigns.archive, "staff"),
    Route("POST", f"{_CAMPAIGN}/unarchive", staff_campaigns.unarchive, "staff"),
    Route("GET", f"{_CAMPAIGN}/preview", staff_campaigns.preview, "staff"),
    Route("GET", f"{_CAMPAIGN}/code", staff_campaigns.code, "staff"),
    Route("GET", "/staff/courses", staff_courses.listing, "staff"),
    Route("GET", "/staff/courses/new", staff_pick.pick, "staff"),
    Route("POST", "/staff/courses/new", staff_pick.create, "staff"),
    Route("POST", "/staff/courses/upload", staff_courses.upload, "staff"),
    Route("GET", f"{_COURSE}/file", staff_courses.file, "staff"),
    Route("POST", f"{_COURSE}/withdraw", staff_courses.withdraw, "staff"),
)

_API_CAMPAIGN = f"{API}/campaigns/{{id}}"
_API_COURSE = f"{API}/courses/{{course}}"

CAMPAIGN_API_ROUTES: tuple[Route, ...] = (
    Route("GET", f"{API}/courses", courses.listed, "staff"),
    Route("POST", f"{API}/courses", courses.create, "staff"),
    Route("GET", _API_COURSE, courses.one, "staff"),
    Route("POST", f"{_API_COURSE}/withdraw", courses.withdraw, "staff"),
    Route("POST", f"{API}/campaigns/delete", api.delete, "staff"),
    Route("PUT", _API_CAMPAIGN, api.update, "staff"),
    Route("POST", f"{_API_CAMPAIGN}/participations/{{pid}}/delete", api.delete_participation, "staff"),
)
