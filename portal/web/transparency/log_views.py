"""/open/log: the public log explained, how it stands, and whether a receipt is in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.errors import InvalidFieldsError
from portal.domain.openlog.models import LogHead
from portal.domain.openlog.queries import (
    head_count,
    latest_head,
    log_keys,
    newest_heads,
    sizes_before,
)
from portal.web import charts
from portal.web.access import public
from portal.web.filters import month
from portal.web.limits import CHECKS, limited
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.log_check import check_receipt, read_receipt

_HEADS = 10
_MONTHS = 12


@bp.get("/open/log")
@public
def log() -> Response:
    """What it is, the newest head, how it grew, and the form that checks a receipt."""
    head = latest_head()
    version = f"{head.id if head else 0}-{local(now()).date()}"
    typed = {"leaf": request.args.get("leaf", "")[:80], "number": ""}
    return cached_page(lambda: _page(head, typed=typed), version, sheet="log")


@bp.post("/open/log")
@public
@limited(CHECKS)
def check_log() -> Response:
    """The same page with what came of a receipt, for browsers that cannot check by themselves."""
    typed = {name: request.form.get(name, "") for name in ("receipt", "number", "leaf")}
    try:
        found, fault = check_receipt(read_receipt(typed)), None
    except InvalidFieldsError as refused:
        found, fault = None, refused
    page = _page(latest_head(), typed=typed, check=found, fault=fault)
    return make_response(page, fault.http_status if fault else 200)


def _page(head: LogHead | None, **more: Any) -> str:
    fault: InvalidFieldsError | None = more.pop("fault", None)
    faults = (
        {n: [_(f.message) for f in group] for n, group in fault.faults.items()} if fault else {}
    )
    settings = current_app.extensions["portal.settings"]
    return render_template(
        "open/log.html",
        head=head,
        heads=_rows(newest_heads(_HEADS + 1)),
        head_count=head_count(),
        keys=log_keys(),
        growth=_growth(now()) if head else None,
        minutes=settings.log_head_minutes,
        faults=faults,
        **more,
    )


def _rows(heads: Any) -> list[dict[str, Any]]:
    """The newest heads with what each added to the one before."""
    pairs = pairwise([*heads, None] if len(heads) <= _HEADS else heads)
    return [{"head": head, "added": head.size - (old.size if old else 0)} for head, old in pairs]


def _growth(at: datetime) -> dict[str, Any]:
    """What was sealed month by month."""
    first = local(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    for _n in range(_MONTHS - 1):
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    ends = [*months, (first + timedelta(days=32)).replace(day=1)]
    sizes = sizes_before(ends)
    rows = [
        charts.Row(month(begin.date(), "MMM"), month(begin.date()), size, size - before)
        for begin, (before, size) in zip(months, pairwise(sizes), strict=True)
    ]
    caption = _("一年里从%(old)s条增加到%(new)s条，只增不减", old=sizes[0], new=sizes[-1])
    return charts.columns(charts.Plan(caption, (_("累计"), _("当月新增")), rows))
