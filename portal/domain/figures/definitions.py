"""Every figure, defined once: what it divides by what, in words, and which reports it counts.

Source: domain.md section 8. A report belongs to the month in which it was received, to the town it
lies in, to the department that leads it now, and to its primary category.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.core.text import N_
from portal.domain.figures.measures import Measure

M = Measure
SMALL = 10  # below so many cases a rate says nothing, and nobody is ranked by it


class Unit(StrEnum):
    """What a figure is counted in."""

    CASES = "cases"
    PERCENT = "percent"
    DAYS = "days"
    PER_10K = "per_10k"


class Better(StrEnum):
    """Which way is better; NEITHER says nothing about anybody's work."""

    HIGH = "high"
    LOW = "low"
    NEITHER = "neither"


class Group(StrEnum):
    """Figures that are read together."""

    VOLUME = "volume"
    NOW = "now"
    SPEED = "speed"
    QUALITY = "quality"
    SATISFACTION = "satisfaction"

    @property
    def label(self) -> str:
        """The heading on screen."""
        return _GROUP_LABELS[self]


_GROUP_LABELS = {
    Group.VOLUME: N_("收到多少"),
    Group.NOW: N_("手上还有多少"),
    Group.SPEED: N_("办得快不快"),
    Group.QUALITY: N_("办得好不好"),
    Group.SATISFACTION: N_("群众满意不满意"),
}


@dataclass(frozen=True)
class Figure:
    """One figure 指标: `part` of `whole`; without a `whole` the number itself is shown.

    `quantile` takes it from the days of the cases in `part` instead. `part` None: nothing to count,
    because what it stands on is not built yet; shown as 暂无, never as 0.
    """

    code: str
    label: str
    formula: str
    group: Group
    part: Measure | None
    whole: Measure | None = None
    unit: Unit = Unit.CASES
    better: Better = Better.NEITHER
    quantile: float | None = None

    @property
    def is_rankable(self) -> bool:
        """Whether units may be put in order by it: rates and medians, never mere numbers."""
        return self.better is not Better.NEITHER and self.part is not None


def _number(code: str, label: str, formula: str, group: Group, part: Measure) -> Figure:
    return Figure(code, label, formula, group, part)


def _rate(code: str, label: str, formula: str, part: Measure, whole: Measure) -> Figure:
    """A share of cases in which something went wrong: the lower the better."""
    percent = Unit.PERCENT
    return Figure(code, label, formula, Group.QUALITY, part, whole, percent, Better.LOW)


def _on_time(code: str, label: str, formula: str, part: Measure, whole: Measure) -> Figure:
    percent = Unit.PERCENT
    return Figure(code, label, formula, Group.SPEED, part, whole, percent, Better.HIGH)


def _days(code: str, label: str, formula: str, quantile: float) -> Figure:
    days, low = Unit.DAYS, Better.LOW
    return Figure(code, label, formula, Group.SPEED, M.RESOLVED, None, days, low, quantile)


def _unrated(code: str, label: str, formula: str) -> Figure:
    percent, high = Unit.PERCENT, Better.HIGH
    return Figure(code, label, formula, Group.SATISFACTION, None, None, percent, high)


def _neutral(code: str, label: str, formula: str, part: Measure, whole: Measure) -> Figure:
    """A share that describes the filings, not the work."""
    return Figure(code, label, formula, Group.VOLUME, part, whole, Unit.PERCENT)


_ALL = (
    _number(
        "received", N_("件数"),
        N_("收到的举报，一次举报算一件，拆出来的不另算"), Group.VOLUME, M.RECEIVED,
    ),
    _number(
        "problems", N_("实质问题数"),
        N_("已受理、单独办理的问题：并案的只算主件，拆件的每件都算；撤回和不予受理的不算"),
        Group.VOLUME, M.PROBLEM,
    ),
    Figure(
        "per_10k", N_("每万人件数"), N_("件数÷常住人口（万人）"),
        Group.VOLUME, M.RECEIVED, None, Unit.PER_10K,
    ),
    _number(
        "unlisted", N_("未列示"),
        N_("件数中没有公开列示的：待受理、不予受理、已撤回、已并案"), Group.VOLUME, M.UNLISTED,
    ),
    _neutral(
        "accept_rate", N_("受理率"),
        N_("受理的件数÷已决定受理与否的件数"), M.ACCEPTED, M.DECIDED,
    ),
    _neutral("merge_rate", N_("并案率"), N_("并入其他件的件数÷件数"), M.MERGED, M.RECEIVED),
    _neutral(
        "verified_rate", N_("属实率"),
        N_("首次办结时属实和部分属实的÷办结过的"), M.FOUND, M.RESOLVED,
    ),
    _number("waiting", N_("待受理"), N_("还没有决定受理与否的件数"), Group.NOW, M.WAITING),
    _number("open", N_("在办"), N_("已受理、还没有办结的实质问题"), Group.NOW, M.OPEN),
    _number(
        "overdue", N_("正在逾期"),
        N_("在办的实质问题中，眼下的时限已过的"), Group.NOW, M.OVERDUE,
    ),
    Figure(
        "closed_rate", N_("办结率"), N_("现为办结、公开或销号的÷实质问题数；重新办理的不算办结"),
        Group.SPEED, M.CLOSED, M.PROBLEM, Unit.PERCENT, Better.HIGH,
    ),
    _days("median_days", N_("办结用时中位数"), N_("从收到到首次办结的天数，一半的件更快"), 0.5),
    _days("p90_days", N_("九成件的用时"), N_("从收到到首次办结的天数，九成的件不超过它"), 0.9),
    _on_time(
        "accept_on_time", N_("按期受理率"),
        N_("在时限内决定受理与否的÷已决定或已超期的件数"), M.ACCEPT_MET, M.ACCEPT_DUE,
    ),
    _on_time(
        "dispatch_on_time", N_("按期交办率"),
        N_("每次交办都在时限内的÷已交办或已超期的实质问题"), M.DISPATCH_MET, M.DISPATCH_DUE,
    ),
    _on_time(
        "sign_on_time", N_("按期签收率"),
        N_("现主办单位在时限内签收的÷已签收或已超期的实质问题"), M.SIGN_MET, M.SIGN_DUE,
    ),
    _on_time(
        "contact_on_time", N_("按期联系率"),
        N_("在时限内联系举报人的÷已联系或已超期的实质问题；没留联系方式的不算"),
        M.CONTACT_MET, M.CONTACT_DUE,
    ),
    _on_time(
        "resolve_on_time", N_("按期办结率"),
        N_("首次办结在时限内的÷已办结或已超期的实质问题；经批准的延期按延长后的时限"),
        M.RESOLVE_MET, M.RESOLVE_DUE,
    ),
    _on_time(
        "review_on_time", N_("按期审核率"),
        N_("每次审核都在时限内的÷已审核或已超期的实质问题"), M.REVIEW_MET, M.REVIEW_DUE,
    ),
    _on_time(
        "publish_on_time", N_("按期公开率"),
        N_("在时限内决定公开与否的÷已决定或已超期的实质问题"), M.PUBLISH_MET, M.PUBLISH_DUE,
    ),
    _rate("return_rate", N_("退回率"), N_("被承办单位退回过的÷交办过的"), M.RETURNED, M.DISPATCHED),
    _rate("rework_rate", N_("重办率"), N_("审核退回重办过的÷报审过的"), M.REWORKED, M.REVIEWED),
    _rate("extension_rate", N_("延期率"), N_("批准过延期的÷交办过的"), M.EXTENDED, M.DISPATCHED),
    _rate(
        "reopen_rate", N_("重新办理率"),
        N_("办结后又重新办理的÷办结过的"), M.REOPENED, M.RESOLVED,
    ),
    _rate(
        "rebound_rate", N_("反弹率"),
        N_("因反弹或回头看不合格重新办理的÷办结过的"), M.REBOUND, M.RESOLVED,
    ),
    _rate(
        "repeat_rate", N_("重复举报率"),
        N_("同类问题办结后，在规定的天数和距离内又被举报的÷实质问题数"), M.REPEAT, M.PROBLEM,
    ),
    Figure(
        "deregister_rate", N_("销号率"), N_("已销号的÷现为办结、公开或销号的"),
        Group.QUALITY, M.DEREGISTERED, M.CLOSED, Unit.PERCENT, Better.HIGH,
    ),
    _unrated("response_rate", N_("响应率"), N_("评价为已联系、已答复的÷已评价的")),
    _unrated("resolution_rate", N_("解决率"), N_("评价为已解决的÷已评价的")),
    _unrated("satisfaction_rate", N_("满意率"), N_("评价为满意的÷已评价的；未评价的不算满意")),
)  # fmt: skip
FIGURES: dict[str, Figure] = {figure.code: figure for figure in _ALL}
TARGETABLE = tuple(figure for figure in _ALL if figure.better is not Better.NEITHER)
