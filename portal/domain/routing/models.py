"""The editable table category × grid → lead and assists."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.core.text import N_
from portal.domain.categories.models import Category
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid


class AssistKind(StrEnum):
    """Who assists: a department named in the rule, or the town the place lies in."""

    DEPARTMENT = "department"
    TOWN = "town"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {AssistKind.DEPARTMENT: N_("指定单位"), AssistKind.TOWN: N_("所在镇街")}[self]


class RoutingRule(Base):
    """One row of the table 分派规则. No category: any; no grid: the whole city."""

    __tablename__ = "routing_rule"
    __table_args__ = (UniqueConstraint("category_id", "grid_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"), index=True)
    lead_department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    note: Mapped[str | None] = mapped_column(String(200))

    category: Mapped[Category | None] = relationship(lazy="joined")
    grid: Mapped[Grid | None] = relationship(lazy="joined")
    lead: Mapped[Department] = relationship(lazy="joined")
    assists: Mapped[list[RoutingAssist]] = relationship(
        back_populates="rule",
        cascade="all, delete-orphan",
        order_by="RoutingAssist.position",
        lazy="selectin",
    )


class RoutingAssist(Base):
    """Who assists by a rule 协办."""

    __tablename__ = "routing_assist"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'department') = (department_id IS NOT NULL)", name="department_named"
        ),
    )

    rule_id: Mapped[int] = mapped_column(ForeignKey("routing_rule.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[AssistKind] = mapped_column(stored(AssistKind))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    rule: Mapped[RoutingRule] = relationship(back_populates="assists")
    department: Mapped[Department | None] = relationship(lazy="joined")
