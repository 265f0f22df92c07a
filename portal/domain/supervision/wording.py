"""What urges and orders say, and the letter of an order (formats.md). Chinese in every language."""

from __future__ import annotations

from datetime import datetime

from portal.core.clock import local
from portal.core.documents.parts import Document, Heading, Paragraph, Part, written_day
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.deadlines.models import Crossing
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.models import SupervisionOrder

_STEPS = {
    Clock.SIGN: "签收",
    Clock.CONTACT: "联系举报人",
    Clock.RESOLVE: "办结",
    Clock.MILESTONE: "完成整改节点",
    Clock.FEEDBACK: "反馈办理结果",
}


def order_number(year: int, serial: int) -> str:
    """督〔2026〕3号."""
    return f"督〔{year}〕{serial}号"


def urge_words(crossing: Crossing) -> str:
    """What a rule reminds the lead of."""
    step, end = _STEPS[crossing.clock], _moment(crossing.due_at)
    if crossing.colour is Colour.BLUE:
        return f"离{crossing.clock.label}到期不远了（{end}），请抓紧{step}。"
    return f"{crossing.clock.label}已于{end}到期，请马上{step}。"


def order_demand(crossing: Crossing, due_at: datetime) -> str:
    """What a rule demands of the lead, and until when."""
    step, answer_by = _STEPS[crossing.clock], _last_day(due_at)
    if crossing.due_at > crossing.at:  # red at once: it came back
        return (
            f"问题整改后又反弹，期限为{_moment(crossing.due_at)}。"
            f"请立即{step}，并在{answer_by}前书面答复：反弹原因、防止再犯的措施、办结时间和责任人。"
        )
    late = "严重逾期" if crossing.colour is Colour.RED else "逾期"
    return (
        f"{crossing.clock.label}已于{_moment(crossing.due_at)}到期，至今没有{step}，属{late}。"
        f"请立即{step}，并在{answer_by}前书面答复：逾期原因、已经采取的措施、办结时间和责任人。"
    )


def write_order(order: SupervisionOrder, city: str, unit: str) -> Document:
    """The letter of an order, with the slip the unit sends back. `unit` signs for the city."""
    report = order.report
    return Document(
        title=order.level.label if order.level is OrderLevel.PUBLIC else "督办单",
        number=order.number,
        addressee=f"{city}{order.department.name_zh}",
        parts=[
            Paragraph(_opening(order)),
            Heading("一、督办事项"),
            Paragraph(f"{order.title or report.title}（编号{report.number}）。"),
            Heading("二、督办要求"),
            Paragraph(order.demand),
            Heading("三、答复时限"),
            Paragraph(f"请在{_last_day(order.due_at)}前书面答复，并附有关材料。"),
            *_led_by(order),
        ],
        signed_by=unit,
        signed_on=local(order.issued_at).date(),
        slip=_slip(order),
    )


def _opening(order: SupervisionOrder) -> str:
    level = {
        OrderLevel.YELLOW: "黄牌督办",
        OrderLevel.RED: "红牌督办",
        OrderLevel.PUBLIC: "挂牌督办，并向社会公开",
    }[order.level]
    return f"你单位主办的下列举报件，现予{level}，请认真落实。"


def _led_by(order: SupervisionOrder) -> list[Part]:
    if order.level is not OrderLevel.PUBLIC:
        return []
    who = f"{order.leader_post}{order.leader_name}"
    return [Heading("四、包案领导"), Paragraph(f"本件由{who}同志包案，督促办结。")]


def _slip(order: SupervisionOrder) -> list[Part]:
    return [
        Heading(f"{order.number}答复单", 2),
        Paragraph("办理情况：\n\n逾期原因：\n\n下一步措施和办结时间：\n"),
        Paragraph("责任人：　　　　　　联系电话：　　　　　　\n（单位盖章）　　　　　　年　月　日"),
    ]


def _moment(at: datetime) -> str:
    """The end of a term: midnight belongs to the day it ends, other moments have their time."""
    clock = f"{local(at):%H:%M}"
    if clock == "00:00":
        return _last_day(at)
    return f"{written_day(local(at).date())}{clock}"


def _last_day(due_at: datetime) -> str:
    return written_day(work_calendar().last_day(due_at))
