"""The public list of cases and the page of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.ids import read_number
from portal.domain.categories.queries import top_of
from portal.domain.publication.merged import MergedCase, merged_case
from portal.domain.publication.models import PublicCase
from portal.domain.publication.neighbours import neighbours
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
from portal.web.transparency.standing_words import allowed_words, standing_now, verdict_words
from portal.web.transparency.structured import structured

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
        is_more = count == MOST_COUNTED + 1
        return render_template(
            "open/reports.html",
            asked=asked,
            rows=[_in_list(one, asked) for one in rows(page.cases, at)],
            behind=told,
            count=f"{written(MOST_COUNTED)}+" if is_more and not told else written(count),
            next=_address(asked, page.after) if page.after else "",
            first=_address(asked, "") if asked.wanted.after else "",
        )

    return cached_page(render, page_version(at))


@bp.get("/open/reports/<number>")
@public
def report(number: str) -> ResponseReturnValue:
    """One case: the released copy, or the listed facts, or to which case it was merged.

    404 when nothing of it was ever public.
    """
    normal = read_number(number)
    if normal is None:
        abort(404)
    if number != normal:
        return redirect(url_for("transparency.report", number=normal), code=303)
    at, (version, supporters) = now(), case_version(normal)

    def render() -> str:
        case = public_case(normal)
        if case is None:
            return _merged(merged_case(normal) or abort(404))
        asked = filtering(request.args)
        shown = _published(case) if is_published(case) else {}
        summary = shown.get("summary", "")
        settings = current_app.extensions["portal.settings"]
        return render_template(
            "open/report.html",
            case=row(case, at),
            facts=_facts(case, at),
            span=span(case, at),
            late=lateness(case, at),
            is_published=is_published(case),
            is_withheld=is_withheld(case),
            again=_again(case),
            related=rows(related_cases(case, _RELATED), at),
            supporters=supporters,
            list=_address(asked, asked.wanted.after),
            beside=_beside(case, asked, at),
            is_hidden=case.is_hidden,
            corrected=day(case.corrected_on) if case.corrected_on else "",
            now_words=standing_now(case),
            found_words=verdict_words(case),
            structured=structured(case, summary, settings),
            **shown,
        )

    return cached_page(render, hourly(version, at), str(supporters))


def _merged(case: MergedCase) -> str:
    """A number that was listed, and the one it goes on under."""
    facts = [
        (_("编号"), case.number),
        (_("类型"), named(case.category)),
        (_("地点"), named(case.town)),
        (_("收到"), day(case.received_on)),
        (_("并案"), day(local(case.merged_at).date())),
    ]
    shown = [(name, words) for name, words in facts if words]
    return render_template("open/merged.html", case=case, facts=shown)


def _address(asked: Filtering, after: str) -> str:
    query = asked.query(after=after)
    return url_for("transparency.reports") + (f"?{query}" if query else "")


def _in_list(shown: dict[str, Any], asked: Filtering) -> dict[str, Any]:
    """A row whose link carries the list along, so that its page knows what stands beside it."""
    query = asked.query(after=asked.wanted.after)
    return {**shown, "href": f"{shown['href']}?{query}"} if query else shown


def _beside(case: PublicCase, asked: Filtering, at: datetime) -> dict[str, str]:
    found = neighbours(case, asked.wanted, at)
    query = asked.query(after=asked.wanted.after)

    def address(number: str) -> str:
        path = url_for("transparency.report", number=number) if number else ""
        return f"{path}?{query}" if path and query else path

    return {"before": address(found.before), "after": address(found.after)}


def _facts(case: PublicCase, at: datetime) -> list[tuple[str, str]]:
    """What even a listed case says."""
    found = [
        (_("类型"), _category(case)),
        (_("地点"), _place(case)),
        (_("主办"), named(case.department) or _("还没有交办")),
        (_("收到"), day(case.received_on)),
    ]
    if case.closed_on is not None:
        found.append((_("办结"), day(case.closed_on)))
    found.append((_("用时"), span(case, at)))
    found.append((_("期限"), allowed_words(case, local(at).date())))
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
