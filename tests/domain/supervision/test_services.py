"""Orders by hand: who issues, who answers, who lifts, and what the public reads of it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import docx
import pytest

from portal.core.db import db
from portal.core.documents.docx import as_docx
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.reports.models import AccusedDepartment, Report
from portal.domain.reports.states import State
from portal.domain.supervision.levels import OrderLevel, OrderState
from portal.domain.supervision.models import SupervisionOrder
from portal.domain.supervision.queries import (
    OrderFilter,
    OrderView,
    order_in_scope,
    orders,
    public_orders,
    waiting_orders,
)
from portal.domain.supervision.services import (
    NewOrder,
    NewTalk,
    OrderError,
    answer_order,
    issue_order,
    lift_order,
    record_talk,
    urge_lead,
)
from portal.domain.supervision.wording import write_order
from portal.domain.timeline.queries import events_of
from tests.factories import LEAD, START, at_state, file, make_department, staff, writing

pytestmark = [pytest.mark.usefixtures("db_city"), pytest.mark.engine]
AT = START + timedelta(days=3)
DUE_ON = (AT + timedelta(days=5)).date()
YELLOW = NewOrder(OrderLevel.YELLOW, "请在一周内办结，并说明原因。", DUE_ON)
PUBLIC = NewOrder(
    OrderLevel.PUBLIC, "六月底前完成整治。", DUE_ON, "河边作坊异味问题", "韦明", "副市长"
)


def ordered(new: NewOrder = YELLOW, report: Report | None = None) -> SupervisionOrder:
    with writing():
        case = report or at_state(State.HANDLING)
        return issue_order(case, new, by=staff(Role.SUPERVISOR), at=AT)


def test_numbers_have_no_gaps_and_begin_anew_each_year() -> None:
    report = at_state(State.HANDLING)
    first, second = ordered(report=report), ordered(report=report)
    with pytest.raises(InvalidFieldsError), writing():
        issue_order(
            report, NewOrder(OrderLevel.PUBLIC, "整治", DUE_ON), by=staff(Role.SUPERVISOR), at=AT
        )
    with writing():
        later = NewOrder(OrderLevel.RED, "整治。", DUE_ON.replace(year=2027))
        by = staff(Role.SUPERVISOR)
        next_year = issue_order(report, later, by=by, at=AT.replace(year=2027))
    third = ordered(report=report)
    numbers = [order.number for order in (first, second, third, next_year)]
    assert numbers == ["督〔2026〕1号", "督〔2026〕2号", "督〔2026〕3号", "督〔2027〕1号"]


def test_the_unit_answers_once_and_the_supervisor_lifts_with_a_reason() -> None:
    order = ordered()
    clerk, supervisor = staff(Role.CLERK, department=LEAD), staff(Role.SUPERVISOR)
    assert waiting_orders(clerk, AT) == (1, 0)
    assert order.is_late(order.due_at)
    with writing():
        answer_order(order, "设备已到，周五装完。", by=clerk, at=AT)
    assert str(order.standing) == OrderState.ANSWERED
    assert not order.is_late(order.due_at)
    assert (waiting_orders(clerk, AT), waiting_orders(supervisor, AT)) == ((0, 0), (1, 0))
    with pytest.raises(OrderError), writing():
        answer_order(order, "再答一次。", by=clerk, at=AT)
    with pytest.raises(InvalidFieldsError), writing():
        lift_order(order, "  ", by=supervisor, at=AT)
    with writing():
        lift_order(order, "已经办结。", by=supervisor, at=AT)
    assert str(order.standing) == OrderState.LIFTED
    with pytest.raises(OrderError), writing():
        lift_order(order, "已经办结。", by=supervisor, at=AT)
    kinds = [event.kind for event in events_of("report", order.report_id)][-3:]
    assert kinds == ["order_issued", "order_answered", "order_lifted"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_only_supervisors_press(role: Role) -> None:
    report = at_state(State.HANDLING)
    by = staff(role, department=LEAD if role in {Role.CLERK, Role.HEAD} else "")
    with pytest.raises(NotAllowedError), writing():
        issue_order(report, YELLOW, by=by, at=AT)
    with pytest.raises(NotAllowedError), writing():
        urge_lead(report, "请抓紧。", by=by, at=AT)
    with pytest.raises(NotAllowedError), writing():
        record_talk(report, NewTalk("局长", AT.date(), "限期整改。"), by=by, at=AT)


def test_a_unit_sees_and_answers_only_its_own() -> None:
    order = ordered()
    make_department("zj")
    stranger = staff(Role.HEAD, department="zj")
    assert order_in_scope(stranger, order.id) is None
    assert orders(OrderFilter(view=OrderView.ALL), stranger, AT, 10) == []
    with pytest.raises(NotAllowedError), writing():
        answer_order(order, "不是我们的。", by=stranger, at=AT)
    own = staff(Role.HEAD, department=LEAD)
    assert order_in_scope(own, order.id) is order
    with writing():
        row = AccusedDepartment(report_id=order.report_id, department_id=order.department_id)
        db.session.add(row)
    assert order_in_scope(own, order.id) is None
    assert order_in_scope(staff(Role.PUBLISHER), order.id) is None
    assert order_in_scope(staff(Role.LEADER), order.id) is not None


def test_the_public_reads_public_orders_only() -> None:
    ordered()
    assert public_orders() == []
    order = ordered(PUBLIC)
    row = public_orders()[0]
    assert (row.title, row.leader_post, row.leader_name) == ("河边作坊异味问题", "副市长", "韦明")
    with writing():
        lift_order(order, "整治完成，验收合格。", by=staff(Role.SUPERVISOR), at=AT)
    assert public_orders()[0].lift_reason == "整治完成，验收合格。"


def test_a_case_nobody_leads_cannot_be_pressed() -> None:
    report = file()
    with pytest.raises(OrderError), writing():
        urge_lead(report, "请抓紧。", by=staff(Role.SUPERVISOR), at=AT)


def test_the_letter_of_a_public_order() -> None:
    order = ordered(PUBLIC)
    letter = write_order(order, "示例市", "示例市环境污染投诉受理中心")
    words = "\n".join(p.text for p in docx.Document(BytesIO(as_docx(letter))).paragraphs)
    for part in (
        order.number,
        "挂牌督办",
        "副市长韦明",
        "六月底前完成整治",
        "答复单",
    ):
        assert part in words
