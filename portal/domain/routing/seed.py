"""The typical division of work in a county-level city (domain.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass

# Stands for the office of the town the place lies in.
TOWN = "town"


@dataclass(frozen=True)
class NewRouting:
    """One row, by codes; no category means any."""

    category: str | None
    lead: str
    assists: tuple[str, ...] = ()
    note: str | None = None


TYPICAL = (
    NewRouting(None, "sthj", note="没有更具体规则时由生态环境局主办"),
    NewRouting("air", "sthj"),
    NewRouting("air.cooking", "cg"),
    NewRouting("air.dust", "zj", ("cg",)),
    NewRouting("air.vehicle", "jt", ("ga",)),
    NewRouting("air.burning", "nyny", (TOWN,)),
    NewRouting("air.coal", "sthj", (TOWN,)),
    NewRouting("air.fireworks", "ga", (TOWN,)),
    NewRouting("water", "sthj"),
    NewRouting("water.sewage", "zj", ("sl", TOWN)),
    NewRouting("water.livestock", "nyny", (TOWN,)),
    NewRouting("water.black_odorous", "sl", ("sthj", TOWN)),
    NewRouting("water.drinking", "sthj", ("sl",)),
    NewRouting("water.outfall", "sthj", ("sl",)),
    NewRouting("noise", "sthj"),
    NewRouting("noise.construction", "zj", ("cg",)),
    NewRouting("noise.traffic", "ga", ("jt",)),
    NewRouting("noise.social", "ga", ("cg",)),
    NewRouting("waste", "sthj"),
    NewRouting("waste.household", "cg", (TOWN,)),
    NewRouting("waste.construction", "cg", ("zj",)),
    NewRouting("soil", "sthj", ("zrzy",)),
    NewRouting("soil.farmland", "nyny", ("sthj", TOWN)),
    NewRouting("radiation", "sthj"),
    NewRouting("ecology", "sthj"),
    NewRouting("ecology.logging", "ly", (TOWN,)),
    NewRouting("ecology.mining", "zrzy", (TOWN,)),
    NewRouting("ecology.reserve", "ly", ("sthj",)),
    NewRouting("ecology.wetland", "ly", ("sl",)),
    NewRouting("other.scattered", "sthj", ("gxj", TOWN), note="产业政策问题由工信局认定"),
)
