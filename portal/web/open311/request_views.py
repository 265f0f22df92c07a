"""Reading service requests: many by arguments, or one."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.domain.publication.harvest import harvested
from portal.domain.publication.queries import public_case
from portal.web.access import public
from portal.web.limits import HARVESTING, limited
from portal.web.open311.arguments import Arguments, read_harvest, refuse_foreign_jurisdiction
from portal.web.open311.door import FORMATS, v2
from portal.web.open311.faults import AbsentError
from portal.web.open311.rendering import rendered, unless_known
from portal.web.open311.rows import service_request

_YES = frozenset({"1", "true", "yes"})


@v2.get(f"/requests.{FORMATS}")
@public
@limited(HARVESTING)
def request_list(form: str) -> ResponseReturnValue:  # noqa: ARG001 - read from the path by rendering
    """The public cases that fit, newest first."""
    sent = _sent()
    cases = harvested(read_harvest(sent, now()))
    rows = [service_request(case, extended=_is_extended(sent)) for case in cases]
    return unless_known(rendered("service_requests", rows))


@v2.get(f"/requests/<number>.{FORMATS}")
@public
@limited(HARVESTING)
def one_request(number: str, form: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """One public case, as an array of one."""
    sent = _sent()
    case = public_case(number)
    if case is None:
        raise AbsentError(_("service_request_id：没有这一件，或者它没有公开（受理以后才列示）"))
    rows = [service_request(case, extended=_is_extended(sent))]
    return unless_known(rendered("service_requests", rows))


def _sent() -> Arguments:
    """The query; a jurisdiction that is not ours is absent."""
    sent = Arguments(request.args)
    refuse_foreign_jurisdiction(sent.text("jurisdiction_id"))
    return sent


def _is_extended(sent: Arguments) -> bool:
    return sent.text("extensions").lower() in _YES
