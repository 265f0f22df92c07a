"""Being at the place of a case: where the phone stood, and that nobody checks their own work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.domain.accounts.actor import Actor
from portal.domain.casework.models import Assignment
from portal.domain.reports.models import Report


@dataclass(frozen=True)
class Spot:
    """Where the phone said it was: WGS-84 degrees, accuracy in metres when known."""

    point: Point
    accuracy_m: float | None = None


class OnSite:
    """Columns of a look at a place: who, when, words, and the position (WGS-84, rest in metres).

    `distance_m` is between the position and the place the report names.
    """

    at: Mapped[datetime]
    by_user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    note: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]


def on_site(
    report: Report, note: str, spot: Spot | None, *, by: Actor, at: datetime
) -> dict[str, Any]:
    """The values of those columns for a look at the place of `report`."""
    return {
        "at": at,
        "by_user_id": by.staff_id,
        "department_id": by.department_id,
        "note": note,
        "lat": spot.point.lat if spot else None,
        "lng": spot.point.lng if spot else None,
        "accuracy_m": spot.accuracy_m if spot else None,
        "distance_m": _metres_off(report, spot),
    }


def has_handled(report: Report, department_id: int | None) -> bool:
    """Whether a department leads or assists this case, or ever did."""
    if department_id is None:
        return False
    part = exists().where(
        Assignment.report_id == report.id, Assignment.department_id == department_id
    )
    return bool(db.session.scalar(select(part)))


def _metres_off(report: Report, spot: Spot | None) -> float | None:
    if spot is None or report.lat is None or report.lng is None:
        return None
    return round(haversine_m(Point(report.lat, report.lng), spot.point), 1)
