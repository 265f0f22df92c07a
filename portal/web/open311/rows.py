"""A public case as a service request: from the public row alone.

A listed case says what kind (level 1), in which town, since which day, how far; only a published
one has words, a point and pictures. Nobody's name, phone or mail, in no case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from portal.config import Settings
from portal.core.clock import local, zone
from portal.core.images import SIZES
from portal.domain.casework.models import MeasureKind, Verdict
from portal.domain.lookback.models import Outcome
from portal.domain.publication.harvest import received_at
from portal.domain.publication.merged import MergedCase
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.states import Action, State
from portal.web.filters import named

_LARGE = SIZES[0]
_FIELDS = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long"),
    "media_url",
)
_DETAILED = {
    State.NEED_INFO: "RECEIVED",
    State.ACCEPTED: "RECEIVED",
    State.DISPATCHED: "RECEIVED",
    State.RETURNED: "RECEIVED",
    State.RESOLVED: "PROCESSED",
    State.PUBLISHED: "PROCESSED",
    State.WITHHELD: "PROCESSED",
    State.DEREGISTERED: "ARCHIVED",
}
"""CitySDK's words; whatever is not named here is IN_PROCESS."""


def service_request(case: PublicCase, *, extended: bool) -> dict[str, Any]:
    """The fields of GET requests; `extended` adds photos, public history and detailed status."""
    plain = {
        "service_request_id": case.number,
        "status": status_of(case),
        "status_notes": _notes(case) or None,
        "service_name": named(case.category),
        "service_code": case.category.code,
        "description": case.text,
        "agency_responsible": named(case.department) or None,
        "service_notice": None,
        "requested_datetime": written(received_at(case.received_on)),
        "updated_datetime": written(case.modified_at),
        "expected_datetime": written(case.due_at) if case.due_at else None,
        "address": _address(case) or None,
        "address_id": _address_id(case),
        "zipcode": None,
        "lat": case.lat,
        "long": case.lng,
        "media_url": first_picture(case),
    }
    return {**plain, **_extensions(case)} if extended else plain


def merged_request(case: MergedCase, *, extended: bool) -> dict[str, Any]:
    """A case that was listed and then merged: closed, with what was listed and where it went."""
    plain: dict[str, Any] = dict.fromkeys(_FIELDS)
    plain |= {
        "service_request_id": case.number,
        "status": "closed",
        "status_notes": merged_words(case),
        "service_name": named(case.category),
        "service_code": case.category.code,
        "requested_datetime": written(received_at(case.received_on)),
        "updated_datetime": written(case.merged_at),
        "address": named(case.town) or None,
        "address_id": case.town.code if case.town else None,
    }
    more = {
        "extended_attributes": {
            "detailed_status": "ARCHIVED",
            "state": State.MERGED,
            "level": PublicLevel.LISTED,
            "published": False,
            "reopened": False,
            "duplicate": True,
            "parent_service_request_id": case.main_number,
            "media_urls": [],
            "photos": [],
        },
        "attributes": [],
        "notes": [],
    }
    return {**plain, **more} if extended else plain


def merged_words(case: MergedCase) -> str:
    """Where a merged case went, as far as that one is public."""
    if case.main_number is None:
        return _("和另一件是同一件事，并到那一件里办了；那一件还没有公开。")
    return _("和%(main)s是同一件事，并到那一件里办了。", main=case.main_number)


def status_of(case: PublicCase) -> str:
    """Open or closed: all that the specification knows."""
    return "open" if case.closed_on is None else "closed"


def written(moment: datetime) -> str:
    """ISO 8601 with zone and seconds, no fraction."""
    return local(moment).isoformat("T", "seconds")


def first_picture(case: PublicCase) -> str | None:
    """The released photo of the trouble, else the first that was released."""
    shown = case.before or next(iter(case.photos), None)
    return picture_url(shown["key"]) if shown else None


def picture_url(key: str) -> str:
    """The absolute address of a released photo."""
    settings: Settings = current_app.extensions["portal.settings"]
    return settings.base_url + url_for("media.photo", key=key, size=_LARGE)


def _notes(case: PublicCase) -> str:
    """What came of it: the finding, the measures, the look-back."""
    found = [_(Verdict(case.verdict).label)] if case.verdict else []
    found += [_(MeasureKind(measure["kind"]).label) for measure in case.measures]
    if case.look_back is not None:
        passed = case.look_back == Outcome.PASSED
        found.append(_("回头看没有反弹") if passed else _("回头看又反弹了"))
    return _("；").join(found)


def _address(case: PublicCase) -> str:
    """Town, and the village where the release lets it be seen."""
    if case.village is None or case.village_id == case.town_id:
        return named(case.town)
    return _("%(town)s%(village)s", town=named(case.town), village=named(case.village))


def _address_id(case: PublicCase) -> str | None:
    place = case.village or case.town
    return place.code if place else None


def _extensions(case: PublicCase) -> dict[str, Any]:
    pictures = [_photo(photo) for photo in case.photos]
    return {
        "extended_attributes": {
            "detailed_status": _DETAILED.get(State(case.state), "IN_PROCESS"),
            "state": case.state,
            "level": case.level,
            "published": case.level == PublicLevel.PUBLISHED,
            "reopened": case.is_reopened,
            "duplicate": False,
            "parent_service_request_id": None,
            "media_urls": [picture["media_url"] for picture in pictures],
            "photos": pictures,
        },
        "attributes": [],
        "notes": [_note(line) for line in case.timeline if line["kind"] in _TOLD],
    }


def _photo(photo: dict[str, Any]) -> dict[str, Any]:
    return {
        "media_url": picture_url(photo["key"]),
        "title": _(PhotoKind(photo["kind"]).label),
        "width": photo.get("width"),
        "height": photo.get("height"),
        "created_at": _morning(photo["on"]),
    }


def _note(line: dict[str, Any]) -> dict[str, Any]:
    kind = line["kind"]
    words = _(Action(kind).label) if kind in set(Action) else _("回头看")
    return {"datetime": _morning(line["on"]), "type": kind, "summary": words, "description": words}


def _morning(day: str) -> str:
    """The public keeps days, not hours: the beginning of the day, in the city's time."""
    return written(datetime.fromisoformat(day).replace(tzinfo=zone()))


_TOLD = frozenset(
    {
        Action.ACCEPT,
        Action.DISPATCH,
        Action.SIGN,
        Action.STAGE_CLOSE,
        Action.RESUME,
        Action.RESOLVE,
        Action.PUBLISH,
        Action.DEREGISTER,
        Action.REOPEN,
        "looked_back",
    }
)
