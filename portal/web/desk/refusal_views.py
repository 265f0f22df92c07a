"""Refusals inside the desk, with its rail around them and a way back."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.core.errors import PortalError
from portal.core.text import N_
from portal.web.access import is_staff
from portal.web.desk.door import bp
from portal.web.errors import problem, translated, wants_json

_DETAILS = {
    403: N_("您的岗位不能做这件事。需要的话，请找安全管理员。"),
    404: N_("没有找到，或者不归您这里管。编号可以在上面查找。"),
}


@bp.errorhandler(PortalError)
def refuse(fault: PortalError) -> ResponseReturnValue:
    """A refusal of the portal, as a page or a problem document."""
    if wants_json():
        return problem(fault)
    page = render_template(
        "desk/refused.html",
        status=fault.http_status,
        detail=_(_DETAILS[fault.http_status])
        if not fault.detail and fault.http_status in _DETAILS
        else translated(fault),
        back=_back(),
        bare=not is_staff(),
        request_id=g.get("request_id", ""),
    )
    return page, fault.http_status


@bp.errorhandler(HTTPException)
def refuse_http(fault: HTTPException) -> ResponseReturnValue:
    """What werkzeug refuses: a missing page, a stale token, a body too large."""
    if fault.response is not None:
        return fault.get_response()
    status = fault.code or 500
    if isinstance(fault, CSRFError):
        words = N_("页面打开太久了，请返回刷新后再交一次。")
        return refuse(PortalError(words, code="csrf", http_status=status))
    codes = {403: "not_allowed", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    return refuse(PortalError(code=codes.get(status, f"http_{status}"), http_status=status))


def _back() -> str:
    number = (request.view_args or {}).get("number")
    if number and request.method == "POST":
        return url_for("desk.show_report", number=number)
    return url_for("desk.home")
