"""The rules of pressure, and what was issued by them or by hand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.departments.models import Department
from portal.domain.reports.models import Report
from portal.domain.supervision.levels import OrderLevel, OrderState, Pressure


class PressureRule(Base):
    """What follows when a term comes to a colour, from a day on 督办规则. The newest day counts.

    `answer_days` are the working days a unit has to answer an order; 0 for urges.
    """

    __tablename__ = "pressure_rule"
    __table_args__ = (UniqueConstraint("clock", "colour", "effective_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    clock: Mapped[Clock] = mapped_column(stored(Clock))
    colour: Mapped[Colour] = mapped_column(stored(Colour))
    does: Mapped[Pressure | None] = mapped_column(stored(Pressure))  # None: nothing from then on
    answer_days: Mapped[int] = mapped_column(default=0)
    effective_on: Mapped[date]
    set_at: Mapped[datetime | None]  # None: the default every city starts from
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class OrderSeries(Base):
    """The last serial of a year 督办单编号. Moved in the issuing transaction: there are no gaps."""

    __tablename__ = "order_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_serial: Mapped[int]


class SupervisionOrder(Base):
    """督办单: a numbered demand on the lead of a case; answered by it, lifted with a reason.

    `crossing_id` and `clock` say which term a rule saw; both are None where a person issued it,
    who then is `issued_by_id`. `due_at` is when the answer is due. The leader of a public order
    is named in public, with the post.
    """

    __tablename__ = "supervision_order"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint(
            "level <> 'public' OR (title <> '' AND leader_name <> '' AND leader_post <> '')",
            name="public_names_leader",
        ),
        Index("ix_supervision_order_report", "report_id", "id"),
        Index("ix_supervision_order_department", "department_id", "lifted_at", "due_at"),
        Index("ix_supervision_order_standing", "lifted_at", "answered_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    level: Mapped[OrderLevel] = mapped_column(stored(OrderLevel))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    crossing_id: Mapped[int | None] = mapped_column(ForeignKey("crossing.id"), unique=True)
    clock: Mapped[Clock | None] = mapped_column(stored(Clock))
    title: Mapped[str] = mapped_column(String(100), default="")
    demand: Mapped[str]
    due_at: Mapped[datetime]
    leader_name: Mapped[str] = mapped_column(String(40), default="")
    leader_post: Mapped[str] = mapped_column(String(60), default="")
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lift_reason: Mapped[str] = mapped_column(default="")
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    report: Mapped[Report] = relationship()
    department: Mapped[Department] = relationship(lazy="joined")

    @property
    def standing(self) -> OrderState:
        """Where the order stands."""
        if self.lifted_at is not None:
            return OrderState.LIFTED
        return OrderState.OPEN if self.answered_at is None else OrderState.ANSWERED

    def is_late(self, at: datetime) -> bool:
        """Whether an answer is still owed at `at` although it was due."""
        return self.standing is OrderState.OPEN and self.due_at <= at


class Urge(Base):
    """催办: the lead is reminded, by a rule or by a supervisor in words."""

    __tablename__ = "urge"
    __table_args__ = (Index("ix_urge_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    crossing_id: Mapped[int | None] = mapped_column(ForeignKey("crossing.id"), unique=True)
    clock: Mapped[Clock | None] = mapped_column(stored(Clock))
    words: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    department: Mapped[Department] = relationship(lazy="joined")


class Talk(Base):
    """约谈: who of which unit was summoned, when, and what was said."""

    __tablename__ = "talk"
    __table_args__ = (Index("ix_talk_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    person_post: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    record: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    department: Mapped[Department] = relationship(lazy="joined")


class PublicOrder(Base):
    """What everybody may read of a public order 挂牌督办公开: a copy without private columns.

    The unit's answer stays inside. What came of it is told by the case itself, as far as that is
    public, and by the reason it was lifted for.
    """

    __tablename__ = "public_order"

    order_id: Mapped[int] = mapped_column(
        ForeignKey("supervision_order.id"), primary_key=True, autoincrement=False
    )
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(100))
    unit_zh: Mapped[str] = mapped_column(String(60))
    unit_en: Mapped[str] = mapped_column(String(80))
    leader_name: Mapped[str] = mapped_column(String(40))
    leader_post: Mapped[str] = mapped_column(String(60))
    demand: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str] = mapped_column(default="")

    @property
    def standing(self) -> OrderState:
        """Where the order stands."""
        if self.lifted_at is not None:
            return OrderState.LIFTED
        return OrderState.OPEN if self.answered_at is None else OrderState.ANSWERED
