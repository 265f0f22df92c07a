"""The forms of the desk: one per action, with the field names of contracts.md.

CSRF is checked for the whole desk before any view runs, so these are plain WTForms. What stands
in the database (departments, categories, grids) comes in as `Choices`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import Form, IntegerField, StringField
from wtforms.validators import ValidationError

from portal.core.text import N_
from portal.domain.casework.closing import FOUND
from portal.domain.casework.models import Verdict
from portal.domain.casework.striking import ReopenReason
from portal.domain.deadlines.clocks import DeadlineClass
from portal.domain.publication.models import Rounding, WithholdGround
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.models import Track
from portal.domain.triage.services import MOST_PARTS
from portal.web.desk.fields import (
    ChoiceField,
    ChoicesField,
    KeyedField,
    LinesField,
    Pairs,
    RowsField,
    read_boxes,
    text_field,
)
from portal.web.desk.part_forms import MeasuresForm


@dataclass(frozen=True)
class Choices:
    """What selects offer from the database: (code, name) each."""

    departments: Pairs = ()
    categories: Pairs = ()
    grids: Pairs = ()


def _of(members: Iterable[Any]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in members]


def _select(label: str, members: type[StrEnum] | None = None) -> ChoiceField:
    return ChoiceField(label, choices=_of(members) if members else [])


class ActionForm(Form):
    """What every action carries: the version of the report the form was opened with."""

    version = IntegerField(N_("版本"))
    photo_ids = LinesField(N_("已上传的照片"), 40)
    # Required by the table, but not in every case; `needed` says when.
    conditional: ClassVar[tuple[str, ...]] = ()

    def offer(self, choices: Choices) -> None:
        """Fill in the selects that read the database."""

    def lines(self) -> list[tuple[str, str]]:
        """What was typed, label and words, for the page that shows both versions."""
        return [
            (_(field.label.text), words)
            for field in self
            if field.name not in _UNSPOKEN and (words := _words(field))
        ]


_UNSPOKEN = frozenset({"version", "photo_ids", "boxes"})


def _words(field: Any) -> str:
    chosen = field.data
    if not chosen:
        return ""
    names = dict(getattr(field, "choices", None) or ())
    if isinstance(chosen, dict):
        return f"{len(chosen)}"
    parts = chosen if isinstance(chosen, list) else [chosen]
    return _("、").join(_(str(names[p])) if p in names else str(p) for p in parts)


class PlainForm(ActionForm):
    """A step that needs no words: sign, submit, resolve, resume, unmerge."""


class AskForm(ActionForm):
    """要求补充."""

    question = text_field(N_("要问的话"), 4, 300)


class AcceptForm(ActionForm):
    """受理: how the report is taken on."""

    conditional: ClassVar[tuple[str, ...]] = ("category", "grid_code")

    track = _select(N_("办理途径"), Track)
    deadline_class = _select(N_("时限类别"), DeadlineClass)
    category = ChoiceField(N_("具体类型"), optional=True)
    grid_code = ChoiceField(N_("网格"), optional=True)
    accused = ChoicesField(N_("被举报的单位"))

    def offer(self, choices: Choices) -> None:
        """Categories of level 2, towns and villages, departments."""
        self.category.choices = [("", ""), *choices.categories]
        self.grid_code.choices = [("", ""), *choices.grids]
        self.accused.choices = list(choices.departments)


class DeclineForm(ActionForm):
    """不予受理."""

    reason_code = _select(N_("理由"), DeclineReason)
    text = text_field(N_("告诉举报人的话"), 5, 500)
    where_to = text_field(N_("该找哪里"), 2, 200)


class MergeForm(ActionForm):
    """并案."""

    main_number = text_field(N_("主件编号"), 1, 40)


class SplitForm(ActionForm):
    """拆件."""

    parts = LinesField(N_("每一件的问题"), 500)

    def validate_parts(self, field: LinesField) -> None:
        """One to ten parts of five characters or more."""
        if not 1 <= len(field.data) <= MOST_PARTS:
            raise ValidationError(_("请拆成1到10件。"))
        if any(len(part) < 5 for part in field.data):
            raise ValidationError(_("每一件至少写5个字。"))


class DispatchForm(ActionForm):
    """交办."""

    conditional: ClassVar[tuple[str, ...]] = ("assists",)

    lead = _select(N_("主办单位"))
    assists = ChoicesField(N_("协办单位"))
    note = text_field(N_("交办意见"), 1, 500)

    def offer(self, choices: Choices) -> None:
        """Departments."""
        self.lead.choices = list(choices.departments)
        self.assists.choices = list(choices.departments)


class TakeOnForm(AcceptForm, DispatchForm):
    """受理并交办: both forms at once."""

    conditional: ClassVar[tuple[str, ...]] = (*AcceptForm.conditional, *DispatchForm.conditional)

    def offer(self, choices: Choices) -> None:
        """What either offers."""
        AcceptForm.offer(self, choices)
        DispatchForm.offer(self, choices)


class ReturnForm(ActionForm):
    """退回."""

    legal_basis = text_field(N_("法律依据"), 2, 500)
    proposed_department = _select(N_("建议由谁办"))

    def offer(self, choices: Choices) -> None:
        """Departments."""
        self.proposed_department.choices = list(choices.departments)


class RuleForm(ActionForm):
    """审定."""

    lead = _select(N_("主办单位"))
    reasons = text_field(N_("审定理由"), 2, 500)

    def offer(self, choices: Choices) -> None:
        """Departments."""
        self.lead.choices = list(choices.departments)


class ProposeForm(ActionForm, MeasuresForm):
    """拟办结: verdict, measures, the three texts. Photos are read from the files of the request."""

    conditional: ClassVar[tuple[str, ...]] = ("measures", "after_photos")

    finding = _select(N_("核查结论"), Verdict)
    reply = text_field(N_("答复举报人"), 5, 1000)
    public_text = text_field(N_("公开文字"), 5, 1000)
    internal_text = text_field(N_("内部核查"), 0, 2000)
    after_photos = LinesField(N_("整改后照片"), 200)  # files; here only for their errors
    without_parts = ChoicesField(
        N_("协办没报告"), choices=[("1", N_("我知道协办还没报告，先拟办结"))]
    )

    def validate_measures(self, field: ChoicesField) -> None:
        """At least one when the report proved right; a fine has an amount."""
        chosen = set(field.data or ())
        if self.finding.data in FOUND and not chosen:
            raise ValidationError(_("属实或部分属实时，至少写一项处理措施。"))


class ReasonForm(ActionForm):
    """退回修改、退回重办."""

    reason = text_field(N_("理由"), 2, 500)


class StageCloseForm(ActionForm):
    """阶段性办结: milestones as `YYYY-MM-DD text`, or as a date beside a text."""

    plan = text_field(N_("整改方案"), 5, 2000)
    responsible = text_field(N_("责任人"), 0, 60)
    milestones = LinesField(N_("整改节点"), 220)
    milestone_on = RowsField(N_("节点日期"), 20)
    milestone_text = RowsField(N_("节点内容"), 200)

    def dated(self) -> list[tuple[date, str]]:
        """The milestones in the order given. Raises ValidationError."""
        pairs = [line.partition(" ")[::2] for line in self.milestones.data]
        pairs += [
            (on, text)
            for on, text in zip(self.milestone_on.data, self.milestone_text.data, strict=False)
            if on or text
        ]
        return [_milestone(on, text.strip()) for on, text in pairs]

    def validate_milestones(self, _field: LinesField) -> None:
        """Each has a date and words; there is at least one."""
        if not self.dated():
            raise ValidationError(_("至少写一个有日期的节点。"))


def _milestone(on: str, text: str) -> tuple[date, str]:
    try:
        day = date.fromisoformat(on)
    except ValueError as fault:
        raise ValidationError(_("节点要有日期，例如 2026-12-31。")) from fault
    if not text:
        raise ValidationError(_("节点要写清做什么。"))
    return day, text


# A category says how exactly in decimals; the release names the same in words.
_ROUNDINGS = {"5": Rounding.EXACT, "3": Rounding.STREET, "2": Rounding.AREA, "0": Rounding.TOWN}


def rounding_of(given: str | int) -> str:
    """The rounding called by its code, or by a number of decimals."""
    return str(_ROUNDINGS.get(str(given), given))


class PublishForm(ActionForm):
    """公开: a decision and black-outs per photo, and how exact the place is."""

    place_rounding = ChoiceField(
        N_("公开位置"),
        choices=_of(Rounding),
        filters=[lambda given: rounding_of(given) if given else given],
    )
    photo_decisions = KeyedField(N_("照片"))
    boxes = KeyedField(N_("遮盖框"))

    def validate_photo_decisions(self, field: KeyedField) -> None:
        """Release or withhold, nothing else."""
        if any(value not in {"release", "withhold"} for value in field.data.values()):
            raise ValidationError(_("每张照片都要选“放行”或“不公开”。"))

    def validate_boxes(self, field: KeyedField) -> None:
        """Readable as rectangles."""
        for text in field.data.values():
            read_boxes(text)


class WithholdForm(ActionForm):
    """不予公开."""

    ground_code = _select(N_("不公开的依据"), WithholdGround)


class DeregisterForm(ActionForm):
    """销号."""

    acceptance_note = text_field(N_("验收意见"), 2, 500)


class ReopenForm(ActionForm):
    """重新办理."""

    # That a look-back failed is said by the look-back itself.
    reason_code = ChoiceField(
        N_("原因"),
        choices=[(r.value, r.label) for r in ReopenReason if r is not ReopenReason.LOOKBACK_FAILED],
    )


class NoteForm(Form):
    """A contact or a site check: what was said or seen."""

    note = text_field(N_("记录"), 2, 1000)
    photos = LinesField(N_("照片"), 200)  # files; here only for their errors
    photo_ids = LinesField(N_("已上传的照片"), 40)


class EntryForm(Form):
    """代录一件: a report taken down for a caller."""

    once = StringField()  # names the page, so that a reload does not file again
    channel = ChoiceField(N_("来源渠道"))
    category = ChoiceField(N_("类型"))
    description = text_field(N_("反映的问题"), 5, 500)
    address = text_field(N_("地点"), 0, 200)
    grid_code = ChoiceField(N_("网格"), optional=True)
    accused_name = text_field(N_("被举报方"), 0, 100)
    contact_name = text_field(N_("姓名"), 0, 40)
    contact_phone = StringField(N_("电话"), filters=[lambda v: (v or "").strip()])
    external_number = text_field(N_("来文或工单编号"), 0, 60)
    photos = LinesField(N_("照片"), 200)  # files; here only for their errors
    photo_ids = LinesField(N_("已上传的照片"), 40)
