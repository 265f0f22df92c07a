"""How a case stands, in one honest sentence each: nothing that went wrong is left out."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from portal.core.text import N_
from portal.domain.casework.models import Verdict
from portal.domain.publication.models import PublicCase
from portal.domain.reports.states import State
from portal.web.filters import day, named

_NOW = {
    State.NEED_INFO: N_("还差一点情况，正在请举报人补充。收到以后接着办。"),
    State.ACCEPTED: N_("已经受理，正在定由哪个单位来办。"),
    State.DISPATCHED: N_("已经交给%(unit)s，等它签收。"),
    State.RETURNED: N_("%(unit)s认为不归它管，退了回来，正在裁定由谁办。总的期限不停。"),
    State.HANDLING: N_("%(unit)s正在办。"),
    State.HEAD_REVIEW: N_("%(unit)s拿出了处理结果，单位负责人正在看。"),
    State.SUBMITTED_REVIEW: N_("%(unit)s报来了结果，审核员正在核对。缺什么会退回去重办。"),
    State.STAGE_CLOSED: N_("一时办不完，已经定了整改计划，到了日子会接着查。"),
    State.RESOLVED: N_("已经办结，也答复了举报人。正在遮盖照片里的人脸和车牌，审核后公开。"),
}
_FOUND = {
    Verdict.PARTLY: N_("部分属实：举报说的，有的查到了，有的没有。查到的按下面的办法处理。"),
    Verdict.UNFOUNDED: N_(
        "不属实：到现场查过，没有查到举报说的情况。这不是说举报人说谎，也许当时有，去查时没有了。不属实的，我们过后还会再去看一次。"
    ),
    Verdict.UNDETERMINED: N_(
        "无法查实：查过，但是证据不够，说不准有没有。有新的线索，请再告诉我们。"
    ),
}


def standing_now(case: PublicCase) -> str:
    """What happens with an open or not yet published case at this moment."""
    words = _NOW.get(State(case.state))
    if words is None:
        return ""
    return _(words, unit=named(case.department) or _("承办单位"))


def verdict_words(case: PublicCase) -> str:
    """What the finding means where it is not plainly 属实; empty otherwise."""
    words = _FOUND.get(Verdict(case.verdict)) if case.verdict else None
    return _(words) if words else ""


def allowed_words(case: PublicCase, today: date) -> str:
    """Days taken against days allowed, both counted from the first dispatch; empty before it."""
    if case.resolve_from is None or case.resolve_by is None:
        return ""
    allowed = max((case.resolve_by - case.resolve_from).days, 1)
    last = day(case.resolve_by)
    if case.closed_on is not None:
        used = (case.closed_on - case.resolve_from).days
        over = (case.closed_on - case.resolve_by).days
        if over > 0:
            return _(
                "交办后限%(allowed)s天，用了%(used)s天，超了%(over)s天",
                allowed=allowed, used=used, over=over,
            )  # fmt: skip
        return _("交办后限%(allowed)s天，用了%(used)s天", allowed=allowed, used=used)
    if today > case.resolve_by:
        return _("交办后限%(allowed)s天，应在%(last)s前办结，已经逾期", allowed=allowed, last=last)
    return _("交办后限%(allowed)s天，%(last)s前办结", allowed=allowed, last=last)
