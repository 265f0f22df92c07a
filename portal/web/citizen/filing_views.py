"""/report: the form, its token, and what may be filed."""

from __future__ import annotations

from datetime import datetime

from flask import jsonify, make_response, request
from flask.typing import ResponseReturnValue

from portal.core.clock import local, now
from portal.core.errors import PortalError
from portal.domain.grids.queries import outline_geojson
from portal.web.access import public
from portal.web.citizen.attempts import Answer, file_attempt, read_attempt
from portal.web.citizen.entrance import bp
from portal.web.citizen.questionnaire import schema
from portal.web.citizen.receipt_cookie import hand_over, to_receipt
from portal.web.citizen.report_page import asked_page, empty_page, refused_page
from portal.web.citizen.signed_tokens import new_form_token
from portal.web.errors import wants_json
from portal.web.limits import TOKENS, limited

_SHARED = "public, max-age=300"


@bp.get("/report")
@public
def report_form() -> ResponseReturnValue:
    """The filing page."""
    return empty_page(request.args)


@bp.post("/report")
@public
def file_report() -> ResponseReturnValue:
    """Take a report: 201 for programs, 303 to the receipt for browsers."""
    at, attempt = now(), read_attempt(request)
    if wants_json():
        return _told(file_attempt(attempt, at), at)
    try:
        if "ask" in attempt.form:
            return asked_page(attempt, at)
        answer = file_attempt(attempt, at)
    except PortalError as fault:
        return refused_page(attempt, fault, at)
    return to_receipt(answer, at)


def _told(answer: Answer, at: datetime) -> ResponseReturnValue:
    """The 201; our own page's script asks for the cookie that opens the receipt page as well."""
    response = make_response(jsonify(answer), 201, {"Location": answer["track_url"]})
    if request.headers.get("X-Receipt-Page") == "1":
        hand_over(response, answer, at)
    return response


@bp.get("/report/token")
@public
@limited(TOKENS)
def form_token() -> ResponseReturnValue:
    """A form token for programs."""
    token = new_form_token()
    return jsonify(
        form_token=token.text, expires_at=local(token.expires_at).isoformat("T", "seconds")
    )


@bp.get("/report/schema.json")
@public
def filing_schema() -> ResponseReturnValue:
    """Categories, limits, consents and formats for programs."""
    return _shared_json(schema())


@bp.get("/report/grids.json")
@public
def grids_sketch() -> ResponseReturnValue:
    """The outlines of towns and villages for the sketch map."""
    return _shared_json(outline_geojson())


def _shared_json(content: object) -> ResponseReturnValue:
    """JSON that caches may keep; unchanged content is answered with 304."""
    response = make_response(jsonify(content))
    response.headers["Cache-Control"] = _SHARED
    response.add_etag()
    return response.make_conditional(request)
