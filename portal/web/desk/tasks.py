"""What each role does first: lists in the order in which they should be worked through.

A task is a list with its words; what it counts is what its link opens. The first that holds
something is the one action of the dashboard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.casework.belonging import NOBODY, Came, Due
from portal.domain.casework.desk_queries import Queue
from portal.domain.deadlines.clocks import Colour
from portal.web.desk.listing import Listing

Q = Queue
ME = "me"  # stands for the one who looks, in what narrows a task


@dataclass(frozen=True)
class Task:
    """A list to work through: its name, the words on the button, and how bad it is to have one.

    What is only looked at has no words for a button and is never the first thing to do.
    """

    label: str
    do: str
    queue: Queue
    narrowed: Mapping[str, str] = field(default_factory=dict)
    tone: str = ""  # the colour of a deadline, for what is late or near

    def listing(self, who: Actor) -> Listing:
        """The list as the one who looks sees it."""
        given = {key: str(who.user_id) if v == ME else v for key, v in self.narrowed.items()}
        return Listing(self.queue, given)


_LATE, _MINE = {"due": Due.LATE.value}, {"handler": ME}
_YELLOW, _RED = Colour.YELLOW.value, Colour.RED.value

TASKS: dict[Role, tuple[Task, ...]] = {
    Role.TRIAGE: (
        Task(N_("受理已逾期"), N_("先受理逾期的"), Q.TO_ACCEPT, _LATE, _YELLOW),
        Task(N_("举报人补充了"), N_("看补充的"), Q.ALL, {"came": Came.ANSWERED.value}),
        Task(N_("待受理"), N_("开始受理"), Q.TO_ACCEPT),
        Task(N_("待交办"), N_("去交办"), Q.TO_DISPATCH),
        Task(N_("等举报人补充"), "", Q.ALL, {"state": "need_info"}),
    ),
    Role.CLERK: (
        Task(N_("我的已逾期"), N_("先办逾期的"), Q.IN_HAND, {**_MINE, **_LATE}, _YELLOW),
        Task(N_("今天到期"), N_("办今天到期的"), Q.IN_HAND, {**_MINE, "due": Due.TODAY.value}),
        Task(N_("退回来改的"), N_("改退回来的"), Q.IN_HAND, {"came": Came.SENT_BACK.value}),
        Task(N_("待签收"), N_("去签收"), Q.TO_SIGN),
        Task(N_("7天内到期"), N_("办快到期的"), Q.IN_HAND, {**_MINE, "due": Due.WEEK.value}),
        Task(N_("协办没报告"), N_("报告协办情况"), Q.IN_HAND, {"part": "1"}),
        Task(N_("我在办的"), N_("接着办"), Q.IN_HAND, _MINE),
    ),
    Role.HEAD: (
        Task(N_("待单位审核"), N_("去审核"), Q.TO_SIGN_OFF),
        Task(N_("没签收也没分派"), N_("分给承办员"), Q.TO_SIGN, {"handler": NOBODY}),
        Task(N_("在办没分派"), N_("分给承办员"), Q.IN_HAND, {"handler": NOBODY}),
        Task(N_("本单位已逾期"), N_("看逾期的"), Q.OVERDUE, {}, _YELLOW),
        Task(N_("等批的延期"), "", Q.TO_EXTEND),
        Task(N_("本单位在办"), "", Q.IN_HAND),
    ),
    Role.GRID: (
        Task(N_("片区已逾期"), "", Q.OVERDUE, {}, _YELLOW),
        Task(N_("片区在办"), "", Q.IN_HAND),
        Task(N_("片区新来的"), "", Q.TO_ACCEPT),
    ),
    Role.REVIEWER: (
        Task(N_("审核已逾期"), N_("先审逾期的"), Q.TO_REVIEW, _LATE, _YELLOW),
        Task(N_("待审核"), N_("开始审核"), Q.TO_REVIEW),
    ),
    Role.PUBLISHER: (
        Task(N_("公开已逾期"), N_("先公开逾期的"), Q.TO_PUBLISH, _LATE, _YELLOW),
        Task(N_("待公开"), N_("去公开"), Q.TO_PUBLISH),
    ),
    Role.SUPERVISOR: (
        Task(N_("严重逾期"), N_("先督办严重逾期的"), Q.OVERDUE, {"colour": _RED}, _RED),
        Task(N_("退回待裁定"), N_("去审定"), Q.RETURNED),
        Task(N_("待批延期"), N_("批延期"), Q.TO_EXTEND),
        Task(N_("逾期"), N_("看逾期的"), Q.OVERDUE, {"colour": _YELLOW}, _YELLOW),
        Task(N_("待销号"), N_("去销号"), Q.TO_STRIKE_OFF),
        Task(N_("临期"), "", Q.ALL, {"colour": Colour.BLUE.value}, Colour.BLUE.value),
    ),
    Role.LEADER: (
        Task(N_("严重逾期"), "", Q.OVERDUE, {"colour": _RED}, _RED),
        Task(N_("逾期"), "", Q.OVERDUE, {"colour": _YELLOW}, _YELLOW),
        Task(N_("退回待裁定"), "", Q.RETURNED),
        Task(N_("在办"), "", Q.IN_HAND),
    ),
}


def tasks_of(who: Actor) -> list[Task]:
    """The tasks of every role that `who` has, in order, each once."""
    found = [task for role in TASKS if role in who.roles for task in TASKS[role]]
    return [task for place, task in enumerate(found) if task not in found[:place]]
