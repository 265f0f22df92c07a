"""Arguments of a query: an empty one equals an absent one, an unknown one is let be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext as _

from portal.config import Settings
from portal.core.clock import zone
from portal.core.geo import Box, Point, is_position
from portal.core.ids import read_number
from portal.domain.publication.harvest import MOST_ROWS, Circle, Harvest, Steps
from portal.web.open311.faults import AbsentError, BadArgumentError

SPAN = timedelta(days=90)
STATUSES = ("open", "closed")
DEFAULT_RADIUS_M, MOST_RADIUS_M = 1_000.0, 100_000.0
_MOST_LETTERS = 60
_MOST_PAGE = 1_000_000
_OFFSET_AS_SPACE = re.compile(r" (?=\d\d:?\d\d$)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True)
class Arguments:
    """What was sent, by name."""

    sent: Mapping[str, str]

    def text(self, name: str) -> str:
        """Without control characters, which no database of ours takes."""
        return "".join(c for c in self.sent.get(name, "") if c.isprintable()).strip()

    def several(self, name: str) -> list[str]:
        """The parts of a comma list."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def moment(self, name: str) -> datetime | None:
        """A W3C moment; without a zone it is the city's. Raises BadArgumentError."""
        typed = self.text(name)
        return read_moment(name, typed) if typed else None

    def number(self, name: str) -> float | None:
        """A finite number. Raises BadArgumentError."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            value = float(typed)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            raise bad(name, _("应是一个数"))
        return value

    def counting(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`; more counts as `most`. Raises BadArgumentError."""
        typed = self.text(name)
        if not typed:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", typed) or int(typed) < 1:
            raise bad(name, _("应是从1起的整数"))
        return min(int(typed), most)

    def point(self) -> Point | None:
        """`lat` with `long`, WGS-84. Raises BadArgumentError."""
        lat, lng = self.number("lat"), self.number("long")
        if lat is None and lng is None:
            return None
        if lat is None or lng is None:
            raise bad("lat, long", _("纬度和经度要一起给。"))
        if not is_position(lat, lng):
            raise bad("lat, long", _("纬度在-90到90之间，经度在-180到180之间。"))
        return Point(lat, lng)


def bad(name: str, words: str) -> BadArgumentError:
    """The refusal of one argument."""
    return BadArgumentError(f"{name}: {words}")


def read_moment(name: str, typed: str) -> datetime:
    """ISO 8601; a `+` that became a space in the address is meant. Raises BadArgumentError."""
    typed = _OFFSET_AS_SPACE.sub("+", typed) if "T" in typed else typed
    moment = _moment(typed.upper()) if _MOMENT.fullmatch(typed) else None
    if moment is None:
        raise bad(name, _("时间没看懂，请写成 2026-11-22T14:05:00+08:00 这样"))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone())


def _moment(typed: str) -> datetime | None:
    """None for a day that does not exist, and for years that no calendar of ours has in UTC."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def refuse_foreign_jurisdiction(given: str) -> None:
    """There is one jurisdiction, so naming it is optional; another one does not exist here."""
    settings: Settings = current_app.extensions["portal.settings"]
    own = {urlsplit(settings.base_url).hostname, request.host.partition(":")[0].lower()}
    if given and given.lower() not in own:
        raise AbsentError(_("jurisdiction_id：没有这个辖区"))


def read_harvest(sent: Arguments, at: datetime) -> Harvest:
    """What GET requests asks for. Raises BadArgumentError."""
    page = sent.counting("page", 1, _MOST_PAGE)
    size = sent.counting("page_size", MOST_ROWS, MOST_ROWS)
    if ids := sent.several("service_request_id"):
        numbers = [number for number in map(read_number, ids[:MOST_ROWS]) if number]
        return Harvest(numbers=numbers, page=page, size=size)
    changed = sent.moment("updated_after"), sent.moment("updated_before")
    from_at, to_at = _received(sent, at, is_free=any(changed))
    return Harvest(
        categories=sent.several("service_code")[:MOST_ROWS],
        statuses=_statuses(sent),
        from_at=from_at,
        to_at=to_at,
        changed_from=changed[0],
        changed_to=changed[1],
        box=_box(sent),
        circle=_circle(sent),
        words=sent.text("q")[:_MOST_LETTERS],
        page=page,
        size=size,
    )


def read_steps(sent: Arguments, at: datetime) -> Steps:
    """What GET servicerequestupdates asks for. Raises BadArgumentError."""
    start, end = sent.moment("start_date"), sent.moment("end_date")
    _refuse_long(start, end)
    end = end or (start + SPAN if start else at)
    ids = sent.several("service_request_id")[:MOST_ROWS]
    return Steps(
        from_at=start or end - SPAN,
        to_at=end,
        numbers=[number for number in map(read_number, ids) if number] if ids else None,
        page=sent.counting("page", 1, _MOST_PAGE),
        size=sent.counting("page_size", MOST_ROWS, MOST_ROWS),
    )


def _received(
    sent: Arguments, at: datetime, *, is_free: bool
) -> tuple[datetime | None, datetime | None]:
    """Without dates the last 90 days; who asks for changes asks for those of all times."""
    start, end = sent.moment("start_date"), sent.moment("end_date")
    _refuse_long(start, end)
    if start is None and not (is_free and end is None):
        start = (end or at) - SPAN
    return start, end


def _refuse_long(start: datetime | None, end: datetime | None) -> None:
    if start and end and start > end:
        raise bad("end_date", _("早于 start_date"))
    if start and end and end - start > SPAN:
        raise bad("end_date", _("start_date 到 end_date 最多90天"))


def _statuses(sent: Arguments) -> frozenset[str]:
    wanted = {status.lower() for status in sent.several("status")}
    if not wanted <= set(STATUSES):
        raise bad("status", _("只能是：%(known)s", known=", ".join(STATUSES)))
    return frozenset(wanted)


def _box(sent: Arguments) -> Box | None:
    """`bbox=west,south,east,north` in degrees."""
    if not sent.text("bbox"):
        return None
    try:
        west, south, east, north = (float(part) for part in sent.several("bbox"))
    except ValueError:
        raise bad("bbox", _("应是四个数：西,南,东,北")) from None
    if not (is_position(south, west) and is_position(north, east)) or south > north or west > east:
        raise bad("bbox", _("应是四个数：西,南,东,北"))
    return Box(south, west, north, east)


def _circle(sent: Arguments) -> Circle | None:
    centre, radius = sent.point(), sent.number("radius")
    if centre is None:
        return None
    if radius is not None and not 0 < radius <= MOST_RADIUS_M:
        raise bad("radius", _("应在0到%(most)s米之间", most=int(MOST_RADIUS_M)))
    return Circle(centre, radius or DEFAULT_RADIUS_M)
