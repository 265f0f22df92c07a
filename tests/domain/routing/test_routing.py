"""Which rule wins, and what it says."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.errors import InvalidFieldsError
from portal.domain.departments.queries import department_by_code
from portal.domain.departments.services import seed_departments
from portal.domain.grids.models import Grid
from portal.domain.routing.queries import Suggestion, routing_rule, routing_rules, suggest
from portal.domain.routing.seed import TYPICAL
from portal.domain.routing.services import NewRule, delete_rule, save_rule, seed_routing
from tests.factories import make_category, make_city, make_department, make_grid

pytestmark = pytest.mark.engine


@pytest.fixture
def city(session: scoped_session[Session]) -> dict[str, Grid]:
    seed_departments()
    make_category()
    grids = make_city()
    make_department("zhen-01", name_zh="东河镇")
    make_grid("999901001", polygon=grids["999901001"].polygon, department="zhen-01")
    return grids


def department_id(code: str) -> int:
    found = department_by_code(code)
    assert found is not None, code
    return found.id


def suggestion(code: str, grid: Grid | None) -> Suggestion:
    found = suggest(make_category(code), grid)
    assert found is not None
    return found


def test_category_decides_before_grid(city: dict[str, Grid]) -> None:
    """Adding ever more specific rows, each takes over from the last."""
    village, town = city["999901001001"], city["999901001"]
    county, odor, air = city["999901"], make_category("air.odor"), make_category("air")
    rows = [
        (None, None, "sthj"),
        (None, county.id, "zj"),
        (None, village.id, "cg"),
        (air.id, None, "ga"),
        (air.id, town.id, "nyny"),
        (air.id, village.id, "sl"),
        (odor.id, None, "ly"),
        (odor.id, county.id, "zrzy"),
        (odor.id, town.id, "jt"),
        (odor.id, village.id, "gxj"),
    ]
    assert suggest(odor, village) is None
    for category_id, grid_id, lead in rows:
        save_rule(NewRule(category_id, grid_id, department_id(lead)))
        assert suggestion("air.odor", village).lead.code == lead
    assert suggestion("air.odor", city["999901002"]).lead.code == "zrzy"
    assert suggestion("air.odor", None).lead.code == "ly"
    assert suggestion("air.dust", village).lead.code == "sl"
    assert suggestion("water.outfall", None).lead.code == "sthj"


def test_level_one_asks_only_level_one_rules(city: dict[str, Grid]) -> None:
    seed_routing()
    assert suggestion("air", city["999901"]).lead.code == "sthj"


@pytest.mark.parametrize(
    ("category", "lead", "assists"),
    [
        ("air.industrial", "sthj", []),
        ("air.dust", "zj", ["cg"]),
        ("air.cooking", "cg", []),
        ("noise.construction", "zj", ["cg"]),
        ("noise.social", "ga", ["cg"]),
        ("air.burning", "nyny", ["zhen-01"]),
        ("water.livestock", "nyny", ["zhen-01"]),
        ("water.black_odorous", "sl", ["sthj", "zhen-01"]),
        ("ecology.logging", "ly", ["zhen-01"]),
        ("ecology.mining", "zrzy", ["zhen-01"]),
        ("air.vehicle", "jt", ["ga"]),
        ("other.scattered", "sthj", ["gxj", "zhen-01"]),
        ("other.unsure", "sthj", []),
    ],
)
def test_the_typical_city(
    city: dict[str, Grid], category: str, lead: str, assists: list[str]
) -> None:
    assert seed_routing() == len(TYPICAL)
    found = suggestion(category, city["999901001001"])
    assert found.lead.code == lead
    assert [department.code for department in found.assists] == assists


def test_the_reason_names_the_rule(city: dict[str, Grid]) -> None:
    seed_routing()
    found = suggestion("air.burning", city["999901001001"])
    assert found.reason == "按“露天焚烧 · 全市”的分派规则，由农业农村局主办，东河镇协办"
    assert suggestion("other.unsure", None).reason == (
        "按“全部类型 · 全市”的分派规则，由生态环境局主办"
    )


def test_the_accused_do_not_handle_their_own_case(city: dict[str, Grid]) -> None:
    seed_routing()
    dust = make_category("air.dust")
    found = suggest(dust, None, accused_ids={department_id("zj")})
    assert found is not None
    assert found.lead.code == "sthj"
    found = suggest(dust, None, accused_ids={department_id("cg")})
    assert found is not None
    assert (found.lead.code, found.assists) == ("zj", ())


def test_seeding_again_keeps_what_staff_did(city: dict[str, Grid]) -> None:
    seed_routing()
    dust, air = make_category("air.dust").id, make_category("air").id
    save_rule(NewRule(dust, None, department_id("cg"), [None]))
    rule = routing_rule(air, None)
    assert rule is not None
    delete_rule(rule)
    assert seed_routing() == 0
    assert suggestion("air.dust", city["999901001"]).lead.code == "cg"
    assert routing_rule(air, None) is None


def test_saving_replaces_the_row(city: dict[str, Grid], session: scoped_session[Session]) -> None:
    category = make_category("air.dust").id
    cg, zj = department_id("cg"), department_id("zj")
    first = save_rule(NewRule(category, None, zj, [cg, None, cg], note="试行"))
    assert [assist.department_id for assist in first.assists] == [cg, None]
    second = save_rule(NewRule(category, None, cg, [None]))
    session.expire_all()
    assert second.id == first.id
    assert (second.lead.code, second.note) == ("cg", None)
    assert [assist.department_id for assist in second.assists] == [None]
    delete_rule(second)
    assert routing_rule(category, None) is None
    assert routing_rules() == []


def test_an_unknown_lead_is_refused(city: dict[str, Grid]) -> None:
    with pytest.raises(InvalidFieldsError):
        save_rule(NewRule(None, None, 999_999))
