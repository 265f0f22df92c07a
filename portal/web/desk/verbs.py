"""What a button says: the word for taking a step.

Chinese has one word for a step to take and a step taken; English has two. The workflow's labels
(reports/states.py) tell what was done, so the same words stand here once more with a context.
"""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import pgettext

from portal.domain.reports.states import Action

_VERBS: dict[Action, Callable[[], str]] = {
    Action.ASK: lambda: pgettext("do", "要求补充"),
    Action.ACCEPT: lambda: pgettext("do", "受理"),
    Action.DECLINE: lambda: pgettext("do", "不予受理"),
    Action.MERGE: lambda: pgettext("do", "并案"),
    Action.UNMERGE: lambda: pgettext("do", "拆分"),
    Action.SPLIT: lambda: pgettext("do", "拆件"),
    Action.DISPATCH: lambda: pgettext("do", "交办"),
    Action.SIGN: lambda: pgettext("do", "签收"),
    Action.RETURN: lambda: pgettext("do", "退回"),
    Action.RULE: lambda: pgettext("do", "审定"),
    Action.PROPOSE: lambda: pgettext("do", "拟办结"),
    Action.SEND_BACK: lambda: pgettext("do", "退回修改"),
    Action.SUBMIT: lambda: pgettext("do", "报审"),
    Action.REWORK: lambda: pgettext("do", "退回重办"),
    Action.STAGE_CLOSE: lambda: pgettext("do", "阶段性办结"),
    Action.RESUME: lambda: pgettext("do", "恢复办理"),
    Action.RESOLVE: lambda: pgettext("do", "通过，办结并答复"),
    Action.PUBLISH: lambda: pgettext("do", "公开"),
    Action.WITHHOLD: lambda: pgettext("do", "不予公开"),
    Action.DEREGISTER: lambda: pgettext("do", "销号"),
    Action.REOPEN: lambda: pgettext("do", "重新办理"),
}


def verb(action: Action) -> str:
    """The word for taking `action`, in the visitor's language; its label where none stands here."""
    return _VERBS[action]() if action in _VERBS else _(action.label)
