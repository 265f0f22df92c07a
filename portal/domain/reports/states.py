"""The words of the workflow: states, actions and guards, with their names on screen."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import N_


class State(StrEnum):
    """Where a report stands 状态."""

    SUBMITTED = "submitted"
    NEED_INFO = "need_info"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    HANDLING = "handling"
    HEAD_REVIEW = "head_review"
    SUBMITTED_REVIEW = "submitted_review"
    STAGE_CLOSED = "stage_closed"
    RESOLVED = "resolved"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    DEREGISTERED = "deregistered"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.SUBMITTED: N_("待受理"),
    State.NEED_INFO: N_("待补充"),
    State.DECLINED: N_("不予受理"),
    State.WITHDRAWN: N_("已撤回"),
    State.MERGED: N_("已并案"),
    State.ACCEPTED: N_("已受理"),
    State.DISPATCHED: N_("已交办"),
    State.RETURNED: N_("退回待裁定"),
    State.HANDLING: N_("办理中"),
    State.HEAD_REVIEW: N_("待单位审核"),
    State.SUBMITTED_REVIEW: N_("待审核"),
    State.STAGE_CLOSED: N_("阶段性办结"),
    State.RESOLVED: N_("已办结"),
    State.PUBLISHED: N_("已公开"),
    State.WITHHELD: N_("不予公开"),
    State.DEREGISTERED: N_("已销号"),
}


class Action(StrEnum):
    """A step of the workflow 动作."""

    FILE = "file"
    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    DISPATCH = "dispatch"
    SIGN = "sign"
    RETURN = "return"
    RULE = "rule"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    SUBMIT = "submit"
    REWORK = "rework"
    STAGE_CLOSE = "stage_close"
    RESUME = "resume"
    RESOLVE = "resolve"
    PUBLISH = "publish"
    WITHHOLD = "withhold"
    DEREGISTER = "deregister"
    REOPEN = "reopen"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.FILE: N_("收到举报"),
    Action.ASK: N_("要求补充"),
    Action.ANSWER: N_("补充"),
    Action.ACCEPT: N_("受理"),
    Action.DECLINE: N_("不予受理"),
    Action.APPEAL: N_("申诉"),
    Action.WITHDRAW: N_("撤回"),
    Action.MERGE: N_("并案"),
    Action.UNMERGE: N_("拆分"),
    Action.SPLIT: N_("拆件"),
    Action.DISPATCH: N_("交办"),
    Action.SIGN: N_("签收"),
    Action.RETURN: N_("退回"),
    Action.RULE: N_("审定"),
    Action.PROPOSE: N_("拟办结"),
    Action.SEND_BACK: N_("退回修改"),
    Action.SUBMIT: N_("报审"),
    Action.REWORK: N_("退回重办"),
    Action.STAGE_CLOSE: N_("阶段性办结"),
    Action.RESUME: N_("恢复办理"),
    Action.RESOLVE: N_("办结"),
    Action.PUBLISH: N_("公开"),
    Action.WITHHOLD: N_("不予公开"),
    Action.DEREGISTER: N_("销号"),
    Action.REOPEN: N_("重新办理"),
}


class Guard(StrEnum):
    """A fact that must be proved before a step; exactly one function proves each."""

    ASK_LEFT = "ask_left"
    APPEAL_OPEN = "appeal_open"
    OTHER_TRIAGE = "other_triage"
    MAIN_FIT = "main_fit"
    PARTS_FIT = "parts_fit"
    LEAD_FIT = "lead_fit"
    FIRST_RETURN = "first_return"
    LEAD_CLERK = "lead_clerk"
    LEAD_HEAD = "lead_head"
    RETURN_OPEN = "return_open"
    SECOND_RETURN = "second_return"
    FINDING_COMPLETE = "finding_complete"
    CONTACT_ON_RECORD = "contact_on_record"
    NOT_PROPOSER = "not_proposer"
    PLAN_DATED = "plan_dated"
    THIRD_PERSON = "third_person"
    PHOTOS_DECIDED = "photos_decided"
    NOT_DRAFTER = "not_drafter"
    NOTICE_OVER = "notice_over"
    NO_OBJECTION = "no_objection"
    NOT_REVIEWER = "not_reviewer"
    LOOKBACK_FAILED = "lookback_failed"
