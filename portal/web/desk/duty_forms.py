"""Forms of the duty roster."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from wtforms import Form
from wtforms.validators import InputRequired, ValidationError

from portal.core.clock import zone
from portal.core.text import N_
from portal.web.desk.fields import ChoiceField, text_field
from portal.web.desk.time_forms import DayField

_CHANGE, _EVENING = time(8, 30), time(20, 30)
# From when, until when, and how many days later that is.
PARTS = {
    "whole": (_CHANGE, _CHANGE, 1),
    "day": (_CHANGE, _EVENING, 0),
    "night": (_EVENING, _CHANGE, 1),
}
_LABELS = [
    ("whole", N_("全天（8:30到次日8:30）")),
    ("day", N_("白班（8:30到20:30）")),
    ("night", N_("夜班（20:30到次日8:30）")),
]


class ShiftForm(Form):
    """排一班: which day, which part of it, who watches, who leads."""

    on = DayField(N_("哪一天"), validators=[InputRequired(N_("请选日期。"))])
    part = ChoiceField(N_("班次"), choices=_LABELS)
    officer = ChoiceField(N_("值班员"))
    leader = ChoiceField(N_("带班领导"))

    def validate_on(self, field: DayField) -> None:
        """A day this portal can tell in UTC."""
        if field.data and not date(2000, 1, 1) < field.data < date(2100, 1, 1):
            raise ValidationError(_("日期要写成2027-01-31这样。"))

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when until when, in the city's time."""
        first, last, days = PARTS[self.part.data]
        on: date = self.on.data  # type: ignore[assignment]  # validated
        return (
            datetime.combine(on, first, tzinfo=zone()),
            datetime.combine(on + timedelta(days=days), last, tzinfo=zone()),
        )


class WordsForm(Form):
    """紧急词: one a line, or apart by commas."""

    words = text_field(N_("紧急词"), 0, 2000)

    @property
    def chosen(self) -> list[str]:
        """The words."""
        return (self.words.data or "").replace("，", "\n").replace("、", "\n").split("\n")
