"""Forms about looking back: what was found on site, and how many cases are drawn."""

from __future__ import annotations

import math
from typing import Any

from flask_babel import gettext as _
from wtforms import Form, StringField
from wtforms.validators import ValidationError

from portal.core.geo import Point
from portal.core.text import N_
from portal.domain.lookback.models import Outcome
from portal.domain.lookback.visiting import Spot
from portal.web.desk.fields import ChoiceField, LinesField, WholeField, text_field

# The question is 又反弹了吗？ and these are its answers, the good one first.
ANSWERS = (
    (Outcome.PASSED.value, N_("没有反弹")),
    (Outcome.FAILED.value, N_("又反弹了")),
    (Outcome.UNDETERMINED.value, N_("看不清")),
)


class VisitForm(Form):
    """现场复查: the answer, words, pictures, and the position when the phone gave one."""

    outcome = ChoiceField(N_("又反弹了吗？"), choices=ANSWERS)
    note = text_field(N_("看到了什么"), 0, 500)
    photos = LinesField(N_("现场照片"), 200)  # files; here only for their errors
    photo_ids = LinesField(N_("已上传的照片"), 40)
    lat, lng, accuracy_m = StringField(), StringField(), StringField()

    def spot(self) -> Spot | None:
        """The position; None when there is none or it makes no sense: it is never asked twice."""
        lat, lng = _number(self.lat.data, 90), _number(self.lng.data, 180)
        if lat is None or lng is None:
            return None
        accuracy = _number(self.accuracy_m.data, 1e6)
        return Spot(Point(lat, lng), accuracy if accuracy and accuracy > 0 else None)


class ShareForm(Form):
    """抽查比例: of a hundred cases."""

    percent = WholeField(N_("抽查比例"), 100)

    def validate_percent(self, field: WholeField) -> None:
        """One to a hundred."""
        if field.data is None:
            raise ValidationError(_("抽查比例要在1%到100%之间。"))


def _number(typed: Any, most: float) -> float | None:
    try:
        value = float(str(typed or "").strip())
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None
