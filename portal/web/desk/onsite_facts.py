"""The place of a case, and what was seen there, for templates/desk/_onsite.html."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.domain.accounts.queries import names_of
from portal.domain.casework.onsite import OnSite
from portal.domain.departments.queries import departments
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.photos import photos_of
from portal.web.desk.facts import photo_view
from portal.web.desk.frame import name_of
from portal.web.desk.pages import pair_of


@dataclass(frozen=True)
class Seen:
    """A look on record with the pictures taken."""

    row: OnSite
    photos: Sequence[Photo]


def place_words(report: Report) -> str:
    """Town and village, once when they are the same."""
    places = [report.town] if report.town == report.grid else [report.town, report.grid]
    return _("，").join(name_of(place) for place in places)


def site_view(report: Report, looks: Sequence[Seen]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The place, and every look on record at it."""
    names = names_of({look.row.by_user_id for look in looks})
    units = {unit.id: unit for unit in departments()}
    photos = {photo.id: photo_view(photo, names, units) for photo in photos_of(report)}
    before, after = pair_of(list(photos.values()))
    site = {
        "before": before,
        "after": after,
        "place": place_words(report),
        "address": report.address or "",
        "description": report.description,
    }
    return site, [_seen(look, names, photos) for look in looks]


def _seen(look: Seen, names: dict[int, str], photos: dict[int, Any]) -> dict[str, Any]:
    row = look.row
    return {
        "at": row.at,
        "who": names.get(row.by_user_id, ""),
        "note": row.note,
        "distance_m": round(row.distance_m) if row.distance_m is not None else None,
        "accuracy_m": round(row.accuracy_m) if row.accuracy_m is not None else None,
        "has_spot": row.lat is not None,
        "photos": [photos[photo.id] for photo in look.photos if photo.id in photos],
    }
