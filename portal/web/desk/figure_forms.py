"""The forms of targets and weights."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Form, IntegerField, StringField
from wtforms.validators import InputRequired, ValidationError

from portal.core.text import N_
from portal.web.desk.fields import ChoiceField, KeyedField, text_field


class TargetForm(Form):
    """A target for a unit and a figure; an empty value withdraws it."""

    year = IntegerField(N_("年份"), validators=[InputRequired(N_("请填写年份。"))])
    unit = ChoiceField(N_("给谁定"))
    figure = ChoiceField(N_("指标"))
    value = StringField(N_("目标值"), filters=[lambda v: (v or "").strip().removesuffix("%")])
    note = text_field(N_("说明"), 0, 200)

    def validate_value(self, field: Any) -> None:
        """A number or nothing. Raises ValidationError."""
        if field.data:
            try:
                float(field.data)
            except ValueError as fault:
                raise ValidationError(_("目标值要填数字，比如95。")) from fault

    @property
    def number(self) -> float | None:
        """The value as a number; None withdraws."""
        return float(self.value.data) if self.value.data else None


class WeightForm(Form):
    """Weights by figure, from a day on."""

    weights = KeyedField(N_("权重"))
    effective_on = DateField(N_("从哪天起"), validators=[InputRequired(N_("请填写从哪天起。"))])
    note = text_field(N_("说明"), 0, 200)

    def validate_weights(self, field: Any) -> None:
        """Whole numbers; an empty one is 0. Raises ValidationError."""
        if any(text.strip() and not text.strip().isdecimal() for text in field.data.values()):
            raise ValidationError(_("权重要填0到100的整数。"))

    @property
    def numbers(self) -> dict[str, int]:
        """The weights as numbers, by figure."""
        return {code: int(text.strip()[:4] or 0) for code, text in self.weights.data.items()}
