"""What a row of a queue says to a department: its part, when that is due, who has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import clerks_of, names_of
from portal.domain.casework.belonging import NOBODY, own_assignments, part_terms
from portal.domain.casework.desk_queries import Countable, hands_out, list_counts
from portal.domain.casework.models import AssignmentKind
from portal.domain.deadlines.clocks import Colour
from portal.web.desk.listing import Listing


def own_standing(who: Actor, report_ids: Sequence[int], at: datetime) -> dict[int, dict[str, Any]]:
    """By report id, what replaces the case's own words in the row; at most three statements.

    A case that is only assisted is due when the part is, and not at all once that is reported.
    """
    if who.department_id is None or not who.may(Permission.SEE_DEPARTMENT):
        return {}
    own = own_assignments(who, report_ids)
    parts = [i for i, one in own.items() if one.kind == AssignmentKind.ASSIST]
    terms = part_terms(who.department_id, parts)
    found: dict[int, dict[str, Any]] = {}
    for report_id in parts:
        term = terms.get(report_id)
        colour = term.colour(at) if term else Colour.NONE
        found[report_id] = {
            "is_part": True,
            "due_at": term.due_at if term else None,
            "colour": "" if colour is Colour.NONE else colour,
        }
    if who.may(Permission.HAND_TO_CLERK):
        names = names_of({one.handler_id for one in own.values() if one.handler_id is not None})
        for report_id, one in own.items():
            name = names.get(one.handler_id or 0) or _("没分派")
            found[report_id] = {**found.get(report_id, {}), "handler": name}
    return found


def handler_options(who: Actor) -> list[tuple[str, str]]:
    """Whom a list can be narrowed to: for a head nobody yet and the clerks, else oneself."""
    if who.department_id is None or not who.may(Permission.SEE_DEPARTMENT):
        return []
    if not who.may(Permission.HAND_TO_CLERK):
        return [(str(who.user_id), _("我办的"))]
    clerks = clerks_of(who.department_id)
    return [(NOBODY, _("没分派")), *((str(user_id), name) for user_id, name in clerks.items())]


def handler_chips(listing: Listing, who: Actor, at: datetime) -> list[dict[str, Any]]:
    """For a head, the list by who handles it, what nobody has first; two statements."""
    if not hands_out(listing.queue, who):
        return []
    options = handler_options(who)
    lists = [Listing(listing.queue, {**listing.given, "handler": code}) for code, _name in options]
    asked = [Countable(one.queue, one.filter()) for one in lists]
    counts = list_counts(asked, who, at)
    return [
        {
            "words": name,
            "href": listing.url(handler="" if code == listing["handler"] else code, after=""),
            "count": count,
            "on": code == listing["handler"],
        }
        for (code, name), count in zip(options, counts, strict=True)
        if count or code == listing["handler"]
    ]
