"""What a campaign may be: its fields, their limits, and the refusal that names each field that breaks a rule. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from kiosk.errors import Refused
from kiosk.store.campaigns import Words

if TYPE_CHECKING:
    from kiosk.organisations import Settings
    from kiosk.store.campaigns import Campaign

NAME_LIMIT = 255
TITLE_LIMIT = 50
TEXT_LIMIT = 5000
LABEL_LIMIT = 255
EXTERNAL_LIMIT = 255
KINDS = ("assessment", "collection")
EXTERNAL_TYPES = ("text", "email")

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"[^\s@,;<>()\"]{1,64}@[^\s@,;<>()\"]+\.[^\s@,;<>()\".]{2,}")


class NewCampaign(msgspec.Struct, frozen=True):
    """What making a campaign asks for; `text` is Markdown for its first page, `owner` is oneself when empty."""

    name: str
    course: str = ""
    title: str = ""
    text: str = ""
    kind: str = "assessment"
    owner: str = ""
    multiple: bool = False
    external_label: str = ""
    external_type: str = ""
    reset_allowed: bool = False


def visible(text: str) -> str:
    """Return `text` without what nobody sees: controls, signs that turn the reading direction; "" when nothing is left."""
    kept = _UNSEEN.sub("", text).strip()
    return kept if any(unicodedata.category(sign)[0] not in "CZ" for sign in kept) else ""


def checked(new: NewCampaign, allowed: Settings) -> NewCampaign:
    """Return the campaign with its texts made visible; raises Refused naming the field that breaks a rule."""
    if new.kind not in KINDS:
        raise Refused("campaign.kind_required", field="kind")
    clean = msgspec.structs.replace(
        new,
        name=visible(new.name),
        title=visible(new.title),
        text=visible(new.text),
        external_label=visible(new.external_label),
    )
    check_words(Words(clean.name, clean.title, clean.text), collection=clean.kind == "collection")
    _check_course(clean)
    _check_external(clean, allowed)
    if clean.kind == "assessment" and clean.multiple and not allowed.multiple_assessment:
        raise Refused("campaign.multiple_not_allowed", field="multiple")
    if clean.reset_allowed and not (clean.kind == "assessment" and clean.multiple):
        raise Refused("campaign.reset_needs_multiple", field="reset_allowed")
    return clean


def check_words(words: Words, *, collection: bool) -> None:
    """Raise Refused when the name is missing, a text is too long, or a collection is given a title."""
    if not words.name:
        raise Refused("campaign.name_required", field="name")
    if collection and words.title:
        raise Refused("campaign.title_not_allowed", field="title")
    for field, value, limit in (
        ("name", words.name, NAME_LIMIT),
        ("title", words.title, TITLE_LIMIT),
        ("text", words.text, TEXT_LIMIT),
    ):
        if len(value) > limit:
            raise Refused("campaign.too_long", field=field, params={"limit": limit})


def _check_course(new: NewCampaign) -> None:
    if new.kind == "assessment" and not new.course:
        raise Refused("campaign.course_required", field="course")
    if new.kind == "collection" and new.course:
        raise Refused("campaign.course_not_allowed", field="course")


def _check_external(new: NewCampaign, allowed: Settings) -> None:
    if not new.external_label:
        if new.external_type:
            raise Refused("campaign.external_label_required", field="external_label")
        return
    if not allowed.external_ids:
        raise Refused("campaign.external_not_allowed", field="external_label")
    if len(new.external_label) > LABEL_LIMIT:
        raise Refused("campaign.too_long", field="external_label", params={"limit": LABEL_LIMIT})
    if new.external_type not in EXTERNAL_TYPES:
        raise Refused("campaign.external_type_required", field="external_type")


def external_id_of(campaign: Campaign, given: str | None) -> str | None:
    """Return the identifier a participant gives, None where none is asked; raises Refused when missing or malformed."""
    if campaign.external_label is None:
        return None
    value = visible(given or "")
    if not value:
        raise Refused("external.required", field="external_id", params={"label": campaign.external_label})
    if len(value) > EXTERNAL_LIMIT:
        raise Refused("external.too_long", field="external_id", params={"limit": EXTERNAL_LIMIT})
    if campaign.external_type == "email" and not _EMAIL.fullmatch(value):
        raise Refused("external.bad_email", field="external_id")
    return value
