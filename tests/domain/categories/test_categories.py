"""The seeded categories, and how they are found."""

from __future__ import annotations

import re

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.domain.categories.classes import DeadlineClass, Urgency
from portal.domain.categories.queries import (
    categories_by_codes,
    category_by_code,
    category_ids_below,
    category_tree,
    industries,
    top_of,
)
from portal.domain.categories.seed import CATEGORIES, NewCategory
from portal.domain.categories.services import seed_categories

HAN = re.compile("[\u4e00-\u9fff]")

# domain.md section 5, word for word.
CODES = """
air.odor air.smoke air.industrial air.cooking air.dust air.vehicle air.burning air.coal
air.fireworks air.voc water.industrial water.sewage water.livestock water.black_odorous
water.drinking water.outfall noise.industrial noise.construction noise.traffic noise.social
waste.household waste.industrial waste.hazardous waste.construction soil.heavy_metal soil.farmland
radiation.electromagnetic radiation.radioactive ecology.logging ecology.mining ecology.reserve
ecology.wetland other.scattered other.unsure
""".split()


def test_the_seed_is_the_list_of_the_design() -> None:
    assert [new.code for new in CATEGORIES if new.parent_code] == CODES
    tops = [new.code for new in CATEGORIES if new.parent_code is None]
    assert tops == "air water noise waste soil radiation ecology other".split()


@pytest.mark.parametrize("new", CATEGORIES, ids=lambda new: new.code)
def test_every_entry_is_complete_in_both_languages(new: NewCategory) -> None:
    assert HAN.search(new.name_zh)
    assert not HAN.search(new.name_en + new.hint_en + (new.stop_en or ""))
    assert re.match(r"《.+?》第.+?条", new.hint_zh), "the hint names law and article"
    assert "art" in new.hint_en
    assert (new.stop_zh is None) == (new.stop_en is None)
    assert new.place_rounding in {2, 3, 5}
    for question in new.questions:
        assert question["kind"] in {"choice", "text"}
        assert bool(question["options"]) == (question["kind"] == "choice")
        assert HAN.search(question["text_zh"])
        assert not HAN.search(question["text_en"])


def test_what_no_picture_shows_asks_for_none() -> None:
    without = {new.code for new in CATEGORIES if not new.photo_required and new.parent_code}
    assert {c for c in CODES if c.startswith(("noise.", "radiation."))} <= without
    assert "air.odor" in without
    assert "water.outfall" not in without


def test_danger_is_urgent_and_says_what_to_do_first() -> None:
    found = {new.code: new for new in CATEGORIES}
    for code in ("air.burning", "waste.hazardous", "radiation.radioactive", "water.drinking"):
        assert found[code].urgency is Urgency.IMMEDIATE
        assert found[code].deadline_class is DeadlineClass.URGENT
        assert found[code].stop_zh


@pytest.mark.engine
def test_seeding_twice_keeps_what_staff_changed(session: scoped_session[Session]) -> None:
    seed_categories()
    odor = category_by_code("air.odor")
    assert odor is not None
    odor.name_zh = "异味"
    seed_categories()
    branches = category_tree()
    assert [branch.top.code for branch in branches] == [
        new.code for new in CATEGORIES if new.parent_code is None
    ]
    assert [child.code for branch in branches for child in branch.children] == CODES
    assert odor.name_zh == "异味"
    assert industries()[0].name_zh == "建筑业"
    assert len(industries()) == 8


@pytest.mark.engine
def test_finding(session: scoped_session[Session]) -> None:
    seed_categories()
    odor, air = categories_by_codes(["air.odor", "air", "air.odor", "nothing"])
    assert (odor.code, air.code) == ("air.odor", "air")
    assert top_of(odor) is air
    assert top_of(air) is air
    assert len(category_ids_below("air")) == 11
    assert category_ids_below("air.odor") == {odor.id}
    assert category_ids_below("nothing") == frozenset()
    odor.is_active = False
    assert categories_by_codes(["air.odor"]) == []
    assert odor not in category_tree()[0].children
    assert odor in category_tree(with_inactive=True)[0].children


@pytest.mark.engine
def test_columns_survive_the_database(session: scoped_session[Session]) -> None:
    seed_categories()
    session.expire_all()
    burning = category_by_code("air.burning")
    assert burning is not None
    assert burning.urgency is Urgency.IMMEDIATE
    assert burning.questions[0]["code"] == "burning_what"
    assert burning.deadline_class.label == "紧急"
