"""Forms of the city's rules: what presses when, when the offices are open."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_babel import gettext as _
from wtforms import Form, StringField

from portal.core.text import N_
from portal.domain.calendar.arithmetic import Span
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.supervision.levels import Pressure
from portal.domain.supervision.rules import MOST_ANSWER_DAYS, PRESSED, NewPressure
from portal.domain.triage.repeat_rules import MOST_DAYS, MOST_METRES, NewReach, Reach
from portal.web.desk.fields import ChoiceField, LinesField, Pairs, WholeField
from portal.web.desk.time_forms import DayField

_NOTHING = "nothing"
DOES = (*((one.value, one.label) for one in Pressure), (_NOTHING, N_("什么都不做")))


class PressureForm(Form):
    """督办规则: for which clock and colour, what follows, from which day on."""

    clock = ChoiceField(N_("哪个时钟"), choices=[(one.value, one.label) for one in PRESSED])
    colour = ChoiceField(
        N_("到了哪一步"),
        choices=[(one.value, one.label) for one in (Colour.BLUE, Colour.YELLOW, Colour.RED)],
    )
    does = ChoiceField(N_("做什么"), choices=DOES)
    answer_days = WholeField(N_("几个工作日内答复"), MOST_ANSWER_DAYS)
    effective_on = DayField(N_("从哪天起"))
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input

    def new(self) -> NewPressure:
        """The rule as typed; call it on a valid form."""
        does = self.does.data
        return NewPressure(
            Clock(self.clock.data),
            Colour(self.colour.data),
            None if does == _NOTHING else Pressure(does),
            self.answer_days.data or 0,
            self.effective_on.data,  # type: ignore[arg-type]  # validated
        )


class HourField(StringField):
    """A time of day as the browser sends it: 08:30; empty is none."""

    def clock(self) -> time | None:
        """The time; None when nothing was typed. Raises ValueError."""
        typed = (self.data or "").strip()
        return time.fromisoformat(typed) if typed else None


class HoursForm(Form):
    """办公时间: one stretch or two, from which day on."""

    opens = HourField(N_("上午上班"))
    pauses = HourField(N_("上午下班"))
    resumes = HourField(N_("下午上班"))
    closes = HourField(N_("下午下班"))
    effective_on = DayField(N_("从哪天起"))
    photo_ids = LinesField(N_("已上传的照片"), 40)

    def validate(self, extra_validators: Any = None) -> bool:
        """Both ends of a stretch or none, written as 08:30, in order."""
        is_fit = super().validate(extra_validators)
        try:
            self.spans()
        except ValueError:
            words = _("时间要写成08:30这样，先上班后下班，下午在上午之后。")
            self.opens.errors = [*self.opens.errors, words]
            return False
        return is_fit

    def spans(self) -> list[Span]:
        """The stretches. Raises ValueError when they make no sense."""
        times = [one.clock() for one in (self.opens, self.pauses, self.resumes, self.closes)]
        found = []
        for opens, closes in (times[:2], times[2:]):
            if (opens is None) != (closes is None):
                raise ValueError("half a stretch")
            if opens is not None and closes is not None:
                found.append(Span(opens, closes))
        if not found:
            raise ValueError("no hours")
        return found


_GENERAL = "all"


class ReachForm(Form):
    """重复投诉: for which category, how near, how soon, from which day on."""

    category = ChoiceField(N_("类型"))
    metres = WholeField(N_("相距多少米以内"), MOST_METRES)
    days = WholeField(N_("办结后多少天以内"), MOST_DAYS)
    effective_on = DayField(N_("从哪天起"))
    photo_ids = LinesField(N_("已上传的照片"), 40)

    def offer(self, categories: Pairs) -> None:
        """Let these be chosen, and all others together."""
        self.category.choices = [(_GENERAL, N_("其余各类")), *categories]

    def new(self) -> NewReach:
        """The rule as typed; call it on a valid form."""
        code = self.category.data
        reach = Reach(self.metres.data or 0, self.days.data or 0)
        on = self.effective_on.data
        return NewReach("" if code == _GENERAL else code, reach, on)  # type: ignore[arg-type]
