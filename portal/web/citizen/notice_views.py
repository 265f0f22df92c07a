"""The notices a reporter gets, behind the query code like everything else of the report."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.web.access import public
from portal.web.citizen.entrance import bp
from portal.web.citizen.track_views import opened
from portal.web.letters import docx_response, written


@bp.get("/track/<number>/notices/<int:event_id>")
@public
def show_notice(number: str, event_id: int) -> ResponseReturnValue:
    """One notice as it looks on paper; without a session the form that asks for the code."""
    report = opened(number)
    if report is None:
        return redirect(url_for("citizen.track_case", number=number), code=303)
    return render_template(
        "citizen/notice.html",
        report=report,
        document=written(report, event_id),
        download=url_for("citizen.notice_file", number=report.number, event_id=event_id),
    )


@bp.get("/track/<number>/notices/<int:event_id>.docx")
@public
def notice_file(number: str, event_id: int) -> ResponseReturnValue:
    """One notice as a file."""
    report = opened(number)
    if report is None:
        return redirect(url_for("citizen.track_case", number=number), code=303)
    document = written(report, event_id)
    return docx_response(document, f"{document.title}-{report.number}")
