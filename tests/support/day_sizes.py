"""The two sizes of one certification day: everybody by name, how many machines have the extension, how long the switch is out.

The same people have the same stories in both; the large day has more of those to whom nothing happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field

INES, TOM, ZOE = "Benali", "Nguyen", "Zidane"
"""In Chromium: the extension goes off, a question is replaced, the machine is changed."""
WITH_EXTRA, LATE, AWAY, GIVEN_UP, DISMISSED = "Costa", "Huet", "Imbert", "Fabre", "Dubois"
"""Simulated: a third more time, comes late, turned away at the door, gives up, an alert dismissed."""
ALL_WRONG = "Joly"
SWIFT = ("Albert", "Etienne", "Garnier", ALL_WRONG)
"""They answer everything while the server is killed."""


@dataclass(frozen=True)
class Size:
    """How large a day is; `extensions` of those in Chromium sit at a machine with the extension, the first ones."""

    in_chromium: tuple[str, ...]
    simulated: tuple[str, ...]
    extensions: int
    outage_s: int
    """The least the switch is out; it is out until everyone in charge has seen it, in any case."""
    wrong: dict[str, int] = field(default_factory=dict)
    """Every how manieth answer of a simulated candidate is wrong."""

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody on the list."""
        return (*self.in_chromium, *self.simulated)

    @property
    def plain(self) -> tuple[str, ...]:
        """Those in Chromium whose machine has no extension."""
        return self.in_chromium[self.extensions :]

    @property
    def spare_extended(self) -> bool:
        """Whether the spare machine has the extension: it does when every machine has."""
        return self.extensions == len(self.in_chromium)

    @property
    def others(self) -> tuple[str, ...]:
        """Those in Chromium to whom nothing happens but what happens to all."""
        return self.in_chromium[3:]

    @property
    def quiet(self) -> tuple[str, ...]:
        """Simulated ones to whom nothing happens but what happens to all."""
        known = {WITH_EXTRA, LATE, AWAY, GIVEN_UP, DISMISSED, *SWIFT}
        return tuple(name for name in self.simulated if name not in known)


_CAST = ("Albert", WITH_EXTRA, DISMISSED, "Etienne", GIVEN_UP, "Garnier", LATE, AWAY, ALL_WRONG)
_MORE = (
    "de La Tour du Pin Chambly de La Charce",
    "D’Hérouville-Saint-Clair",
    "Ñandú",
    "Øster-Sørensen",
    "Łukaszewicz",
    "Élie",
    "O’Connor",
    "Yılmaz",
    "Roux",
    "Simon",
    "Thomas",
    "Urbain",
    "Vidal",
    "Weber",
    "Xavier",
    "Ybarra",
    "Zola",
    "Morel",
    "Petit-Dufour",
)
SHORT = Size((INES, TOM, ZOE), _CAST, extensions=1, outage_s=0, wrong={ALL_WRONG: 1})
LONG = Size(
    (
        INES,
        TOM,
        ZOE,
        "Aubry",
        "Blanc",
        "Chevalier",
        "Delmas",
        "Ferrand",
        "Girard",
        "Hamel",
        "Ibáñez",
        "Jacquet",
    ),
    (*_CAST, *_MORE),
    extensions=12,
    outage_s=120,
    wrong={ALL_WRONG: 1, **{name: 2 + place % 5 for place, name in enumerate(_MORE)}},
)
