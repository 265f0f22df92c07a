"""Reading service requests: many by arguments, or one."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.domain.publication.harvest import Harvest, harvested
from portal.domain.publication.merged import merged_case, merged_cases
from portal.domain.publication.queries import public_case
from portal.web.access import public
from portal.web.limits import HARVESTING, limited
from portal.web.open311.arguments import Arguments, read_harvest, refuse_foreign_jurisdiction
from portal.web.open311.door import FORMATS, v2
from portal.web.open311.faults import AbsentError
from portal.web.open311.rendering import Row, rendered, unless_known
from portal.web.open311.rows import merged_request, service_request

_YES = frozenset({"1", "true", "yes"})


@v2.get(f"/requests.{FORMATS}")
@public
@limited(HARVESTING)
def request_list(form: str) -> ResponseReturnValue:  # noqa: ARG001 - read from the path by rendering
    """The public cases that fit, newest first; those that were merged only by their numbers."""
    sent = _sent()
    wanted, extended = read_harvest(sent, now()), _is_extended(sent)
    if wanted.numbers is None:
        rows = [service_request(case, extended=extended) for case in harvested(wanted)]
    else:
        rows = _asked_by_number(wanted.numbers, extended)
        rows = rows[(wanted.page - 1) * wanted.size : wanted.page * wanted.size]
    return unless_known(rendered("service_requests", rows))


@v2.get(f"/requests/<number>.{FORMATS}")
@public
@limited(HARVESTING)
def one_request(number: str, form: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """One public case, as an array of one; a merged one says where it went."""
    sent = _sent()
    return unless_known(rendered("service_requests", [_one(number, _is_extended(sent))]))


def _asked_by_number(numbers: Sequence[str], extended: bool) -> list[Row]:
    """At most a thousand, merged ones among them, the newest first."""
    rows = [service_request(case, extended=extended) for case in harvested(Harvest(numbers))]
    rows += [merged_request(case, extended=extended) for case in merged_cases(numbers)]
    return sorted(rows, key=itemgetter("requested_datetime"), reverse=True)


def _one(number: str, extended: bool) -> Row:
    case = public_case(number)
    if case is not None:
        return service_request(case, extended=extended)
    merged = merged_case(number)
    if merged is None:
        raise AbsentError(_("service_request_id：没有这一件，或者它没有公开（受理以后才列示）"))
    return merged_request(merged, extended=extended)


def _sent() -> Arguments:
    """The query; a jurisdiction that is not ours is absent."""
    sent = Arguments(request.args)
    refuse_foreign_jurisdiction(sent.text("jurisdiction_id"))
    return sent


def _is_extended(sent: Arguments) -> bool:
    return sent.text("extensions").lower() in _YES
