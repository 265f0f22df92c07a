"""Taking a report on and handing it over in one go: what an ordinary report needs of triage."""

from __future__ import annotations

from datetime import datetime

from portal.domain.accounts.actor import Actor
from portal.domain.casework.assigning import Assigning, dispatch_report
from portal.domain.reports.acceptance import Acceptance, accept_report
from portal.domain.reports.models import Report


def take_on(
    report: Report,
    acceptance: Acceptance,
    assigning: Assigning,
    *,
    expected: int,
    by: Actor,
    at: datetime,
) -> None:
    """Accept, then dispatch: two steps of the workflow with an event each, or neither.

    Raises what either refuses; the caller's transaction undoes both.
    """
    accept_report(report, acceptance, expected=expected, by=by, at=at)
    dispatch_report(report, assigning, expected=expected + 1, by=by, at=at)
