"""Urges and orders by rule: every minute, and everything that was missed when the worker was down.

Each case and each crossing has a transaction of its own; a crossing is settled in the one that
issues what it demands, so that nothing is issued twice and nothing is lost, wherever we are killed.
"""

from __future__ import annotations

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.deadlines.crossings import reports_to_note, unsettled_crossings
from portal.domain.reports.models import Report
from portal.domain.supervision.pressing import note_terms, settle_crossing


def press() -> int:
    """Note what terms came to, then do what the rules demand; returns how much was issued."""
    while report_ids := reports_to_note(now()):
        for report_id in report_ids:
            with transaction():
                note_terms(db.session.get_one(Report, report_id), now())
    issued = 0
    while crossing_ids := unsettled_crossings():
        for crossing_id in crossing_ids:
            with transaction():
                issued += settle_crossing(crossing_id, now())
    return issued
