"""Updates of requests: public steps going out, a system's own words coming in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from portal.domain.casework.models import Verdict
from portal.domain.publication.merged import MergedCase
from portal.domain.publication.models import PublicCase, PublicLevel, PublicUpdate
from portal.domain.reports.states import Action, State
from portal.web.open311.arguments import Arguments, bad
from portal.web.open311.filing import DESCRIPTION_MOST, Form, links_note, read_words
from portal.web.open311.rows import merged_words, picture_url, written

ID_MOST, TITLE_MOST = 120, 200
CONTACTS = ("first_name", "last_name", "phone", "email")
STATUSES = frozenset(
    {
        *("OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING"),
        *("DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "REOPEN"),
        *("INTERNAL_REFERRAL", "FOR_TRIAGE", "CANCELLED", "CONFIRMED"),
    }
)
"""The words of FixMyStreet for where a request stands."""
_STANDING = {
    State.ACCEPTED: "OPEN",
    State.NEED_INFO: "INVESTIGATING",
    State.RETURNED: "INVESTIGATING",
    State.DISPATCHED: "ACTION_SCHEDULED",
    State.MERGED: "DUPLICATE",
}
_CLOSED = frozenset({State.RESOLVED, State.PUBLISHED, State.WITHHELD, State.DEREGISTERED})


def request_update(step: PublicUpdate, case: PublicCase | MergedCase) -> dict[str, Any]:
    """One public step; its words are the state's name, never anybody's own."""
    if isinstance(case, MergedCase):
        return {
            "update_id": str(step.id),
            "service_request_id": case.number,
            "status": "DUPLICATE",
            "updated_datetime": written(step.at),
            "description": merged_words(case),
            "media_url": None,
            "external_status_code": step.state,
        }
    is_out = step.level == PublicLevel.PUBLISHED and step.state == State.PUBLISHED
    after = case.after if is_out else None
    return {
        "update_id": str(step.id),
        "service_request_id": case.number,
        "status": _status(step, case),
        "updated_datetime": written(step.at),
        "description": _words(step, case),
        "media_url": picture_url(after["key"]) if after else None,
        "external_status_code": step.state,
    }


def read_update_id(sent: Arguments) -> str:
    """The system's own id for what it tells. Raises BadArgumentError."""
    update_id = sent.text("update_id")
    if not 0 < len(update_id) <= ID_MOST:
        raise bad("update_id", _("要填，最多%(most)s字", most=ID_MOST))
    return update_id


def read_telling(form: Form) -> str:
    """What staff shall read: title, words, where it stands over there, addresses of pictures.

    Who tells it may be anybody, so their name, phone and mail are not kept; only that there are
    some. Raises BadArgumentError naming what is missing or cannot be understood.
    """
    sent = Arguments(form)
    status = sent.text("status").upper().replace(" ", "_")
    if status not in STATUSES:
        raise bad("status", _("只能是：%(known)s", known=", ".join(sorted(STATUSES))))
    if sent.moment("updated_datetime") is None:
        raise bad("updated_datetime", _("要填"))
    words = read_words(form, "description", DESCRIPTION_MOST)
    if not words:
        raise bad("description", _("要填"))
    title = read_words(form, "title", TITLE_MOST)
    there = _("（对方系统的状态：%(status)s）", status=status)
    parts = (title, words, there, _reachable_there(sent), links_note(form))
    return "\n".join(part for part in parts if part)


def _reachable_there(sent: Arguments) -> str:
    if not any(sent.text(name) for name in CONTACTS):
        return ""
    return _("（对方系统还附了联系方式，这里没有保存；要联系，请找对方系统。）")


def _status(step: PublicUpdate, case: PublicCase) -> str:
    state = State(step.state)
    if state in _CLOSED:
        return _outcome(case)
    if step.is_reopened and state is State.HANDLING:
        return "REOPEN"
    return _STANDING.get(state, "IN_PROGRESS")


def _outcome(case: PublicCase) -> str:
    """Closed; published cases say whether something was put right."""
    if case.verdict in {Verdict.VERIFIED, Verdict.PARTLY}:
        return "FIXED"
    return "NO_FURTHER_ACTION" if case.verdict else "CLOSED"


def _words(step: PublicUpdate, case: PublicCase) -> str:
    state = State(step.state)
    if step.is_reopened and state is State.HANDLING:
        return _(Action.REOPEN.label)
    if state is State.PUBLISHED and case.text:
        return case.text
    return _(state.label)
