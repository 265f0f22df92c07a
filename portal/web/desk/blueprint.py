"""The desk with every view hung on it: what the application registers."""

from __future__ import annotations

from portal.web.desk import (
    action_views,
    bulk_views,
    calendar_views,
    compare_views,
    entry_views,
    extension_views,
    figure_views,
    frame,
    login_views,
    lookback_views,
    milestone_views,
    notice_views,
    queue_views,
    refusal_views,
    report_views,
    scorecard_views,
    target_views,
    term_views,
    text_views,
    view_views,
)
from portal.web.desk.door import bp

__all__ = [
    "action_views",
    "bp",
    "bulk_views",
    "calendar_views",
    "compare_views",
    "entry_views",
    "extension_views",
    "figure_views",
    "frame",
    "login_views",
    "lookback_views",
    "milestone_views",
    "notice_views",
    "queue_views",
    "refusal_views",
    "report_views",
    "scorecard_views",
    "target_views",
    "term_views",
    "text_views",
    "view_views",
]
