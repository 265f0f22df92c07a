"""封存: where a tracked report stands in the public log, and the proof of it as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core.clock import now
from portal.core.errors import NotFoundError
from portal.core.ids import read_number
from portal.core.text import N_
from portal.domain.openlog.models import Seal
from portal.domain.openlog.proofs import proof_of, published, receipt_of
from portal.domain.openlog.queries import seal_of_event
from portal.domain.reports.states import Action
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import events_of
from portal.web.access import public
from portal.web.citizen.entrance import bp
from portal.web.tracked import tracked_report


@bp.get("/track/<number>/proof.json")
@public
def sealed_proof(number: str) -> ResponseReturnValue:
    """Receipt and proof of inclusion, for whoever has opened the report with its code."""
    report = tracked_report()
    if report is None or report.number != read_number(number):
        return redirect(url_for("citizen.track_case", number=number), code=303)
    filed = _filed(events_of("report", report.id))
    seal = seal_of_event(filed.id) if filed else None
    head = published(seal)
    if filed is None or seal is None or head is None:
        raise NotFoundError(N_("还没有公布包含这一条的账头，请过一会儿再来。"))
    at = now().isoformat(timespec="seconds")
    receipt = receipt_of(report, filed, seal.leaf)
    response = jsonify({"receipt": receipt, "proof": proof_of(seal, head), "made_at": at})
    name = f"proof-{report.number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sealed_case(events: Sequence[TimelineEvent]) -> dict[str, Any] | None:
    """The place of the filing, counted from 1, once it has one; whether a head reaches it."""
    filed = _filed(events)
    if filed is None:
        return None
    seal: Seal | None = seal_of_event(filed.id)
    return {"place": seal.seq + 1 if seal else None, "is_public": published(seal) is not None}


def _filed(events: Sequence[TimelineEvent]) -> TimelineEvent | None:
    return next((event for event in events if event.kind == Action.FILE), None)
