"""Forms about time: more of it for a case, the city's terms, its calendar."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Form, IntegerField
from wtforms.validators import ValidationError

from portal.core.text import N_
from portal.domain.deadlines.extensions import MOST_DAYS
from portal.domain.deadlines.models import ExtensionReason
from portal.web.desk.fields import ChoiceField, LinesField, WholeField, text_field


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

    extension_id = IntegerField(N_("申请"))
    note = text_field(N_("不批准的理由"), 0, 500)
    photo_ids = LinesField(N_("已上传的照片"), 40)
