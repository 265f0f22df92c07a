"""The forms of an objection on the desk: to a case, or to an exposure."""

from __future__ import annotations

from typing import Any

from wtforms import Form

from portal.core.text import N_
from portal.domain.exposures.wording import Wording
from portal.domain.objections.deciding import Draft
from portal.domain.publication.correcting import Part
from portal.web.desk.fields import ChoiceField, ChoicesField, LinesField, text_field

_RESULTS = (("upheld", N_("成立")), ("refused", N_("不成立")))
_WHOLE = (("1", N_("撤下全文")),)
_EXPOSED = (("1", N_("撤下这件曝光")),)


class HideForm(Form):
    """What of a case is taken down until the answer."""

    photos = ChoicesField(N_("先撤下哪几张"))
    whole = ChoicesField(N_("全文"), choices=_WHOLE)
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input

    def part(self) -> Part:
        """What was chosen."""
        return Part(tuple(map(int, self.photos.data)), bool(self.whole.data))


class DraftForm(Form):
    """The proposed answer, and what changes with it."""

    result = ChoiceField(N_("异议成立吗"), choices=_RESULTS)
    reasons = text_field(N_("给对方的答复"), 5, 1000)
    text = text_field(N_("改正后的公开文字"), 0, 2000)
    photos = ChoicesField(N_("撤下哪几张"))
    whole = ChoicesField(N_("全文"), choices=_WHOLE)
    photo_ids = LinesField(N_("已上传的照片"), 40)

    def draft(self) -> Draft:
        """What was typed."""
        return Draft(
            is_upheld=self.result.data == "upheld",
            reasons=self.reasons.data or "",
            text=self.text.data or "",
            photos=tuple(map(int, self.photos.data)),
            whole=bool(self.whole.data),
        )


class HideExposedForm(Form):
    """An exposure is taken down as a whole: one press."""

    photo_ids = LinesField(N_("已上传的照片"), 40)

    def part(self) -> Part:
        """All of it."""
        return Part(whole=True)


class DraftExposedForm(Form):
    """The proposed answer to an objection to an exposure, with the words it will have."""

    result = ChoiceField(N_("异议成立吗"), choices=_RESULTS)
    reasons = text_field(N_("给对方的答复"), 5, 1000)
    title = text_field(N_("标题"), 4, 60)
    party = text_field(N_("曝光对象"), 2, 100)
    text = text_field(N_("改正后的公开文字"), 10, 1000)
    basis = text_field(N_("依据"), 4, 200)
    whole = ChoicesField(N_("整件"), choices=_EXPOSED)
    photo_ids = LinesField(N_("已上传的照片"), 40)

    def draft(self) -> Draft:
        """What was typed."""
        fields: tuple[Any, ...] = (self.title, self.party, self.text, self.basis)
        return Draft(
            is_upheld=self.result.data == "upheld",
            reasons=self.reasons.data or "",
            whole=bool(self.whole.data),
            words=Wording(*(field.data or "" for field in fields)),
        )
