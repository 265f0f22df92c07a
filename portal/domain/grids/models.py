"""The three levels of grids."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.core.text import N_


class GridLevel(StrEnum):
    """How fine a grid is; `depth` grows towards the village."""

    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _LEVEL_LABELS[self]

    @property
    def depth(self) -> int:
        """0 for the county, 2 for a village."""
        return list(GridLevel).index(self)


_LEVEL_LABELS = {
    GridLevel.COUNTY: N_("县市区"),
    GridLevel.TOWN: N_("镇街"),
    GridLevel.VILLAGE: N_("村社区"),
}


class Grid(Base):
    """A territory with a named owner 网格."""

    __tablename__ = "grid"
    __table_args__ = (Index("ix_grid_level_code", "level", "code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)  # 统计用区划代码: 6, 9 or 12 digits
    level: Mapped[GridLevel] = mapped_column(stored(GridLevel))
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"), index=True)
    # GeoJSON Polygon or MultiPolygon, WGS-84; read when asked for: it outweighs all the rest.
    polygon: Mapped[str | None] = mapped_column(deferred=True)
    polygon_crc: Mapped[int] = mapped_column(BigId, default=0)  # tells the index it is out of date
    min_lat: Mapped[float | None]  # bounds in degrees; None without a polygon
    min_lng: Mapped[float | None]
    max_lat: Mapped[float | None]
    max_lng: Mapped[float | None]
    inhabitants: Mapped[int | None]  # 常住人口, for figures per 10,000
    owner_name: Mapped[str | None] = mapped_column(String(40))  # 网格长
    phone: Mapped[str | None] = mapped_column(String(40))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
