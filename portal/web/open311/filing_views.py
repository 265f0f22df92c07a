"""Filing for others, and the tokens that some systems are answered with."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.config import Settings
from portal.core.clock import now
from portal.core.ids import random_key
from portal.domain.reports.photos import Stored
from portal.domain.writers.queries import number_by_token
from portal.domain.writers.services import Received, file_for
from portal.web.access import public
from portal.web.limits import HARVESTING, limited
from portal.web.open311.arguments import refuse_foreign_jurisdiction
from portal.web.open311.door import FORMATS, is_test, v2
from portal.web.open311.faults import AbsentError
from portal.web.open311.filing import links_note, read_filing
from portal.web.open311.rendering import Row, rendered, unless_known
from portal.web.open311.writing import admitted_writer, once

_TOKEN_MOST = 64


@v2.post(f"/requests.{FORMATS}")
@public
def create_request(form: str) -> ResponseReturnValue:  # noqa: ARG001 - read from the path by rendering
    """File for somebody, by the key of a system."""
    at = now()
    writer = admitted_writer(at)
    new, note = read_filing(request.form), links_note(request.form)

    def write(stored: list[Stored]) -> Row:
        if is_test():
            return _tried()
        return _told(file_for(writer, new, stored, note, at=at))

    return rendered("service_requests", [once(writer, at, write)])


@v2.get(f"/tokens/<token>.{FORMATS}")
@public
@limited(HARVESTING)
def token_list(token: str, form: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """The number that a token stands for; there is one from the moment the token was given."""
    refuse_foreign_jurisdiction(request.args.get("jurisdiction_id", ""))
    number = number_by_token(token[:_TOKEN_MOST]) if token.isalnum() else None
    if number is None:
        raise AbsentError(_("token：没有这个凭据"))
    row = {"service_request_id": number, "token": token}
    return unless_known(rendered("service_requests", [row]))


def _told(received: Received) -> Row:
    """A number or a token, never both."""
    settings: Settings = current_app.extensions["portal.settings"]
    named: dict[str, Any] = (
        {"token": received.token} if received.token else {"service_request_id": received.number}
    )
    page = f"{settings.base_url}/open/reports/{received.number}"
    notice = (
        _("已经收到。受理以后，在 %(page)s 看得到办到哪一步。", page=page)
        if received.is_new
        else _("刚才收到过同样的一件，没有另立一件。")
    )
    return {**named, "service_notice": notice, "account_id": None}


def _tried() -> Row:
    """What the test endpoint answers: the number names nothing."""
    notice = _("测试入口：内容看过了，没有立案，什么都没有保存。")
    return {
        "service_request_id": f"TEST-{random_key()[:12]}",
        "service_notice": notice,
        "account_id": None,
    }
