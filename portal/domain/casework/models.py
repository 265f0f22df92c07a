"""What the departments do with a case."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.text import N_
from portal.domain.accounts.models import User
from portal.domain.departments.models import Department


class AssignmentKind(StrEnum):
    """主办 one, 协办 any number."""

    LEAD = "lead"
    ASSIST = "assist"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return N_("主办") if self is AssignmentKind.LEAD else N_("协办")


class Assignment(Base):
    """A department's part in a case 交办; closed when the case goes elsewhere."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_department", "department_id", "closed_at", "report_id"),
        Index("ix_assignment_report", "report_id", "closed_at"),
        Index("ix_assignment_handler", "handler_id", "closed_at", "report_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    kind: Mapped[str] = mapped_column(String(8))
    dispatched_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # 经办人, inside the department: whoever signed, until the head names somebody else
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reported_at: Mapped[datetime | None]  # an assist's first report
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None] = mapped_column(String(20))

    department: Mapped[Department] = relationship(lazy="joined")


class SavedView(Base):
    """A list kept under a name by a member of staff 视图: a queue and the words of its address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "queue", "query"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(20))
    queue: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    # who else sees it 共享: everybody of this role, of one department when a head shares it
    shared_role: Mapped[str | None] = mapped_column(String(20), index=True)
    shared_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    owner: Mapped[User] = relationship(lazy="joined")


class Verdict(StrEnum):
    """核查结论."""

    VERIFIED = "verified"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _VERDICT_LABELS[self]


_VERDICT_LABELS = {
    Verdict.VERIFIED: N_("属实"),
    Verdict.PARTLY: N_("部分属实"),
    Verdict.UNFOUNDED: N_("不属实"),
    Verdict.UNDETERMINED: N_("无法查实"),
}


class MeasureKind(StrEnum):
    """处理措施."""

    PROMPT = "prompt"
    ORDER = "order"
    FINE = "fine"
    SEIZE = "seize"
    HALT = "halt"
    TRANSFER = "transfer"
    ACCOUNTABILITY = "accountability"
    PLAN = "plan"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _MEASURE_LABELS[self]


_MEASURE_LABELS = {
    MeasureKind.PROMPT: N_("立行立改"),
    MeasureKind.ORDER: N_("责令改正"),
    MeasureKind.FINE: N_("罚款"),
    MeasureKind.SEIZE: N_("查封扣押"),
    MeasureKind.HALT: N_("限产停产"),
    MeasureKind.TRANSFER: N_("移送公安/司法"),
    MeasureKind.ACCOUNTABILITY: N_("追责问责"),
    MeasureKind.PLAN: N_("制定整改方案"),
    MeasureKind.OTHER: N_("其他措施"),
}


class Finding(Base):
    """One proposal to close a case 拟办结意见: verdict, the three texts and who touched them.

    The newest row of a report counts; `round` rises each time the case is reopened.
    """

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    round: Mapped[int] = mapped_column(default=0)
    verdict: Mapped[str] = mapped_column(String(15))
    internal_text: Mapped[str] = mapped_column(default="")
    reply: Mapped[str]
    public_text: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))  # last wrote the public text

    measures: Mapped[list[Measure]] = relationship(order_by="Measure.id", lazy="selectin")


class _Done:
    """One thing done about the pollution 处理措施; amount_yuan for fines, people for 追责."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    amount_yuan: Mapped[int | None]
    people: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")


class Measure(_Done, Base):
    """A measure of the case as its lead proposes it; the figures count these."""

    __tablename__ = "measure"

    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)


class PartMeasure(_Done, Base):
    """A measure an assist took; the lead takes it over into the finding, where it is counted."""

    __tablename__ = "part_measure"

    part_report_id: Mapped[int] = mapped_column(ForeignKey("part_report.id"), index=True)


class _OnRecord:
    """What staff did and wrote down: when, who, for which department, in their words."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[datetime]
    by_user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    note: Mapped[str]


class ContactAttempt(_OnRecord, Base):
    """A call to the reporter, answered or not 联系举报人."""

    __tablename__ = "contact_attempt"


class SiteCheck(_OnRecord, Base):
    """A look at the place 现场核查."""

    __tablename__ = "site_check"


class PartReport(_OnRecord, Base):
    """What an assist found and did 协办报告: `note` what it found, `done` what it did.

    The first one ends the part's clock; later ones add to it.
    """

    __tablename__ = "part_report"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    done: Mapped[str]
    photo_count: Mapped[int] = mapped_column(default=0)

    measures: Mapped[list[PartMeasure]] = relationship(order_by="PartMeasure.id", lazy="selectin")


class Plan(Base):
    """A rectification plan 整改方案 behind a stage close."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    text: Mapped[str]
    responsible: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    milestones: Mapped[list[Milestone]] = relationship(order_by="Milestone.due_on", lazy="selectin")


class Milestone(Base):
    """A dated step of a plan 节点."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    due_on: Mapped[date]
    text: Mapped[str]
    done_at: Mapped[datetime | None]


class ProgressNote(_OnRecord, Base):
    """Progress on a milestone 整改进展: `note` stays inside, `told` is for the reporter."""

    __tablename__ = "progress_note"

    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    told: Mapped[str] = mapped_column(default="")
    is_done: Mapped[bool] = mapped_column(default=False)
    photo_count: Mapped[int] = mapped_column(default=0)


class Objection(Base):
    """Something open against an outcome 异议; publication and ratings write here, downward.

    kind is objection or dispute. While a row is open the case is not struck off.
    """

    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_report", "report_id", "closed_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    kind: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
