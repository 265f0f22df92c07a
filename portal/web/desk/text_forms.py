"""The form of a text ready to use."""

from __future__ import annotations

from wtforms import Form

from portal.core.text import N_
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.states import State
from portal.domain.triage.texts import MOST_CHARS, NewText, TextKind
from portal.web.desk.fields import ChoiceField, Pairs, text_field


class TextForm(Form):
    """常用语: what for, where it fits, the words, and where to go."""

    kind = ChoiceField(N_("用在哪一步"), choices=[(one.value, one.label) for one in TextKind])
    reason_code = ChoiceField(
        N_("理由"), choices=[(one.value, one.label) for one in DeclineReason], optional=True
    )
    category = ChoiceField(N_("类型"), optional=True)
    state = ChoiceField(
        N_("状态"), choices=[(one.value, one.label) for one in State], optional=True
    )
    title = text_field(N_("名称"), 2, 40)
    text = text_field(N_("正文"), 5, MOST_CHARS)
    where_to = text_field(N_("该找哪里"), 0, 200)

    def offer(self, categories: Pairs) -> None:
        """The categories to choose from."""
        self.category.choices = [("", ""), *categories]
        self.reason_code.choices = [("", ""), *self.reason_code.choices]
        self.state.choices = [("", ""), *self.state.choices]

    def to_new(self) -> NewText:
        """What the form says."""
        return NewText(
            kind=TextKind(self.kind.data),
            title=self.title.data or "",
            text=self.text.data or "",
            where_to=self.where_to.data or "",
            reason_code=self.reason_code.data or "",
            category_code=self.category.data or "",
            state=self.state.data or "",
        )
