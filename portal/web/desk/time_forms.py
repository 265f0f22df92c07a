"""Forms about time: more of it for a case, the city's terms, its calendar."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Form
from wtforms.validators import ValidationError

from portal.core.text import N_
from portal.domain.calendar.models import DayKind
from portal.domain.deadlines.clocks import DeadlineClass, Unit
from portal.domain.deadlines.extensions import MOST_DAYS
from portal.domain.deadlines.models import ExtensionReason
from portal.web.desk.fields import (
    ChoiceField,
    ChoicesField,
    LinesField,
    RowIdField,
    WholeField,
    text_field,
)


class ExtensionForm(Form):
    """申请延期: calendar days, why, and the clerk's own words."""

    days = WholeField(N_("延长天数"), MOST_DAYS)
    reason = ChoiceField(N_("理由"), choices=[(one.value, one.label) for one in ExtensionReason])
    note = text_field(N_("说明"), 4, 500)
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input

    def validate_days(self, field: WholeField) -> None:
        """One to thirty."""
        if field.data is None:
            raise ValidationError(_("延期要在1到30天之间（法定最多30天）。"))


class DecisionForm(Form):
    """批准或不批准: which request, and why not."""

    extension_id = RowIdField(N_("申请"))
    note = text_field(N_("不批准的理由"), 0, 500)
    photo_ids = LinesField(N_("已上传的照片"), 40)


class DayField(DateField):
    """A day as the browser sends it: 2027-01-31."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read an ISO day. Raises ValueError with a sentence."""
        try:
            super().process_formdata([str(value).strip() for value in valuelist])
        except ValueError as fault:
            raise ValueError(_("日期要写成2027-01-31这样。")) from fault

    def pre_validate(self, _form: Any) -> None:
        """Raise when no day was given."""
        if self.data is None and not self.process_errors:
            raise ValidationError(_("请填写“%(what)s”。", what=_(self.label.text)))


class TermForm(Form):
    """定时限: for which class, how long, from which day on."""

    deadline_class = ChoiceField(
        N_("时限类别"), choices=[(one.value, one.label) for one in DeadlineClass], optional=True
    )
    amount = WholeField(N_("长度"), 3660)
    unit = ChoiceField(N_("单位"), choices=[(one.value, one.label) for one in Unit])
    effective_on = DayField(N_("从哪天起"))

    def validate_amount(self, field: WholeField) -> None:
        """A length is needed."""
        if field.data is None:
            raise ValidationError(_("请填写“%(what)s”。", what=_(field.label.text)))


_USUAL = "usual"


class DayForm(Form):
    """改一天: a holiday, a day worked, or whatever its weekday says."""

    on = DayField(N_("日期"))
    kind = ChoiceField(
        N_("这天"),
        choices=[*((one.value, one.label) for one in DayKind), (_USUAL, N_("按星期几"))],
    )
    name = text_field(N_("名称"), 0, 40)

    def chosen(self) -> DayKind | None:
        """The kind laid down; None lets the day follow its weekday."""
        return None if self.kind.data == _USUAL else DayKind(self.kind.data)


class ImportForm(Form):
    """导入一年: the text of a CSV file, carried from the preview to the import."""

    file = LinesField(N_("文件"), 10_000)  # a file; here only for its errors
    rows = text_field(N_("文件"), 0, 40_000)


class ProgressForm(Form):
    """报告进展: words inside, words for the reporter, whether the milestone is done."""

    note = text_field(N_("做到哪一步"), 2, 1000)
    told = text_field(N_("告诉举报人的话"), 0, 200)
    done = ChoicesField(N_("做完了"), choices=[("1", N_("这个节点做完了"))])
    photos = LinesField(N_("照片"), 200)  # files; here only for their errors
    photo_ids = LinesField(N_("已上传的照片"), 40)

    @property
    def is_done(self) -> bool:
        """Whether the milestone is done."""
        return bool(self.done.data)
