"""Forms of departments: measures, what an assist reports, whom the head hands a case to."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from wtforms import Form
from wtforms.validators import ValidationError

from portal.core.text import N_
from portal.domain.casework.handing import LONGEST_NOTE
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import MeasureKind
from portal.web.desk.fields import ChoiceField, ChoicesField, LinesField, WholeField, text_field

_MOST_YUAN = 1_000_000_000
_MOST_PEOPLE = 10_000


class MeasuresForm(Form):
    """处理措施: which kinds, with the amount of a fine and how many answer for it."""

    measures = ChoicesField(
        N_("处理措施"), choices=[(kind.value, kind.label) for kind in MeasureKind]
    )
    fine_yuan = WholeField(N_("罚款金额（元）"), _MOST_YUAN)
    people = WholeField(N_("追责人数"), _MOST_PEOPLE)
    measure_note = text_field(N_("措施说明"), 0, 300)

    def validate_fine_yuan(self, field: WholeField) -> None:
        """An amount belongs to a fine."""
        if field.data and MeasureKind.FINE not in (self.measures.data or ()):
            raise ValidationError(_("写了罚款金额，请同时选“罚款”。"))

    def taken(self) -> list[MeasureTaken]:
        """The measures as they were said."""
        return [self._one(MeasureKind(kind)) for kind in self.measures.data or ()]

    def _one(self, kind: MeasureKind) -> MeasureTaken:
        return MeasureTaken(
            kind,
            amount_yuan=self.fine_yuan.data if kind is MeasureKind.FINE else None,
            people=self.people.data if kind is MeasureKind.ACCOUNTABILITY else None,
            note=self.measure_note.data or "",
        )


class PartForm(MeasuresForm):
    """报告协办: what the assist found and did, with photos."""

    found = text_field(N_("查到什么"), 5, 1000)
    done = text_field(N_("做了什么"), 2, 1000)
    photos = LinesField(N_("照片"), 200)  # files; here only for their errors
    photo_ids = LinesField(N_("已上传的照片"), 40)


class HandForm(Form):
    """分给承办员: to whom, and a word on the way."""

    handler = ChoiceField(N_("承办员"))
    note = text_field(N_("交代一句"), 0, LONGEST_NOTE)
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input

    def offer(self, clerks: Mapping[int, str]) -> None:
        """The clerks of the department, name by id."""
        self.handler.choices = [(str(user_id), name) for user_id, name in clerks.items()]
