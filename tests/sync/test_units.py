"""The systemd units restart, watch and confine every service."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
CONFINED = {
    "Type": "notify",
    "Restart": "always",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectClock": "yes",
    "ProtectControlGroups": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "SystemCallArchitectures": "native",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
}


def read_unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """Return the sections of a unit; a key given twice has two values, as systemd reads it."""
    sections: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in path.read_text("utf-8").splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
            sections[section] = {}
        elif line and not line.startswith("#"):
            key, sign, value = line.partition("=")
            assert sign, f"{path.name}: {line}"
            sections[section].setdefault(key, []).append(value)
    return sections


def test_there_is_a_unit_for_each_service() -> None:
    assert [path.stem for path in UNITS] == ["preau-central", "preau-kiosk", "preau-sync"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_is_confined(path: Path) -> None:
    service = read_unit(path)["Service"]
    assert {key: service.get(key) for key in CONFINED} == {key: [value] for key, value in CONFINED.items()}
    assert service["CapabilityBoundingSet"][0] in {"", "CAP_NET_BIND_SERVICE"}
    assert "@system-service" in service["SystemCallFilter"]
    assert set(service["RestrictAddressFamilies"][0].split()) <= {
        "AF_INET",
        "AF_INET6",
        "AF_UNIX",
        "AF_NETLINK",
    }


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_is_watched_and_its_stop_is_bounded(path: Path) -> None:
    service = read_unit(path)["Service"]
    assert int(service["WatchdogSec"][0]) > 0
    assert int(service["TimeoutStopSec"][0]) > 0
    assert service["User"][0].startswith("preau")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_keeps_its_data_in_its_state_folder(path: Path) -> None:
    service = read_unit(path)["Service"]
    (command,) = service["ExecStart"]
    assert f"--home /var/lib/{service['StateDirectory'][0]}" in command
    assert f"/var/lib/{service['StateDirectory'][0]} " in (FOLDER / "preau.tmpfiles").read_text("utf-8")


def test_accounts_of_the_units_are_created() -> None:
    users = {unit["Service"]["User"][0] for unit in map(read_unit, UNITS)}
    created = set(re.findall(r"^u +(\S+)", (FOLDER / "preau.sysusers").read_text("utf-8"), re.MULTILINE))
    assert users == created
