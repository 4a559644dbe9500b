"""Two published Safe Exam Browser configurations, as tables of their settings, with the Config Keys published for them.

They are the files `unencrypted_win_223.seb` and `unencrypted_mac_001.seb` among the tests of Moodle's quiz access rule. Only the
settings stand here, gathered by value. The Windows file was published twice: first without, then with two fractions, and each
time with its key. Whoever takes the later key with the earlier file finds that nothing fits.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.lockdown.seb_json import Value

FIRST_WINDOWS_KEY = "fc6f4ea5922717760f4d6d536c23b8d19bf20b52aa97940f5427a76e20f49026"
WINDOWS_KEY = "2534e4e9f3188f9f9133bf7cf7b4c5d898292bbd7e8d0230f39d1176636a1431"
MAC_KEY = "4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292"

_FUNCTION_KEYS = tuple(f"enableF{number}" for number in range(1, 13))
_INSIDE: tuple[str, ...] = (
    "ChangeAPassword",
    "EaseOfAccess",
    "LockThisComputer",
    "LogOff",
    "ShutDown",
    "StartTaskManager",
)
_INSIDE += ("SwitchUser", "VmWareClientShade")

_BOTH_ON = (
    *("allowPreferencesWindow", "allowQuit", "allowedDisplayBuiltin", "browserURLSalt", "createNewDesktop"),
    *(
        "detectStoppedProcess",
        "downloadAndOpenSebConfig",
        "enableAltTab",
        "enableAppSwitcherCheck",
        "enableEsc",
    ),
    *("enableJavaScript", "enableLogging", "enablePlugIns", "enablePrivateClipboard", "enableRightMouse"),
    *("enableSebBrowser", "enableZoomPage", "enableZoomText", "forceAppFolderInstall", "hookKeys"),
    *("ignoreExitKeys", "monitorProcesses", "newBrowserWindowAllowReload", "newBrowserWindowNavigation"),
    *("browserWindowAllowReload", "quitURLConfirm", "restartExamPasswordProtected", "sendBrowserExamKey"),
    *("showReloadButton", "showTaskBar", "showTime", "urlFilterRegex", *_FUNCTION_KEYS),
)
_BOTH_OFF = (
    *("URLFilterEnable", "URLFilterEnableContentFilter", "allowBrowsingBackForward", "allowDictation"),
    *("allowDictionaryLookup", "allowDisplayMirroring", "allowFlashFullscreen", "allowPDFPlugIn"),
    *("allowScreenSharing", "allowSiri", "allowSpellCheck", "allowSwitchToApplications", "allowWlan"),
    *("allowUserAppFolderInstall", "allowVideoCapture", "blockPopUpWindows", "browserScreenKeyboard"),
    *("downloadPDFFiles", "enableAltEsc", "enableAltF4", "enableAltMouseWheel", "enableBrowserWindowToolbar"),
    *("enableCtrlEsc", "enableJava", "enablePrintScreen", "enableStartMenu", "enableTouchExit"),
    *("hideBrowserWindowToolbar", "killExplorerShell", "newBrowserWindowByLinkBlockForeign"),
    *("newBrowserWindowByScriptBlockForeign", "newBrowserWindowShowReloadWarning", "openDownloads"),
    *("pinEmbeddedCertificates", "removeBrowserProfile", "removeLocalStorage", "restartExamUseStartURL"),
    *("touchOptimized", *(f"insideSebEnable{name}" for name in _INSIDE)),
)
_BOTH_EMPTY = (
    *("blacklistURLFilter", "browserUserAgent", "browserUserAgentMacCustom"),
    *("browserUserAgentWinDesktopModeCustom", "browserUserAgentWinTouchModeCustom", "hashedAdminPassword"),
    *("hashedQuitPassword", "logDirectoryWin", "quitURL", "restartExamText", "restartExamURL"),
    *("sebServerURL", "whitelistURLFilter"),
)
_BOTH_LISTS = ("URLFilterRules", "additionalResources", "embeddedCertificates")
_BOTH_NUMBERS = {
    "allowedDisplaysMaxNumber": 1,
    "browserMessagingPingTime": 120_000,
    "browserUserAgentMac": 0,
    "browserUserAgentWinDesktopMode": 0,
    "browserUserAgentWinTouchMode": 0,
    "browserViewMode": 0,
    "chooseFileToUploadPolicy": 0,
    "exitKey1": 2,
    "exitKey2": 10,
    "exitKey3": 5,
    "mainBrowserWindowPositioning": 1,
    "minMacOSVersion": 4,
    "newBrowserWindowByLinkPositioning": 2,
    "newBrowserWindowByScriptPolicy": 2,
    "oskBehavior": 2,
    "proxySettingsPolicy": 0,
    "sebConfigPurpose": 0,
    "sebMode": 0,
    "taskBarHeight": 40,
    "zoomMode": 0,
}
_BOTH_TEXTS = {
    "mainBrowserWindowHeight": "100%",
    "mainBrowserWindowWidth": "100%",
    "newBrowserWindowByLinkHeight": "100%",
    "newBrowserWindowByLinkWidth": "1000",
}
_PORTS = {"FTP": 21, "HTTP": 80, "HTTPS": 443, "RTSP": 554, "SOCKS": 1080}
_PROHIBITED = (
    *("join.me", "RPCSuite", "RPCService", "RemotePCDesktop", "beamyourscreen-host", "AeroAdmin"),
    *("Mikogo-host", "chromoting", "vncserverui", "vncviewer", "vncserver", "TeamViewer"),
    *("GotoMeetingWinStore", "g2mcomm.exe", "SkypeHost", "Skype"),
)


def _each(names: tuple[str, ...], *, to: Value) -> dict[str, Value]:
    return dict.fromkeys(names, to)


def _shared() -> dict[str, Value]:
    return {
        **_each(_BOTH_ON, to=True),
        **_each(_BOTH_OFF, to=False),
        **_each(_BOTH_EMPTY, to=""),
        **_each(_BOTH_LISTS, to=[]),
        **_BOTH_NUMBERS,
        **_BOTH_TEXTS,
    }


def _proxies(before: str) -> dict[str, Value]:
    found: dict[str, Value] = {
        "AutoConfigurationEnabled": False,
        "AutoConfigurationJavaScript": "",
        "AutoConfigurationURL": "",
        "AutoDiscoveryEnabled": False,
        "ExceptionsList": [],
        "ExcludeSimpleHostnames": False,
        "FTPPassive": True,
    }
    for kind, port in _PORTS.items():
        found |= {f"{kind}Enable": False, f"{kind}RequiresPassword": False, f"{kind}Port": port}
        found |= {f"{kind}Password": "", f"{kind}Proxy": "", f"{kind}Username": ""}
    return {before + name: value for name, value in found.items()}


def _process(name: str, more: dict[str, Value]) -> dict[str, Value]:
    own: dict[str, Value] = {
        "active": True,
        "strongKill": False,
        "os": 1,
        "executable": name,
        "originalName": name,
    }
    return {**own, "description": "", "windowHandlingProcess": "", **more}


def windows_settings() -> dict[str, Value]:
    """Return the settings of the Windows sample as published today, with its two fractions."""
    return {
        **first_windows_settings(),
        "batteryChargeThresholdCritical": 0.1,
        "batteryChargeThresholdLow": 0.2,
    }


def first_windows_settings() -> dict[str, Value]:
    """Return the settings of the Windows sample as first published; one of its names has a word twice in the file too."""
    prohibited: list[Value] = [
        _process(name, {"currentUser": True, "identifier": "", "user": ""}) for name in _PROHIBITED
    ]
    browser: dict[str, Value] = {"autostart": True, "iconInTaskbar": True, "runInBackground": False}
    browser |= {"allowUserToChooseApp": False, "title": "SEB", "path": "../xulrunner/"}
    browser |= {"identifier": "Firefox", "arguments": []}
    own: dict[str, Value] = {
        **_each(
            ("allowDownUploads", "allowVirtualMachine", "audioControlEnabled", "lockOnMessageSocketClose"),
            to=True,
        ),
        **_each(("showInputLanguage", "showReloadWarning", "urlFilterTrustedContent"), to=True),
        **_each(
            ("allowAudioCapture", "audioMute", "audioSetVolumeLevel", "backgroundOpenSEBConfig"), to=False
        ),
        **_each(
            ("enableURLContentFilter", "enableURLFilter", "showMenuBar", "useAsymmetricOnlyEncryption"),
            to=False,
        ),
        "insideSebEnableEnableNetworkConnectionSelector": False,
        **_each(
            ("browserExamKey", "browserWindowTitleSuffix", "downloadDirectoryWin", "startResource"), to=""
        ),
        **_each(("additionalDictionaries", "allowSpellCheckDictionary"), to=[]),
        "audioVolumeLevel": 25,
        "newBrowserWindowByLinkPolicy": 2,
        "sebServicePolicy": 1,
        "browserMessagingSocket": "ws://localhost:8706",
        "browserUserAgentWinTouchModeIPad": (
            "Mozilla/5.0 (iPad; CPU OS 11_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/11.3 Mobile/15E216 Safari/605.1.15"
        ),
        "downloadDirectoryOSX": "~/Downloads",
        "logDirectoryOSX": "~/Documents",
        "startURL": "https://safeexambrowser.org/start",
        "originatorVersion": "SEB_Win_2.1.1",
        "examKeySalt": base64.b64decode("QJAqvg89YMP6JagAshUm6QqpqpsrVS9ZWUYjdZhfEao="),
        "permittedProcesses": [_process("firefox.exe", browser)],
        "prohibitedProcesses": prohibited,
        "proxies": _proxies(""),
    }
    return {**_shared(), **own}


def mac_settings() -> dict[str, Value]:
    """Return the settings of the macOS sample, which has an empty piece of data and a lone backslash."""
    regular = ("LandscapeLeft", "LandscapeRight", "Portrait", "PortraitUpsideDown")
    forms = ("Compact", "NonTelephonyCompact", "Regular")
    screens = "mobileSupportedScreenOrientations"
    own: dict[str, Value] = {
        **_each(("allowUserSwitching", "examSessionClearSessionCookies", "showBackToStartButton"), to=True),
        **_each(("mobileAllowInlineMediaPlayback", "mobileEnableASAM", "mobilePreventAutoLock"), to=True),
        **_each(("showMenuBar", "showQuitButton"), to=True),
        **_each(tuple(f"mobileSupportedFormFactors{name}" for name in forms), to=True),
        **_each(tuple(f"{screens}Regular{name}" for name in regular), to=True),
        **_each(tuple(f"{screens}Compact{name}" for name in regular[:3]), to=True),
        f"{screens}CompactPortraitUpsideDown": False,
        **_each(("allowDownUploads", "allowVirtualMachine", "browserMediaAutoplay"), to=False),
        **_each(
            ("configFileCreateIdentity", "configFileEncryptUsingIdentity", "enableDrawingEditor"), to=False
        ),
        **_each(
            ("examSessionReconfigureAllow", "ignoreQuitPassword", "logSendingRequiresAdminPassword"), to=False
        ),
        "insideSebEnableNetworkConnectionSelector": False,
        **_each(("mobileAllowPictureInPictureMediaPlayback", "mobileAllowQRCodeConfig"), to=False),
        **_each(("mobileAllowSingleAppMode", "mobileCompactAllowInlineMediaPlayback"), to=False),
        **_each(("mobileEnableGuidedAccessLinkTransform", "mobileShowSettings", "quitURLRestart"), to=False),
        **_each(
            ("sebServerFallback", "showInputLanguage", "showNavigationButtons", "showReloadWarning"), to=False
        ),
        **_each(("showScanQRCodeButton", "startURLAllowDeepLink", "startURLAppendQueryParameter"), to=False),
        "urlFilterTrustedContent": False,
        **_each(("browserUserAgentiOSCustom", "examSessionReconfigureConfigURL", "logDirectoryOSX"), to=""),
        **_each(("URLFilterIgnoreList", "permittedProcesses", "prohibitedProcesses"), to=[]),
        **_each(("URLFilterMessage", "allowiOSBetaVersionNumber", "browserUserAgentiOS"), to=0),
        "allowiOSVersionNumberMajor": 9,
        "allowiOSVersionNumberMinor": 3,
        "allowiOSVersionNumberPatch": 5,
        "browserWindowShowURL": 0,
        "logLevel": 4,
        "mobileStatusBarAppearance": 1,
        "mobileStatusBarAppearanceExtended": 1,
        "newBrowserWindowByLinkPolicy": 1,
        "newBrowserWindowShowURL": 2,
        "sebServicePolicy": 2,
        "browserMessagingSocket": "ws:\\localhost:8706",
        "browserUserAgentWinTouchModeIPad": (
            "Mozilla/5.0 (iPad; CPU OS 11_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/11.0 Mobile/15E148 Safari/604.1"
        ),
        "downloadDirectoryOSX": "/Users/andrewmadden/Downloads",
        "downloadDirectoryWin": "Downloads",
        "startURL": "https://www.google.com",
        "originatorVersion": "SEB_OSX_2.1.4_2B66",
        "configKeySalt": b"",
        "examKeySalt": base64.b64decode("4iLONVAc1yKWLxbe6Vbf2vWYQO6zIRAobKgc3f25LH8="),
        "proxies": _proxies("org_safeexambrowser_SEB_"),
    }
    return {**_shared(), **own}
