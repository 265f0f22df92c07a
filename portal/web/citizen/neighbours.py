"""What is known near a place that is being told: published cases, and how many are under way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.geo import Point
from portal.core.text import clean
from portal.domain.categories.queries import categories_by_codes
from portal.domain.publication.models import PublicCase
from portal.domain.publication.nearby import NearbyCase, published_near
from portal.domain.reports.states import State
from portal.domain.reports.support import support_counts
from portal.domain.triage.nearby import Told
from portal.domain.triage.queries import under_way_near
from portal.web.citizen.fields import Fields
from portal.web.citizen.places import read_place
from portal.web.citizen.signed_tokens import new_form_token
from portal.web.filters import day, named

_MOST_WORDS = 500
_SMALL = 400
_NEAREST_TOLD_M = 50


def known_near(given: MultiDict[str, str], at: datetime) -> dict[str, Any]:
    """What citizen/_nearby.html shows for a half-filled form: cases, under_way, form_token."""
    told = _told(given)
    cases = _shown(published_near(told, at)) if told else []
    under_way = under_way_near(told.point, _level_1(told), at) if told and told.point else 0
    token = new_form_token().text if cases else ""
    return {"cases": cases, "under_way": under_way, "form_token": token}


def _told(given: MultiDict[str, str]) -> Told | None:
    """What the half-filled form tells so far; None while category or place are open."""
    fields = Fields(given)
    categories = categories_by_codes([clean(c) for c in given.getlist("category")][-1:])
    place = read_place(fields)
    point = Point(place.lat, place.lng) if place.lat is not None and place.lng is not None else None
    if not categories or (point is None and place.grid is None):
        return None
    words = given.get("description", "")[:_MOST_WORDS]
    return Told(categories[0].code, words, point, place.grid.id if place.grid else None)


def _level_1(told: Told) -> str:
    return told.category.partition(".")[0]


def _shown(found: list[NearbyCase]) -> list[dict[str, Any]]:
    supports = support_counts([one.case.report_id for one in found])
    return [_card(one, supports.get(one.case.report_id, 0)) for one in found]


def _card(one: NearbyCase, supports: int) -> dict[str, Any]:
    case = one.case
    photo = case.before or case.after
    return {
        "number": case.number,
        "href": f"/open/reports/{case.number}",
        "title": _title(case),
        "category": case.category.code,
        "state": State(case.state),
        "state_label": _(State(case.state).label),
        "distance_m": _distance(one.distance_m),
        "received_on": case.received_on.isoformat(),
        "age": _age(case),
        "supports": supports,
        "photo": _photo(case, photo) if photo else None,
    }


def _distance(metres: float | None) -> int | None:
    """Rounded as public places are: nobody learns more than about where."""
    if metres is None:
        return None
    return max(_NEAREST_TOLD_M, round(metres / _NEAREST_TOLD_M) * _NEAREST_TOLD_M)


def _age(case: PublicCase) -> str:
    if case.closed_on is not None:
        return _("%(day)s办结", day=day(case.closed_on))
    return _("%(day)s收到", day=day(case.received_on))


def _title(case: PublicCase) -> str:
    place = case.village or case.town
    kind = named(case.category)
    if place is None:
        return kind
    return _("%(town)s·%(category)s", town=named(place), category=kind)


def _photo(case: PublicCase, photo: dict[str, Any]) -> dict[str, Any]:
    when = day(date.fromisoformat(photo["on"]))
    return {
        "src": url_for("media.photo", key=photo["key"], size=_SMALL),
        "alt": _("%(title)s，%(day)s拍", title=_title(case), day=when),
        "width": photo.get("width") or 800,
        "height": photo.get("height") or 600,
    }
