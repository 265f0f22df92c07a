"""Errors, turned into a page or an RFC 9457 problem document once."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.sansio.app import App
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.core.errors import InvalidFieldsError, PortalError
from portal.core.ids import read_number
from portal.core.text import N_

log = structlog.get_logger(__name__)

# What a person reads when no service said it better: what happened, and what to do next.
_DETAILS = {
    400: N_("请求没有看懂，请返回重试。"),
    403: N_("您没有做这件事的权限。"),
    404: N_("没有找到这个页面。可能地址不对，或者内容没有公开。"),
    405: N_("这个地址不支持这样的操作。"),
    409: N_("内容已经变了，请刷新后再试。"),
    413: N_("内容太大了。单张照片不超过20MB，一次最多9张。"),
    415: N_("不是能收的格式。"),
    422: N_("有几处要改，内容都还在。"),
    429: N_("太频繁了，请稍后再试。"),
    500: N_("系统出了点问题，我们已经记下。请稍后再试。"),
    503: N_("系统正忙，请稍后再试。草稿还在您的手机里。"),
    507: N_("存储空间不足，照片暂时收不下。文字可以先提交。"),
}
_TITLES = {
    400: N_("请求有误"),
    403: N_("没有权限"),
    404: N_("没有找到"),
    405: N_("不支持的操作"),
    409: N_("内容已经变了"),
    413: N_("内容太大"),
    415: N_("格式不对"),
    422: N_("有几处要改"),
    429: N_("太频繁了"),
    500: N_("系统出了点问题"),
    503: N_("系统正忙"),
    507: N_("存储空间不足"),
}
_CODES = {404: "not_found", 403: "not_allowed", 413: "too_large", 405: "method_not_allowed"}
_COME_AGAIN_S = {409: 5, 429: 60, 503: 5}  # where the fault itself does not say
_SERVER = 500


def register(app: Flask) -> None:
    """Answer every expected refusal and every accident in one place."""
    app.register_error_handler(PortalError, _on_portal_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(OperationalError, _on_busy_database)
    app.register_error_handler(Exception, _on_accident)


def answer_below(app: App, prefix: str, answer: Callable[[PortalError], Response]) -> None:
    """Let `answer` put every refusal below `prefix` into words, those of the framework as well."""
    app.extensions.setdefault("portal.answers", {})[prefix] = answer


def wants_json() -> bool:
    """Whether the caller asked for JSON and not for a page."""
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def problem(fault: PortalError) -> Response:
    """`fault` as application/problem+json, with field errors and the request id."""
    status = fault.http_status
    body: dict[str, Any] = {
        "type": f"/about/problems#{fault.code}",
        "title": _(_TITLES.get(status, HTTPStatus(status).phrase)),
        "status": status,
        "detail": translated(fault),
        "code": fault.code,
        "errors": _fields(fault),
        "request_id": g.get("request_id", ""),
        **fault.members(),
    }
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json; charset=utf-8"
    return say_when(response, fault)


def say_when(response: Response, fault: PortalError) -> Response:
    """Retry-After, where coming again helps."""
    wait = fault.retry_after or _COME_AGAIN_S.get(fault.http_status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def translated(fault: PortalError) -> str:
    """The sentence for a person, in their language."""
    return _(fault.detail) if fault.detail else _(_DETAILS.get(fault.http_status, fault.code))


def _fields(fault: PortalError) -> dict[str, list[dict[str, str]]]:
    if not isinstance(fault, InvalidFieldsError):
        return {}
    return {
        name: [{"code": f.code, "message": _(f.message)} for f in group]
        for name, group in fault.faults.items()
    }


def _on_portal_error(fault: PortalError) -> ResponseReturnValue:
    answers: dict[str, Callable[[PortalError], Response]]
    answers = current_app.extensions.get("portal.answers", {})
    for prefix, answer in answers.items():
        if f"{request.path}/".startswith(prefix):
            return say_when(answer(fault), fault)
    if wants_json() or request.path == "/report/photos":
        return problem(fault)
    return say_when(make_response(_page(fault.http_status, translated(fault))), fault)


def _on_csrf_error(_fault: CSRFError) -> ResponseReturnValue:
    detail = N_("页面打开太久了，请返回刷新后再交一次。")
    return _on_portal_error(PortalError(detail, code="csrf", http_status=400))


def _on_http_error(fault: HTTPException) -> ResponseReturnValue:
    if fault.response is not None:
        return fault.get_response()
    status = fault.code or _SERVER
    refusal = PortalError(code=_CODES.get(status, f"http_{status}"), http_status=status)
    return _on_portal_error(refusal)


def _on_busy_database(fault: OperationalError) -> ResponseReturnValue:
    """The database is locked, restarting or full: nothing was acknowledged, so ask to come back."""
    log.error("database", path=request.path, request_id=g.get("request_id"), exc_info=fault)
    return _on_portal_error(PortalError(code="busy", http_status=503))


def _on_accident(fault: Exception) -> ResponseReturnValue:
    log.error("accident", path=request.path, request_id=g.get("request_id"), exc_info=fault)
    return _on_portal_error(PortalError(code="internal", http_status=_SERVER))


def _page(status: int, detail: str) -> ResponseReturnValue:
    title = _(_TITLES.get(status, HTTPStatus(status).phrase))
    lost = _lost_number() if status == HTTPStatus.NOT_FOUND else ""
    page = render_template(
        "error.html", status=status, title=title, detail=detail, lost_number=lost
    )
    return page, status


def _lost_number() -> str:
    """The report number in the address of a public page that is not there; empty without one."""
    if not request.path.startswith("/open/"):
        return ""
    return next(filter(None, map(read_number, request.path.split("/"))), "")
