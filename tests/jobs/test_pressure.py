"""Urges and orders by rule: the same ones, whatever the worker missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.supervision.models import SupervisionOrder, Urge
from portal.domain.supervision.rules import seed_pressure
from tests.factories import START, writing
from tests.jobs.ninety import World, end_world, outages

pytestmark = pytest.mark.usefixtures("db_city")
Line = tuple[Any, ...]


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    yield
    clock.configure(timedelta(), None, "Asia/Shanghai")


def issued(world: World) -> tuple[list[Line], list[datetime], list[str]]:
    """What was issued in a world without when, then when, then the numbers in order of issue."""
    nth = {report.id: n for n, report in enumerate(world.reports)}
    own = list(nth)
    orders = db.session.scalars(
        select(SupervisionOrder)
        .where(SupervisionOrder.report_id.in_(own))
        .order_by(SupervisionOrder.id)
    ).all()
    urges = db.session.scalars(select(Urge).where(Urge.report_id.in_(own))).all()
    lines: list[tuple[Line, datetime]] = [
        ((nth[o.report_id], o.level, o.department.code, o.demand, o.due_at), o.issued_at)
        for o in orders
    ]
    lines += [((nth[u.report_id], "urge", u.department.code, u.words), u.at) for u in urges]
    lines.sort(key=lambda line: tuple(map(str, line[0])))
    numbers = [order.number for order in orders]
    return [line for line, _at in lines], [at for _line, at in lines], numbers


def test_outages_change_nothing_but_the_time_of_issue(engine: str) -> None:
    """Ninety days with the worker always up, and with twelve outages of hours and days."""
    size = 48 if engine == "sqlite" else 12  # once around on the slower one
    with writing():
        seed_pressure(START.date())
    steady = World(size)
    steady.run()
    expected, in_time, numbers = issued(steady)
    end_world(steady)
    shaken = World(size, outages(seed=4))
    shaken.run()
    found, late, later_numbers = issued(shaken)
    assert [line for line in found if line not in expected] == []
    assert [line for line in expected if line not in found] == []
    assert found == expected
    assert len(set(found)) == len(found)  # nothing twice
    # The outages did bite, and never issue before the time.
    delays = [after - before for before, after in zip(in_time, late, strict=True)]
    assert min(delays) > -timedelta(minutes=1)
    assert sum(delay > timedelta(hours=1) for delay in delays) > size / 3
    by_level = Counter(line[1] for line in expected)
    assert min(by_level[level] for level in ("urge", "yellow", "red")) >= size / 6
    # One series without gaps, in the order of issue.
    assert [*numbers, *later_numbers] == [
        f"督〔2026〕{n}号" for n in range(1, len(numbers) * 2 + 1)
    ]
