"""/track: number and query code open one report; then its page, as HTML or JSON."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError, PortalError
from portal.core.ids import read_number
from portal.core.text import N_, clean
from portal.domain.reports.models import Report
from portal.domain.reports.tracking import (
    WINDOW,
    TooManyTriesError,
    WrongCodeError,
    close_session,
    open_session,
    record_failure,
)
from portal.web.access import client_address, public
from portal.web.citizen.entrance import bp
from portal.web.citizen.fields import messages
from portal.web.citizen.signed_tokens import check_form_token, new_form_token
from portal.web.citizen.track_page import case_json, case_page
from portal.web.cookies import drop_private_cookie, private_cookie, set_private_cookie
from portal.web.errors import problem, translated, wants_json
from portal.web.tracked import COOKIE_LASTS, TRACK_COOKIE, tracked_report

_NUMBER_MOST = 40
_WAIT: timedelta = WINDOW


class NoSessionError(NotAllowedError):
    """The report has not been opened with its query code, or half an hour ago."""

    code = "track_session"


@bp.get("/track")
@public
def track_entry() -> ResponseReturnValue:
    """The form that asks for number and query code."""
    return entry_page(request.args.get("number", ""))


@bp.post("/track")
@public
def open_track() -> ResponseReturnValue:
    """Open a report: 303 to its page, or 422 that says the same whatever is wrong."""
    typed = clean(request.form.get("number", ""))[:_NUMBER_MOST]
    try:
        check_form_token(request.form.get("form_token", ""))
        token, number = _open(read_number(typed) or typed.upper())
    except PortalError as fault:
        return _refused(typed, fault)
    # The receipt's second button leads straight to where photos are added.
    add = "?add=1#add" if request.form.get("then") == "add" else ""
    response = redirect(url_for("citizen.track_case", number=number) + add, code=303)
    set_private_cookie(response, TRACK_COOKIE, token, COOKIE_LASTS)
    return response


@bp.get("/track/<number>")
@public
def track_case(number: str) -> ResponseReturnValue:
    """The report's page for whoever opened it; the entry form for everybody else."""
    report = opened(number)
    if report is None:
        if wants_json():
            raise NoSessionError(N_("请先用编号和查询码打开这一件。"))
        return entry_page(number)
    return case_json(report, now()) if wants_json() else case_page(report, now())


@bp.post("/track/leave")
@public
def leave_track() -> ResponseReturnValue:
    """End the session: on a shared phone the next person sees nothing."""
    with transaction():
        close_session(private_cookie(TRACK_COOKIE))
    response = redirect(url_for("citizen.track_entry"), code=303)
    drop_private_cookie(response, TRACK_COOKIE)
    return response


def opened(number: str) -> Report | None:
    """The report of this session, when it is the one called `number`."""
    report = tracked_report()
    return report if report is not None and report.number == read_number(number) else None


def entry_page(number: str, fault: PortalError | None = None) -> BaseResponse:
    """The entry form, the same for known and unknown numbers."""
    faults = messages(fault.faults) if isinstance(fault, InvalidFieldsError) else {}
    page = render_template(
        "citizen/track_entry.html",
        number=number[:_NUMBER_MOST],
        form_token=new_form_token().text,
        faults=faults,
        notice=translated(fault) if fault and not faults else "",
    )
    return make_response(page, fault.http_status if fault else 200)


def _open(number: str) -> tuple[str, str]:
    """A session for the number and code sent; its token and the report's number."""
    at, address = now(), client_address()
    try:
        with transaction():
            code = request.form.get("query_code", "")
            token, report = open_session(number, code, address=address, at=at)
            return token, report.number
    except WrongCodeError:
        with transaction():
            record_failure(number, address, at)
        raise


def _refused(typed: str, fault: PortalError) -> BaseResponse:
    response: BaseResponse | Response = problem(fault) if wants_json() else entry_page(typed, fault)
    if isinstance(fault, TooManyTriesError):
        response.headers["Retry-After"] = str(int(_WAIT.total_seconds()))
    return response
