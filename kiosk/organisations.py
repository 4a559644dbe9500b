"""Organisations: the school of this server and those that share it, and what each has chosen.

A *school* and a *higher* establishment manage their learners: only a learner whose account is linked may take part.
An *open* organisation takes whoever has its code. The server's own school has the id `SCHOOL`.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

SCHOOL = "school"
"""The id of the organisation whose identity is the server's."""

OrganisationKind = Literal["school", "higher", "open"]
KINDS: tuple[OrganisationKind, ...] = get_args(OrganisationKind)
ImportFormat = Literal["siecle", "fregata", "sup", "custom", "none"]
IMPORT_FORMATS: tuple[ImportFormat, ...] = get_args(ImportFormat)


class Settings(msgspec.Struct, frozen=True):
    """What an organisation allows itself; fields are only ever added, with a default."""

    multiple_assessment: bool = True
    show_skills: bool = False
    external_ids: bool = True
    certifiability: bool = True


class Organisation(msgspec.Struct, frozen=True):
    """One organisation, without its logo."""

    id: str
    kind: OrganisationKind
    uai: str | None
    name: str
    import_format: ImportFormat
    settings: Settings
    created_ms: int
    has_logo: bool = False

    @property
    def manages_learners(self) -> bool:
        """Whether only linked learners take part in its campaigns."""
        return self.kind != "open"
