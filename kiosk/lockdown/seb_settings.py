"""The settings a session gives to Safe Exam Browser: this server's exam pages, its own quit password, and nothing else open.

Few settings are given, each because a test needs it: the browser's own defaults hold for the rest, and what is not in the file is
not in its Config Key.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from kiosk.lockdown.seb_json import Value

NEW_WINDOW_NEVER, FILTER_ALLOW = 0, 1
MODERN_VIEW = 3


def exam_settings(origin: str, number: int, quit_password: str, salt: bytes) -> dict[str, Value]:
    """Return the settings of a session whose pages are at `origin` (scheme, host, port)."""
    host = re.escape(urlsplit(origin).netloc)
    return {
        "originatorVersion": "Preau_1",
        "startURL": f"{origin}/exam?number={number}",
        "sebMode": 0,
        "sebConfigPurpose": 0,
        "allowQuit": True,
        "ignoreExitKeys": True,
        "hashedQuitPassword": sha256(quit_password.encode()).hexdigest(),
        "quitURL": f"{origin}/exam/seb/quit",
        "quitURLConfirm": False,
        "sendBrowserExamKey": True,
        "browserURLSalt": True,
        "examKeySalt": salt,
        "browserWindowWebView": MODERN_VIEW,
        "browserViewMode": 1,
        "allowBrowsingBackForward": False,
        "browserWindowAllowReload": True,
        "showReloadButton": True,
        "newBrowserWindowByLinkPolicy": NEW_WINDOW_NEVER,
        "newBrowserWindowByScriptPolicy": NEW_WINDOW_NEVER,
        "allowSwitchToApplications": False,
        "allowScreenSharing": False,
        "allowVirtualMachine": False,
        "allowDictation": False,
        "allowSpellCheck": False,
        "allowSpellCheckDictionary": [],
        "allowDownUploads": True,
        "enablePrivateClipboard": True,
        "examSessionClearCookiesOnStart": False,
        "examSessionClearCookiesOnEnd": False,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": False,
        "URLFilterRules": [
            {
                "action": FILTER_ALLOW,
                "active": True,
                "expression": f"https?://{host}/.*",
                "regex": True,
            }
        ],
    }
