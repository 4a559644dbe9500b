"""What handlers find on the application and on a request, each under a typed name."""

from __future__ import annotations

from aiohttp.web import AppKey, RequestKey

from sync.central.instance import Instance
from sync.central.store.officers import Officer
from web.render import Pages

INSTANCE = AppKey("central.instance", Instance)
PAGES = AppKey("central.pages", Pages)
OFFICER = RequestKey("central.officer", Officer)
LANG = RequestKey("central.lang", str)
ROUTES = AppKey("central.routes", dict)
