"""What public pages show of a case: assembled here once, from the public row alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.clock import local
from portal.core.images import SIZES
from portal.domain.casework.models import MeasureKind, Verdict
from portal.domain.lookback.models import Outcome
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.states import State
from portal.web.filters import day, deadline, named

_LARGE, _MIDDLE, _SMALL = SIZES
# A public row keeps no red line; after a week everybody sees red.
_RED_AFTER_DAYS = 7


@dataclass(frozen=True)
class Picture:
    """A released photo: addresses by size, what it shows, and its tag."""

    src: str
    small: str
    large: str
    alt: str
    tag: tuple[str, str]
    width: int = 800
    height: int = 600


def is_published(case: PublicCase) -> bool:
    """Whether the desensitised copy is out, and not only the listed facts."""
    return case.level == PublicLevel.PUBLISHED


def is_withheld(case: PublicCase) -> bool:
    """Whether the outcome stays with the city on a legal ground 依法不公开."""
    is_struck_off = case.state == State.DEREGISTERED
    return not is_published(case) and (case.state == State.WITHHELD or is_struck_off)


def title(case: PublicCase) -> str:
    """Town and category: public cases carry nobody's own words in their title."""
    if case.town is None:
        return named(case.category)
    return _("%(town)s·%(category)s", town=named(case.town), category=named(case.category))


def span(case: PublicCase, at: datetime) -> str:
    """16天办结, or 已经12天 while it is open; days from receipt."""
    if case.days is not None:
        return (
            _("当天办结")
            if case.days == 0
            else ngettext("%(num)s天办结", "%(num)s天办结", case.days)
        )
    days = (local(at).date() - case.received_on).days
    return _("今天收到") if days <= 0 else ngettext("已经%(num)s天", "已经%(num)s天", days)


def card(case: PublicCase, at: datetime) -> dict[str, Any]:
    """A published case with its pair."""
    before, after = pair(case)
    return {
        **_common(case),
        "meta": _words(named(case.department), span(case, at)),
        "before": before,
        "after": after,
        "before_tag": before.tag if before else None,
        "after_tag": after.tag if after else None,
        "finding": _verdict(case),
        "again": case.is_reopened,
    }


def row(case: PublicCase, at: datetime) -> dict[str, Any]:
    """A case in a list: with its photos when published, else the listed facts only."""
    late = lateness(case, at)
    shown: dict[str, Any] = {
        **_common(case),
        "number": case.number,
        "meta": _words(named(case.department), _("%(day)s收到", day=day(case.received_on))),
        "span": span(case, at),
        "icon": case.category_code,
        "colour": late[0],
        "deadline_words": late[1],
        "is_withheld": is_withheld(case),
        "is_closed": case.days is not None,
    }
    if is_published(case):
        before, after = pair(case)
        shown |= {"before": before, "after": after, "finding": _verdict(case)}
        shown |= {"again": case.is_reopened, "looked_back": looked_back(case)}
        shown |= {"came_back": case.look_back == Outcome.FAILED}
    return shown


def looked_back(case: PublicCase) -> str:
    """What the last look-back found, with its day; empty when there was none."""
    if case.look_back is None or case.looked_back_on is None:
        return ""
    on = day(case.looked_back_on)
    if case.look_back == Outcome.PASSED:
        return _("回头看：%(on)s现场复查，没有再出现。", on=on)
    return _("回头看：%(on)s现场复查，问题又出现了。", on=on)


def lateness(case: PublicCase, at: datetime) -> tuple[str, str]:
    """Colour and words of an overdue case; empty words in time."""
    if case.due_at is None or case.due_at >= at:
        return "", ""
    is_red = (at - case.due_at).days > _RED_AFTER_DAYS
    return "red" if is_red else "yellow", deadline(case.due_at)


def pair(case: PublicCase) -> tuple[Picture | None, Picture | None]:
    """Before and after, as far as they were released."""
    before, after = case.before, case.after
    return (
        picture(case, before, _("整改前")) if before else None,
        picture(case, after, _("整改后")) if after else None,
    )


def other_pictures(case: PublicCase) -> list[Picture]:
    """The released photos beside the pair."""
    led = (case.before, case.after)
    return [picture(case, p, _(PhotoKind(p["kind"]).label)) for p in case.photos if p not in led]


def picture(case: PublicCase, photo: dict[str, Any], what: str) -> Picture:
    """One released photo of a case; `what` says which moment it shows."""
    alt = _("%(what)s：%(case)s", what=what, case=title(case))
    key, on = photo["key"], day(date.fromisoformat(photo["on"]))
    small, middle, large = (
        url_for("media.photo", key=key, size=size) for size in (_SMALL, _MIDDLE, _LARGE)
    )
    size = {"width": photo.get("width") or 800, "height": photo.get("height") or 600}
    return Picture(middle, small, large, alt, (what, on), **size)


def measures(case: PublicCase) -> list[str]:
    """罚款2万元 and the like, from the released copy."""
    return [_measure(m) for m in case.measures]


def _measure(measure: dict[str, Any]) -> str:
    name = _(MeasureKind(measure["kind"]).label)
    if measure.get("amount_yuan"):
        return _("%(measure)s：%(sum)s元", measure=name, sum=f"{measure['amount_yuan']:,}")
    if measure.get("people"):
        return _("%(measure)s：%(n)s人", measure=name, n=measure["people"])
    return name


def _common(case: PublicCase) -> dict[str, Any]:
    return {
        "href": url_for("transparency.report", number=case.number),
        "title": title(case),
        "state": State(case.state),
    }


def _verdict(case: PublicCase) -> Verdict | None:
    return Verdict(case.verdict) if case.verdict else None


def _words(*words: str) -> list[str]:
    return [word for word in words if word]


def cards(cases: Iterable[PublicCase], at: datetime) -> list[dict[str, Any]]:
    """Several cards."""
    return [card(case, at) for case in cases]


def rows(cases: Iterable[PublicCase], at: datetime) -> list[dict[str, Any]]:
    """Several rows."""
    return [row(case, at) for case in cases]
