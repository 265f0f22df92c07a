"""What somebody at the place of a case fills in: words, pictures, the position of the phone."""

from __future__ import annotations

import math
from typing import Any

from wtforms import Form, StringField

from portal.core.geo import Point
from portal.core.text import N_
from portal.domain.casework.onsite import Spot
from portal.web.desk.fields import LinesField, text_field


class OnSiteForm(Form):
    """A look at a place; each room adds its own question."""

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


def _number(typed: Any, most: float) -> float | None:
    try:
        value = float(str(typed or "").strip())
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None
