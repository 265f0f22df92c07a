"""Filing a planned report: the form a resident, or a member of staff for them, would have sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from portal.cli.demo.plans import Plan
from portal.cli.demo.shots import Shot, file_shot, seal_shots
from portal.cli.demo.staff import actor
from portal.core.geo import Crs, Point, from_wgs84
from portal.domain.accounts.actor import REPORTER, Actor
from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_by_code
from portal.domain.grids.queries import grid_by_code
from portal.domain.reports.filing import Filed, NewReport, Occurrence, Place, file_report
from portal.domain.reports.models import Channel, Photo, PhotoKind
from portal.domain.reports.vault import Contact

_CONSENT = "1"
_BY_TRIAGE = frozenset({Channel.PHONE, Channel.LETTER, Channel.HOTLINE})
_SHIFTED_SHARE = 0.3
"""Of pins come from a Chinese map, shifted."""
_NAMED_SHARE = 0.35
"""Of reports name the polluter in the field for it."""


def file_planned(plan: Plan, shots: Sequence[Shot]) -> Filed:
    """File the report with its photographs; inside the caller's transaction."""
    at, by = plan.times.received_at, _filer(plan)
    photos = [file_shot(shot, PhotoKind.EVIDENCE, by=by, at=at) for shot in shots]
    filed = file_report(_new_report(plan, photos), by=by, at=at)
    seal_shots(filed.report, list(zip(photos, shots, strict=True)))
    return filed


def _filer(plan: Plan) -> Actor:
    if plan.channel in _BY_TRIAGE:
        return actor("triage")
    if plan.channel is Channel.PATROL:
        return actor(f"grid-{plan.village.department}")
    return REPORTER


def _new_report(plan: Plan, photos: Sequence[Photo]) -> NewReport:
    rng = Random(f"form:{plan.seed}")
    person = plan.person
    code = plan.category.partition(".")[0] if plan.is_unsure else plan.category
    category = _category(code)
    return NewReport(
        categories=[category],
        description=plan.complaint.text,
        place=_place(plan, rng),
        occurrence=_occurrence(plan, rng),
        accused_name=plan.complaint.firm if rng.random() < _NAMED_SHARE else "",
        contact=Contact(person.name, person.phone, person.email),
        wants_reply=bool(person.phone or person.email),
        wants_reward=plan.wants_reward,
        consent_version=_CONSENT,
        answers=_answers(category, rng),
        photos=photos,
        channel=plan.channel,
    )


def _category(code: str) -> Category:
    found = category_by_code(code)
    if found is None:
        raise LookupError(f"no category {code}")
    return found


def _place(plan: Plan, rng: Random) -> Place:
    grid = grid_by_code(plan.village.code)
    address = f"{plan.village.zh}{plan.complaint.landmark}"
    if plan.source == "grid":
        return Place(source="grid", grid=grid)
    if plan.source == "address":
        return Place(source="address", address=address)
    lat, lng = plan.at
    crs = Crs.GCJ02 if plan.source == "pin" and rng.random() < _SHIFTED_SHARE else Crs.WGS84
    raw = from_wgs84(Point(lat, lng), crs)
    return Place(
        lat=lat,
        lng=lng,
        raw_lat=round(raw.lat, 6),
        raw_lng=round(raw.lng, 6),
        crs=crs,
        source=plan.source,
        accuracy_m=float(rng.choice((5, 8, 12, 20, 35, 65))) if plan.source == "gps" else None,
        address=address if rng.random() < 0.5 else "",
        grid=grid,
    )


def _occurrence(plan: Plan, rng: Random) -> Occurrence:
    if plan.complaint.occurred == "recurring":
        return Occurrence("recurring", note=plan.complaint.occurred_note)
    if rng.random() < 0.3:
        earlier = timedelta(hours=rng.uniform(1, 20))
        return Occurrence("at", plan.times.received_at - earlier)
    return Occurrence("now")


def _answers(category: Category, rng: Random) -> dict[str, Any]:
    """Answer the questions that offer choices, as most residents do."""
    return {
        question["code"]: rng.choice(question["options"])["code"]
        for question in category.questions
        if question.get("options") and (question.get("required") or rng.random() < 0.6)
    }
