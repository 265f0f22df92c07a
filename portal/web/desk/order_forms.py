"""The forms of pressure: urge, order, talk; the unit's answer, and what ends an order."""

from __future__ import annotations

from wtforms import Form

from portal.core.text import N_
from portal.domain.supervision.levels import OrderLevel
from portal.web.desk.fields import ChoiceField, LinesField, text_field
from portal.web.desk.time_forms import DayField


class UrgeForm(Form):
    """催办: a reminder in words."""

    words = text_field(N_("催办的话"), 2, 300)
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input


class OrderForm(Form):
    """督办单: how grave, what is demanded and until when; a public one names a leader."""

    level = ChoiceField(N_("等级"), choices=[(one.value, one.label) for one in OrderLevel])
    demand = text_field(N_("督办要求"), 5, 1000)
    due_on = DayField(N_("答复到哪天"))
    title = text_field(N_("公开的标题"), 0, 100)
    leader_post = text_field(N_("包案领导的职务"), 0, 60)
    leader_name = text_field(N_("包案领导的姓名"), 0, 40)
    photo_ids = LinesField(N_("已上传的照片"), 40)


class TalkForm(Form):
    """约谈记录: with whom of the unit, when, what was said."""

    person_post = text_field(N_("约谈了谁（职务）"), 2, 60)
    held_on = DayField(N_("哪天"))
    record = text_field(N_("约谈内容"), 5, 2000)
    photo_ids = LinesField(N_("已上传的照片"), 40)


class AnswerForm(Form):
    """答复: what was done, why it was late, what comes next."""

    answer = text_field(N_("答复"), 5, 2000)
    photo_ids = LinesField(N_("已上传的照片"), 40)


class LiftForm(Form):
    """解除: why the order ends."""

    reason = text_field(N_("解除理由"), 2, 500)
    photo_ids = LinesField(N_("已上传的照片"), 40)
