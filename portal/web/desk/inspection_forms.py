"""Forms of the weekly inspection: its plan, its list, the result on site, the sign-off."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Form
from wtforms.validators import ValidationError

from portal.core.text import N_
from portal.domain.inspections.models import Result
from portal.domain.inspections.planning import MOST, Plan, RuleValue
from portal.web.desk.fields import ChoiceField, ChoicesField, LinesField, WholeField, text_field
from portal.web.desk.onsite_forms import OnSiteForm
from portal.web.desk.time_forms import DayField

WEEKDAYS = (
    N_("星期一"),
    N_("星期二"),
    N_("星期三"),
    N_("星期四"),
    N_("星期五"),
    N_("星期六"),
    N_("星期日"),
)


class PlanForm(Form):
    """督查计划: who goes, how many are drawn, how many overdue ones are listed."""

    inspectors = ChoicesField(N_("督查人员"))
    draw_size = WholeField(N_("另外抽查几件"), MOST)
    most_overdue = WholeField(N_("逾期的最多列几件"), MOST)
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input

    def plan(self) -> Plan:
        """What was decided; nothing typed draws none and lists every overdue case."""
        ids = [int(one) for one in self.inspectors.data]
        return Plan(ids, self.draw_size.data or 0, self.most_overdue.data)


class NewPlanForm(PlanForm):
    """The same for a week that has none."""

    monday = DayField(N_("哪一周（星期一的日期）"))


class RuleForm(Form):
    """督查计划规则: on which day the draft is made, which share is drawn."""

    weekday = ChoiceField(
        N_("星期几自动列下周的计划"), choices=[(str(n), words) for n, words in enumerate(WEEKDAYS)]
    )
    percent = WholeField(N_("抽查比例"), 100)
    rule_overdue = WholeField(N_("逾期的最多列几件"), MOST)
    photo_ids = LinesField(N_("已上传的照片"), 40)

    def validate_percent(self, field: WholeField) -> None:
        """One to a hundred."""
        if field.data is None:
            raise ValidationError(_("抽查比例要在1%到100%之间。"))

    def value(self) -> RuleValue:
        """The rule as typed."""
        return RuleValue(int(self.weekday.data), self.percent.data or 0, self.rule_overdue.data)


class AddForm(Form):
    """加一件: which case, and why."""

    number = text_field(N_("举报编号"), 1, 40)
    why = text_field(N_("为什么加"), 2, 200)
    photo_ids = LinesField(N_("已上传的照片"), 40)


class RemoveForm(Form):
    """拿掉一件: why."""

    removed_why = text_field(N_("为什么不去看"), 2, 200)
    photo_ids = LinesField(N_("已上传的照片"), 40)


class CancelForm(Form):
    """取消草稿: why, and whether the list is drawn anew."""

    reason = text_field(N_("取消的理由"), 2, 200)
    photo_ids = LinesField(N_("已上传的照片"), 40)


class SignOffForm(Form):
    """签发: what it showed, what is demanded."""

    summary = text_field(N_("总体情况"), 2, 1000)
    demands = text_field(N_("统一要求"), 0, 1000)
    photo_ids = LinesField(N_("已上传的照片"), 40)


# The question is 现场怎么样？ and these are its answers, the good one first.
ANSWERS = (Result.PUT_RIGHT, Result.NOT_PUT_RIGHT, Result.AS_REPORTED, Result.NO_ENTRY)


class ResultForm(OnSiteForm):
    """现场结果: the answer, and what every look at a place leaves."""

    result = ChoiceField(N_("现场怎么样？"), choices=[(one.value, one.label) for one in ANSWERS])
