"""The bureaus that a county-level city usually has (contracts.md, Demo city)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.departments.models import DepartmentKind


@dataclass(frozen=True)
class NewDepartment:
    """What is known of a department when it is added."""

    code: str
    name_zh: str
    name_en: str
    kind: DepartmentKind = DepartmentKind.BUREAU
    phone: str | None = None
    grid_id: int | None = None


BUREAUS = (
    NewDepartment("sthj", "生态环境局", "Ecology and Environment Bureau"),
    NewDepartment("zj", "住建局", "Housing and Construction Bureau"),
    NewDepartment("cg", "城管局", "Urban Management Bureau"),
    NewDepartment("ga", "公安局", "Public Security Bureau"),
    NewDepartment("nyny", "农业农村局", "Agriculture and Rural Affairs Bureau"),
    NewDepartment("sl", "水利局", "Water Resources Bureau"),
    NewDepartment("ly", "林业局", "Forestry Bureau"),
    NewDepartment("zrzy", "自然资源局", "Natural Resources Bureau"),
    NewDepartment("jt", "交通局", "Transport Bureau"),
    NewDepartment("gxj", "工信局", "Industry and Information Technology Bureau"),
)
