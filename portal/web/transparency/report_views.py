"""The public list of cases and the page of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.ids import read_number
from portal.domain.categories.queries import top_of
from portal.domain.publication.models import PublicCase
from portal.domain.publication.queries import (
    MOST_COUNTED,
    case_version,
    public_case,
    public_case_count,
    public_cases,
    related_cases,
)
from portal.web.access import public
from portal.web.filters import day, named
from portal.web.filters import number as written
from portal.web.transparency.behind import behind
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.filtering import Filtering, filtering
from portal.web.transparency.history import public_history
from portal.web.transparency.pages import (
    is_published,
    is_withheld,
    lateness,
    measures,
    other_pictures,
    pair,
    row,
    rows,
    span,
)
from portal.web.transparency.sketch import place_sketch, precision_m
from portal.web.transparency.standing import hourly, page_version

_RELATED = 3


@bp.get("/open/reports")
@public
def reports() -> Response:
    """Every case that was taken on, by the public filters."""
    at = now()

    def render() -> str:
        asked = filtering(request.args)
        told = behind(asked, at)
        page = public_cases(asked.wanted, at)
        count = told.listed if told else public_case_count(asked.wanted, at)
        return render_template(
            "open/reports.html",
            asked=asked,
            rows=rows(page.cases, at),
            behind=told,
            count=written(count) if told or count <= MOST_COUNTED else f"{written(MOST_COUNTED)}+",
            next=_address(asked, page.after) if page.after else "",
            first=_address(asked, "") if asked.wanted.after else "",
        )

    return cached_page(render, page_version(at))


@bp.get("/open/reports/<number>")
@public
def report(number: str) -> ResponseReturnValue:
    """One case: the released copy, or the listed facts; 404 when nothing of it is public."""
    normal = read_number(number)
    if normal is None:
        abort(404)
    if number != normal:
        return redirect(url_for("transparency.report", number=normal), code=303)
    at, (version, supporters) = now(), case_version(normal)

    def render() -> str:
        case = public_case(normal) or abort(404)
        shown = _published(case) if is_published(case) else {}
        related = rows(related_cases(case, _RELATED), at)
        return render_template(
            "open/report.html",
            case=row(case, at),
            facts=_facts(case, at),
            span=span(case, at),
            late=lateness(case, at),
            is_published=is_published(case),
            is_withheld=is_withheld(case),
            again=_again(case),
            related=related,
            supporters=supporters,
            **shown,
        )

    return cached_page(render, hourly(version, at), str(supporters))


def _address(asked: Filtering, after: str) -> str:
    query = asked.query(after=after)
    return url_for("transparency.reports") + (f"?{query}" if query else "")


def _facts(case: PublicCase, at: datetime) -> list[tuple[str, str]]:
    """What even a listed case says."""
    found = [
        (_("编号"), case.number),
        (_("类型"), _category(case)),
        (_("地点"), _place(case)),
        (_("主办"), named(case.department) or _("还没有交办")),
        (_("收到"), day(case.received_on)),
    ]
    if case.closed_on is not None:
        found.append((_("办结"), day(case.closed_on)))
    found.append((_("用时"), span(case, at)))
    return [(name, words) for name, words in found if words]


def _category(case: PublicCase) -> str:
    top = top_of(case.category)
    if top is case.category:
        return named(top)
    return _("%(top)s·%(category)s", top=named(top), category=named(case.category))


def _place(case: PublicCase) -> str:
    """Town, and the village only of a published case whose release lets it be seen."""
    if case.village is None or case.village_id == case.town_id:
        return named(case.town)
    return _("%(town)s%(village)s", town=named(case.town), village=named(case.village))


def _published(case: PublicCase) -> dict[str, Any]:
    before, after = pair(case)
    has_point = case.lat is not None and case.lng is not None
    reach = precision_m(case.lat or 0.0, case.lng or 0.0)
    note = _("位置约%(m)s米内", m=reach) if has_point else _("只公开到镇街")
    return {
        "before": before,
        "after": after,
        "others": other_pictures(case),
        "is_masked": any(photo.get("masked") for photo in case.photos),
        "text": case.text,
        "measures": measures(case),
        "history": public_history(case),
        "sketch": place_sketch(case, note),
        "place_note": note,
        "summary": _summary(case),
    }


def _summary(case: PublicCase) -> str:
    """What a shared link says under its title."""
    words = " ".join((case.text or "").split())
    return words if len(words) <= 80 else words[:79] + "…"


def _again(case: PublicCase) -> str:
    """Where to tell that it is back: the filing page, category and place filled in."""
    place = case.village or case.town
    known = {"category": case.category.code, "grid": place.code if place else ""}
    return "/report?" + urlencode({name: value for name, value in known.items() if value})
