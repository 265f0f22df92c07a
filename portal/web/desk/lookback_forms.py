"""Forms about looking back: what was found on site, and how many cases are drawn."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Form
from wtforms.validators import ValidationError

from portal.core.text import N_
from portal.domain.lookback.models import Outcome
from portal.web.desk.fields import ChoiceField, WholeField
from portal.web.desk.onsite_forms import OnSiteForm

# The question is 又反弹了吗？ and these are its answers, the good one first.
ANSWERS = (
    (Outcome.PASSED.value, N_("没有反弹")),
    (Outcome.FAILED.value, N_("又反弹了")),
    (Outcome.UNDETERMINED.value, N_("看不清")),
)


class VisitForm(OnSiteForm):
    """现场复查: the answer, and what every look at a place leaves."""

    outcome = ChoiceField(N_("又反弹了吗？"), choices=ANSWERS)


class ShareForm(Form):
    """抽查比例: of a hundred cases."""

    percent = WholeField(N_("抽查比例"), 100)

    def validate_percent(self, field: WholeField) -> None:
        """One to a hundred."""
        if field.data is None:
            raise ValidationError(_("抽查比例要在1%到100%之间。"))
