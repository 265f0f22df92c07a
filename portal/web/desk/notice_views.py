"""The statutory notices of a report, for the file and the post."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.domain.accounts.permissions import Permission
from portal.web.access import require
from portal.web.desk.door import bp
from portal.web.desk.report_views import visible
from portal.web.letters import docx_response, written


@bp.get("/reports/<number>/notices/<int:event_id>")
@require(Permission.ENTER_DESK)
def show_notice(number: str, event_id: int) -> ResponseReturnValue:
    """One notice as it looks on paper."""
    report = visible(number)
    return render_template(
        "desk/paper.html",
        crumbs=[(url_for("desk.show_report", number=report.number), report.number)],
        document=written(report, event_id),
        download=url_for("desk.notice_file", number=report.number, event_id=event_id),
    )


@bp.get("/reports/<number>/notices/<int:event_id>.docx")
@require(Permission.ENTER_DESK)
def notice_file(number: str, event_id: int) -> ResponseReturnValue:
    """One notice as a file."""
    report = visible(number)
    document = written(report, event_id)
    return docx_response(document, f"{document.title}-{report.number}")
