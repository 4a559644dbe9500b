"""The network settings of a computer: Wi-Fi, addresses, names, proxy, and checks to find what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot, choice
from exam.simulators.schema import NO, YES, YES_NO, Schema, count, ident, one_of, rows, words

if TYPE_CHECKING:
    from exam.simulators.schema import Node

NONE = "none"
MODES = ("auto", "manual")
_TYPED = ("wifi.password", "ip.address", "ip.mask", "ip.gateway", "dns.server", "proxy.host", "proxy.port")


class Network(Simulator):
    """Connect a computer, and find why it is not."""

    name = "network"
    schema: ClassVar[Schema] = {
        "networks": rows(
            {
                "id": ident,
                "name": words,
                "security": one_of("open", "wpa2", "wpa3", default="wpa2"),
                "signal": count(1, 4, 3),
            },
            most=8,
        ),
        "checks": rows({"id": ident, "name": words, "text": words}, most=8),
        "diagnoses": rows({"id": ident, "text": words}, most=8),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return every switch, address and conclusion."""
        found = {
            name: choice(start, YES_NO)
            for name, start in (("airplane", NO), ("wifi", YES), ("bluetooth", NO), ("hotspot", NO))
        }
        found["wifi.network"] = choice(NONE, (NONE, *(row["id"] for row in scene["networks"])))
        found["ip.mode"] = found["dns.mode"] = choice("auto", MODES)
        found["proxy.mode"] = choice(NONE, (NONE, *MODES))
        found |= {name: Slot() for name in _TYPED}
        found |= {f"check.{row['id']}": choice(NO, YES_NO) for row in scene["checks"]}
        if scene["diagnoses"]:
            found["diagnosis"] = choice("", tuple(row["id"] for row in scene["diagnoses"]))
        return found
