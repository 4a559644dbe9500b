"""Policies of browsers on a machine of the room, as their makers name them: which extension, which addresses, which settings.

Only what an exam needs is set. Developer tools are off, no other extension comes in, and nothing but this server opens.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kiosk.provision.package import GECKO_ID

if TYPE_CHECKING:
    from kiosk.actions.room_machines import Prepared

Policy = dict[str, Any]

NO = 2
"""`DeveloperToolsAvailability`, `DefaultPopupsSetting`: never."""


def chromium_extension(origin: str, extension: str) -> Policy:
    """Return what makes Chromium install our extension from this server, and no other."""
    return {
        "ExtensionInstallForcelist": [f"{extension};{origin}/extension/updates.xml"],
        "ExtensionInstallBlocklist": ["*"],
        "ExtensionInstallAllowlist": [extension],
        "ExtensionInstallSources": [f"{origin}/*"],
    }


def settings_of(origin: str, machine: Prepared) -> Policy:
    """Return what the extension of a machine is told by its policy."""
    return {"server": origin, "machine": machine.id, "label": machine.label, "key": machine.key}


def chromium_settings(origin: str, extension: str, machine: Prepared) -> Policy:
    """Return the settings of our extension, its key among them: the one file that is secret."""
    return {"3rdparty": {"extensions": {extension: settings_of(origin, machine)}}}


def chromium_rules(origin: str, authority: bytes | None) -> Policy:
    """Return what Chromium may open and do; `authority` is the server's certificate of authority (DER)."""
    host = urlsplit(origin).netloc
    rules: Policy = {
        "URLBlocklist": ["*", "chrome://*", "chrome-untrusted://*", "javascript://*", "file://*", "data:*"],
        "URLAllowlist": [host],  # not chrome://policy either: it shows the machine's key
        "HomepageLocation": f"{origin}/exam",
        "HomepageIsNewTabPage": False,
        "NewTabPageLocation": f"{origin}/exam",
        "RestoreOnStartup": 4,
        "RestoreOnStartupURLs": [f"{origin}/exam"],
        "DeveloperToolsAvailability": NO,
        "DefaultPopupsSetting": NO,
        "RemoteDebuggingAllowed": False,
        "IncognitoModeAvailability": 1,
        "BrowserGuestModeEnabled": False,
        "BrowserAddPersonEnabled": False,
        "BrowserSignin": 0,
        "SyncDisabled": True,
        "PasswordManagerEnabled": False,
        "AutofillAddressEnabled": False,
        "AutofillCreditCardEnabled": False,
        "SearchSuggestEnabled": False,
        "TranslateEnabled": False,
        "SpellcheckEnabled": False,
        "PrintingEnabled": False,
        "MetricsReportingEnabled": False,
        "BackgroundModeEnabled": False,
        "DefaultBrowserSettingEnabled": False,
        "PromotionalTabsEnabled": False,
    }
    if authority is not None:
        rules["CACertificates"] = [base64.b64encode(authority).decode()]
    return rules


def _address_pattern(origin: str) -> str:
    """Return the pattern of a server's pages: Firefox takes no port in one, and with one nothing opens at all.

    Another port of the same machine is left to the extension, which compares it during a test.
    """
    address = urlsplit(origin)
    host = address.netloc.removesuffix(f":{address.port}")
    return f"{address.scheme}://{host}/*"


def firefox(origin: str, machine: Prepared, authority: str | None) -> Policy:
    """Return the one policy file of Firefox ESR; `authority` is where the certificate stands on the machine.

    Only builds that let a policy turn signatures off take our archive: Firefox ESR as Debian ships it.
    """
    policies: Policy = {
        "ExtensionSettings": {
            "*": {"installation_mode": "blocked"},
            GECKO_ID: {
                "installation_mode": "force_installed",
                "install_url": f"{origin}/extension/preau.xpi",
                "updates_disabled": False,
            },
        },
        "3rdparty": {"Extensions": {GECKO_ID: settings_of(origin, machine)}},
        "Preferences": {"xpinstall.signatures.required": {"Value": False, "Status": "locked"}},
        "WebsiteFilter": {"Block": ["<all_urls>"], "Exceptions": [_address_pattern(origin)]},
        "Homepage": {"URL": f"{origin}/exam", "Locked": True, "StartPage": "homepage-locked"},
        "BlockAboutConfig": True,
        "BlockAboutAddons": True,
        "BlockAboutProfiles": True,
        "BlockAboutSupport": True,
        "DisableDeveloperTools": True,
        "DisablePrivateBrowsing": True,
        "DisableFirefoxAccounts": True,
        "DisableFirefoxStudies": True,
        "DisableTelemetry": True,
        "DisableSafeMode": True,
        "OfferToSaveLogins": False,
        "NoDefaultBookmarks": True,
        "OverrideFirstRunPage": "",
        "PrintingEnabled": False,
    }
    if authority is not None:
        policies["Certificates"] = {"Install": [authority]}
    return {"policies": policies}
