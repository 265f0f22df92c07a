"""One report beside a list: what triage needs to decide, and the form of one step at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import pgettext

from portal.domain.casework.case_queries import further_categories_of
from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_by_code
from portal.domain.grids.queries import grid_by_code
from portal.domain.reports.models import Channel
from portal.domain.reports.states import Action, State
from portal.domain.reports.support import support_count
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.vault import masked_contact
from portal.domain.routing.queries import Suggestion
from portal.domain.triage.services import followers_of
from portal.web.desk import facts
from portal.web.desk.case_page import Sent, prefilled, prefilled_for_taking_on
from portal.web.desk.listing import Listing
from portal.web.desk.offers import FIELDLESS, Offer
from portal.web.desk.pages import Case, choices_for, reason_of, report_colour, suggestion_for
from portal.web.desk.sketch import sketch
from portal.web.desk.steps import TAKE_ON, actions_of, step_called
from portal.web.desk.verbs import verb
from portal.web.errors import translated
from portal.web.filters import is_english

# What must be filled in beforehand for a step to be sent with one press.
_READY_WITH = {
    TAKE_ON: ("track", "deadline_class", "category", "grid_code", "lead", "note"),
    Action.ACCEPT: ("track", "deadline_class", "category", "grid_code"),
    Action.DISPATCH: ("lead", "note"),
}


@dataclass(frozen=True)
class Press:
    """A button under the report: the step it opens, its key, and where."""

    name: str
    words: str
    icon: str
    key: str
    href: str
    obstacle: str = ""
    is_main: bool = False
    is_grave: bool = False


def pane_of(case: Case, listing: Listing, sent: Sent | None = None) -> dict[str, Any]:
    """What desk/_pane.html takes. `sent` stays open with its input and its errors."""
    report = case.report
    opened = sent.name if sent else listing["do"]
    presses = _presses(case, listing)
    if not sent and opened not in {press.name for press in presses if not press.obstacle}:
        opened = ""
    suggestion = _guess(case, listing)
    form = sent.form if sent else _form(case, listing, opened, suggestion)
    return {
        "case": case,
        "report": report,
        "state": State(report.state),
        "channel": Channel(report.channel).label,
        "colour": report_colour(report, case.at),
        "photos": _photos(case),
        "matter": facts.matter_facts(report, further_categories_of(report)),
        "place": facts.place_facts(report),
        "reporter": facts.reporter_facts(report, masked_contact(report)),
        "map": sketch(report),
        "suggestion": suggestion,
        "reason": reason_of(suggestion) if suggestion else "",
        "followers": len(followers_of(report)),
        "supporters": support_count(report.id),
        "english": is_english(),
        "presses": presses,
        "opened": next((press for press in presses if press.name == opened), None)
        or (Press(opened, "", "check", "", "") if opened else None),
        "form": form,
        "is_ready": not sent and form is not None and _is_ready(opened, form),
        "problems": sent.problems() if sent else [],
        "refusal": translated(sent.fault) if sent and sent.fault else "",
        "close": listing.url(open=report.number),
        "back": listing.words(),
    }


def _presses(case: Case, listing: Listing) -> list[Press]:
    """The steps in the order of their keys; those with long forms stay on the case's own page."""
    found = [_press(offer, case, listing) for offer in case.offers if not offer.is_wide]
    if not _may_take_on(case):
        return found
    first = Press(
        TAKE_ON,
        words_of(TAKE_ON),
        "check",
        "a",
        listing.url(open=case.report.number, do=TAKE_ON),
        is_main=True,
    )
    rest = [replace(press, is_main=False) for press in found]
    return [first, *(replace(p, key="c") if p.name == Action.ACCEPT else p for p in rest)]


def words_of(step: str) -> str:
    """The words on the button of a step."""
    return pgettext("do", "受理并交办") if step == TAKE_ON else verb(Action(step))


def _may_take_on(case: Case) -> bool:
    offer = case.offer(Action.ACCEPT)
    return (
        offer is not None
        and not offer.obstacle
        and all(WORKFLOW[move].admits(case.who) for move in actions_of(TAKE_ON))
    )


def _press(offer: Offer, case: Case, listing: Listing) -> Press:
    return Press(
        offer.action,
        offer.words,
        offer.look.icon,
        offer.look.key,
        listing.url(open=case.report.number, do=offer.action),
        offer.obstacle,
        offer.is_main,
        offer.look.is_grave,
    )


def _photos(case: Case) -> list[dict[str, Any]]:
    by_id = {d.id: d for d in case.departments}
    return [facts.photo_view(photo, case.names, by_id) for photo in case.photos]


def _is_ready(opened: str, form: Any) -> bool:
    """Whether nothing needs typing, so that Enter sends it."""
    if opened in FIELDLESS:
        return True
    needed = _READY_WITH.get(opened)
    return needed is not None and all(form[name].data for name in needed)


def _kind(listing: Listing) -> Category | None:
    """The category that the form was changed to, for a new guess."""
    return category_by_code(listing["kind"]) if listing["kind"] else None


def _guess(case: Case, listing: Listing) -> Suggestion | None:
    """Who should handle it, as the report says or as the form beside it was changed."""
    grid = grid_by_code(listing["place"]) if listing["place"] else None
    return suggestion_for(case, _kind(listing), grid)


def _form(case: Case, listing: Listing, opened: str, suggestion: Suggestion | None) -> Any:
    if not opened:
        return None
    kind = _kind(listing)
    if opened == TAKE_ON:
        start = prefilled_for_taking_on(case, suggestion)
        start |= {"grid_code": listing["place"] or start["grid_code"]}
        if kind is not None:
            start |= {"category": kind.code, "deadline_class": kind.deadline_class.value}
    else:
        start = prefilled(case, Action(opened))
    form = step_called(opened).form(data=start)
    form.offer(choices_for(case))
    return form
