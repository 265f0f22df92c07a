"""The bodies that reports are handed to."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.core.text import N_


class DepartmentKind(StrEnum):
    """What kind of body a department is."""

    BUREAU = "bureau"
    TOWN = "town"
    CENTRE = "centre"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    DepartmentKind.BUREAU: N_("部门"),
    DepartmentKind.TOWN: N_("镇街"),
    DepartmentKind.CENTRE: N_("中心"),
}


class Department(Base):
    """A body that handles reports 承办单位."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    kind: Mapped[DepartmentKind] = mapped_column(stored(DepartmentKind))
    # The territory of a town's office. Grids name their department too: create this key afterwards.
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id", use_alter=True))
    phone: Mapped[str | None] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)  # order in lists
