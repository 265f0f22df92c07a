"""What a program asks of /open/ogc: read from the address, or refused as the standard says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.clock import local
from portal.core.geo import Box
from portal.domain.publication.conditions import PublicFilter
from portal.web.transparency.filtering import BadParameterError, filtering

FEW, MOST = 20, 1000
_FILTERS = ("q", "category", "town", "department", "state")
_PAGED = ("limit", "after", "bbox", "bbox-crs", "datetime")
ITEMS = frozenset({"f", *_PAGED, *_FILTERS})
PLAIN = frozenset({"f"})
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_WORLD = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Asked:
    """A page of items: the filter with its box and days, and how many at most."""

    wanted: PublicFilter
    limit: int


def refuse_unknown(known: Collection[str]) -> None:
    """Raise BadParameterError for a parameter that is not described."""
    unknown = sorted(set(request.args) - set(known))
    if unknown:
        raise BadParameterError(_("不认识的参数：%(names)s", names="、".join(unknown)))


def items_asked() -> Asked:
    """The items the address asks for. Raises BadParameterError."""
    refuse_unknown(ITEMS)
    from_on, to_on = _days(request.args.get("datetime", ""))
    given = {name: request.args.get(name, "") for name in (*_FILTERS, "after")}
    given |= {
        "from": from_on.isoformat() if from_on else "",
        "to": to_on.isoformat() if to_on else "",
    }
    asked = filtering(MultiDict(given), box=_box(request.args.get("bbox", "")))
    return Asked(asked.wanted, _limit(request.args.get("limit", "")))


def _limit(text: str) -> int:
    """More than MOST is MOST, as the standard has it."""
    if not text:
        return FEW
    if not text.isdecimal() or int(text[:9]) < 1:
        raise BadParameterError(_("limit要是正整数。"))
    return min(MOST, int(text[:9]))


def _box(text: str) -> Box | None:
    """West, south, east, north in degrees; heights are read and mean nothing."""
    if request.args.get("bbox-crs", CRS84) != CRS84:
        raise BadParameterError(_("坐标只有CRS84（WGS-84经纬度）。"))
    if not text:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not _is_on_earth(numbers):
        raise BadParameterError(_("bbox要写成：西,南,东,北，单位是度。"))
    west, south, east, north = numbers
    return Box(south, west, north, east)


def _is_on_earth(box: list[float]) -> bool:
    """A box across the date line is far from any city of ours: it is not taken."""
    west, south, east, north = box
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def _days(text: str) -> tuple[date | None, date | None]:
    """An instant or an interval, open at either end; days of the city's time."""
    if not text:
        return None, None
    start, slash, end = text.partition("/")
    if not slash:
        return _day(text), _day(text)
    return _open_day(start), _open_day(end)


def _open_day(text: str) -> date | None:
    return None if text in {"", ".."} else _day(text)


def _day(text: str) -> date:
    try:
        if len(text) == len("2026-11-22"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return local(moment).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError) as fault:  # the last evening there is has no morning here
        raise BadParameterError(_("datetime没有看懂，请写成2026-11-22或2026-01-01/..。")) from fault
