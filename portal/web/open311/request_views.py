"""Reading service requests: many by arguments, or one."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.config import Settings
from portal.core.clock import now
from portal.core.ids import read_number
from portal.domain.publication.harvest import Harvest, harvested
from portal.domain.publication.merged import (
    MergedCase,
    merged_case,
    merged_cases,
    merged_report,
)
from portal.domain.publication.queries import public_case
from portal.domain.writers.queries import own_report, writer_by_key
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
    """One public case, as an array of one; a merged one says where it went.

    What was merged before it was listed is told to the system that filed it, by its key.
    """
    return unless_known(rendered("service_requests", [_one(number, _sent())]))


def _asked_by_number(numbers: Sequence[str], extended: bool) -> list[Row]:
    """At most a thousand, merged ones among them, the newest first."""
    rows = [service_request(case, extended=extended) for case in harvested(Harvest(numbers))]
    rows += [merged_request(case, extended=extended) for case in merged_cases(numbers)]
    return sorted(rows, key=itemgetter("requested_datetime"), reverse=True)


def _one(number: str, sent: Arguments) -> Row:
    case, extended = public_case(number), _is_extended(sent)
    if case is not None:
        return service_request(case, extended=extended)
    merged = merged_case(number) or _own_merged(number, sent.text("api_key"))
    if merged is None:
        raise AbsentError(_("service_request_id：没有这一件，或者它没有公开（受理以后才列示）"))
    return merged_request(merged, extended=extended)


def _own_merged(typed: str, key: str) -> MergedCase | None:
    settings: Settings = current_app.extensions["portal.settings"]
    writer = writer_by_key(key, in_demo=settings.demo) if key else None
    number = read_number(typed)
    report = own_report(writer, number) if writer and number else None
    return merged_report(report) if report else None


def _sent() -> Arguments:
    """The query; a jurisdiction that is not ours is absent."""
    sent = Arguments(request.args)
    refuse_foreign_jurisdiction(sent.text("jurisdiction_id"))
    return sent


def _is_extended(sent: Arguments) -> bool:
    return sent.text("extensions").lower() in _YES
