"""servicerequestupdates (mySociety's extension): reading public steps, adding one's own words."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.ids import read_number
from portal.domain.publication.harvest import public_steps
from portal.domain.publication.queries import public_case
from portal.domain.reports.models import Report
from portal.domain.reports.photos import Stored
from portal.domain.writers.models import ApiKey
from portal.domain.writers.queries import own_report
from portal.domain.writers.services import Telling, tell_update
from portal.web.access import public
from portal.web.limits import HARVESTING, limited
from portal.web.open311.arguments import (
    Arguments,
    bad,
    read_steps,
    refuse_foreign_jurisdiction,
)
from portal.web.open311.door import FORMATS, is_test, v2
from portal.web.open311.faults import AbsentError, KeyRefusedError
from portal.web.open311.rendering import Row, rendered, unless_known
from portal.web.open311.updates import read_telling, read_update_id, request_update
from portal.web.open311.writing import admitted_writer, once


@v2.get(f"/servicerequestupdates.{FORMATS}")
@public
@limited(HARVESTING)
def update_list(form: str) -> ResponseReturnValue:  # noqa: ARG001 - read from the path by rendering
    """What became public between two moments, oldest first."""
    sent = Arguments(request.args)
    refuse_foreign_jurisdiction(sent.text("jurisdiction_id"))
    rows = [request_update(step, case) for step, case in public_steps(read_steps(sent, now()))]
    return unless_known(rendered("service_request_updates", rows))


@v2.post(f"/servicerequestupdates.{FORMATS}")
@public
def add_update(form: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """What a system tells about a request of its own; told twice, it is kept once."""
    at = now()
    writer = admitted_writer(at)
    sent = Arguments(request.form)
    refuse_foreign_jurisdiction(sent.text("jurisdiction_id"))
    update_id, words = read_update_id(sent), read_telling(request.form)
    report = _own(writer, sent.text("service_request_id"))

    def write(stored: list[Stored]) -> Row:
        if report is not None:
            tell_update(writer, report, Telling(update_id, words, stored), at=at)
        return {"update_id": update_id}

    return rendered("service_request_updates", [once(writer, at, write)])


def _own(writer: ApiKey, given: str) -> Report | None:
    """The request that this system filed; 403 for what others filed, as far as it is public.

    None on the test endpoint, which touches no request.
    """
    if not given:
        raise bad("service_request_id", _("要填"))
    if is_test():
        return None
    number = read_number(given)
    report = own_report(writer, number) if number else None
    if report is None and public_case(given) is not None:
        raise KeyRefusedError(_("service_request_id：不是用这个密钥提交的"))
    if report is None:
        raise AbsentError(_("service_request_id：没有这一件"))
    return report
