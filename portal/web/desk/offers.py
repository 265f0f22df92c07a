"""Which steps the page of a report offers to the one who looks, and what stands in their way.

The table decides; here only the order, the words and the obstacles known beforehand are added. The
services prove every guard again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask_babel import gettext as _

from portal.core.errors import NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.casework.models import ContactAttempt, Finding
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, Guard, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.workflow import allowed_actions
from portal.domain.timeline.models import TimelineEvent
from portal.web import filters
from portal.web.desk.verbs import verb

OF_THE_LEAD = frozenset({Guard.LEAD_CLERK, Guard.LEAD_HEAD})
MAIN = (
    Action.ACCEPT, Action.DISPATCH, Action.RULE, Action.SIGN, Action.PROPOSE, Action.SUBMIT,
    Action.RESOLVE, Action.PUBLISH, Action.DEREGISTER, Action.RESUME, Action.UNMERGE,
)  # fmt: skip
FIELDLESS = frozenset({Action.SIGN, Action.SUBMIT, Action.RESOLVE, Action.RESUME, Action.UNMERGE})
# Long forms stand in the wide column.
WIDE = frozenset({Action.PROPOSE, Action.PUBLISH})


@dataclass(frozen=True)
class Look:
    """One step as its button and form are drawn: icon, key, and whether it ends something."""

    icon: str
    key: str = ""
    is_grave: bool = False


LOOKS: dict[Action, Look] = {
    Action.ASK: Look("help", "q"),
    Action.ACCEPT: Look("check", "a"),
    Action.DECLINE: Look("x", "n", is_grave=True),
    Action.MERGE: Look("merge", "m"),
    Action.UNMERGE: Look("share", "a"),
    Action.SPLIT: Look("copy", "s"),
    Action.DISPATCH: Look("share", "d"),
    Action.SIGN: Look("pen", "a"),
    Action.RETURN: Look("back2", "r", is_grave=True),
    Action.RULE: Look("order", "a"),
    Action.PROPOSE: Look("doc", "a"),
    Action.SEND_BACK: Look("back2", "r"),
    Action.SUBMIT: Look("check", "a"),
    Action.REWORK: Look("back2", "r"),
    Action.STAGE_CLOSE: Look("cal", "s"),
    Action.RESUME: Look("nav", "a"),
    Action.RESOLVE: Look("check", "a"),
    Action.PUBLISH: Look("eye", "a"),
    Action.WITHHOLD: Look("lock", "n", is_grave=True),
    Action.DEREGISTER: Look("check", "a"),
    Action.REOPEN: Look("retry", "o", is_grave=True),
}


@dataclass(frozen=True)
class Offer:
    """A step offered: its look, and the sentence why it cannot be taken yet, if there is one."""

    action: Action
    look: Look
    obstacle: str = ""
    is_main: bool = False  # the one pine button of the page

    @property
    def has_fields(self) -> bool:
        """Whether there is anything to fill in."""
        return self.action not in FIELDLESS

    @property
    def words(self) -> str:
        """The words on the button."""
        return verb(self.action)

    @property
    def is_wide(self) -> bool:
        """Whether the form stands in the wide column."""
        return self.action in WIDE


@dataclass(frozen=True)
class Known:
    """What the page has already read about a report, enough to see obstacles coming."""

    report: Report
    who: Actor
    at: datetime
    finding: Finding | None = None
    contacts: Sequence[ContactAttempt] = ()
    events: Sequence[TimelineEvent] = field(default_factory=tuple)

    def count(self, action: Action) -> int:
        """How often `action` happened."""
        return sum(event.kind == action for event in self.events)


def refuse_strangers(report: Report, action: Action, who: Actor) -> None:
    """Raise NotAllowedError when `who` never takes this step on this report."""
    step = WORKFLOW[action]
    if not step.admits(who):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    if step.guards & OF_THE_LEAD and State(report.state) in step.sources and not leads(report, who):
        raise NotAllowedError(N_("只有主办单位的人能做这一步。"))


def leads(report: Report, who: Actor) -> bool:
    """Whether `who` sits in the lead department."""
    return who.department_id is not None and who.department_id == report.lead_department_id


def offers(known: Known) -> list[Offer]:
    """The steps to show, the main one first."""
    found = []
    for action in allowed_actions(known.report, known.who):
        try:
            refuse_strangers(known.report, action, known.who)
        except NotAllowedError:
            continue
        if action in LOOKS and not _is_pointless(action, known):
            found.append(Offer(action, LOOKS[action], _obstacle(action, known)))
    order = {action: place for place, action in enumerate(MAIN)}
    found.sort(key=lambda offer: order.get(offer.action, len(order)))
    if found and found[0].action in order and not found[0].obstacle:
        found[0] = replace(found[0], is_main=True)
    return found


def _is_pointless(action: Action, known: Known) -> bool:
    """Steps whose guard depends on how often a case was returned: one of the two is never open."""
    is_returned = known.report.state == State.RETURNED
    if action is Action.DISPATCH and is_returned:
        return known.count(Action.RETURN) > 1
    if action is Action.RULE:
        return known.count(Action.RETURN) < 2
    return False


def _obstacle(action: Action, known: Known) -> str:
    """Why the step cannot be taken now; empty when nothing is known against it."""
    for guard in sorted(WORKFLOW[action].guards & _OBSTACLES.keys()):
        sentence = _OBSTACLES[guard](known)
        if sentence:
            return sentence
    return ""


def _asked_twice(known: Known) -> str:
    return _("已经问过两次，不能再问。") if known.count(Action.ASK) >= 2 else ""


def _nobody_called(known: Known) -> str:
    missing = known.report.has_contact and not known.contacts
    return _("举报人留了联系方式，请先联系并记录。") if missing else ""


def _own_proposal(known: Known) -> str:
    own = known.finding is not None and known.finding.proposed_by_id == known.who.user_id
    return _("拟办结是您写的，请另一位负责人报审。") if own else ""


def _own_case(known: Known) -> str:
    finding = known.finding
    own = finding is not None and known.who.user_id in {
        finding.proposed_by_id,
        finding.submitted_by_id,
    }
    return _("您经办过这一件，请另一位审核员处理。") if own else ""


def _own_draft(known: Known) -> str:
    own = known.finding is not None and known.finding.drafted_by_id == known.who.user_id
    return _("公开文字是您起草的，请另一位公开审核员处理。") if own else ""


def _own_review(known: Known) -> str:
    own = known.finding is not None and known.finding.reviewed_by_id == known.who.user_id
    return _("这一件是您审核的，请另一位督办员销号。") if own else ""


def _in_notice(known: Known) -> str:
    ends = known.report.notice_ends_at
    if ends is None or ends <= known.at:
        return ""
    return _("公示到%(when)s，之后才能销号。", when=filters.due(ends))


def _ruled(known: Known) -> str:
    return _("督办员已经审定，不能再退回。") if known.count(Action.RULE) else ""


_OBSTACLES = {
    Guard.ASK_LEFT: _asked_twice,
    Guard.CONTACT_ON_RECORD: _nobody_called,
    Guard.NOT_PROPOSER: _own_proposal,
    Guard.THIRD_PERSON: _own_case,
    Guard.NOT_DRAFTER: _own_draft,
    Guard.NOT_REVIEWER: _own_review,
    Guard.NOTICE_OVER: _in_notice,
    Guard.RETURN_OPEN: _ruled,
}
