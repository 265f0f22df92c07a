"""The words of very many reports and public cases, written without reading each as an object."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from portal.core.db import db, transaction
from portal.core.search import DESK, PUBLIC
from portal.domain.categories.models import Category
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid
from portal.domain.publication.models import PublicCase
from portal.domain.reports.models import Report

_AT_ONCE = 5_000
Named = dict[int, list[str]]


def find_by_words() -> None:
    """Make reports and public cases findable that came after the last one that is."""
    found = DESK.ids().subquery()
    first = (db.session.scalar(select(func.max(found.c[0]))) or 0) + 1
    last = db.session.scalar(select(func.max(Report.id))) or 0
    names = _Names()
    for low in range(first, last + 1, _AT_ONCE):
        high = min(low + _AT_ONCE - 1, last)
        desk, public = dict(_desk(low, high)), dict(names.public(low, high))
        with transaction():
            DESK.put_many(db.session.connection(), desk)
            PUBLIC.put_many(db.session.connection(), public)


def _desk(low: int, high: int) -> Iterator[tuple[int, str]]:
    columns = (Report.number, Report.description, Report.address, Report.accused_name)
    query = select(Report.id, *columns).where(Report.id.between(low, high))
    for row_id, *words in db.session.execute(query):
        yield row_id, "\n".join(filter(None, words))


class _Names:
    """What categories, grids and departments are called, in both languages."""

    def __init__(self) -> None:
        self.grids, self.departments = _named(Grid), _named(Department)
        self.categories = _named(Category)
        parents = select(Category.id, Category.parent_id)
        for key, parent in db.session.execute(parents):
            above = self.categories[parent] if parent else []
            self.categories[key] = [*self.categories[key], *above]

    def public(self, low: int, high: int) -> Iterator[tuple[int, str]]:
        """The words of the public rows of these reports."""
        columns = (
            PublicCase.report_id, PublicCase.number, PublicCase.text, PublicCase.category_id,
            PublicCase.town_id, PublicCase.village_id, PublicCase.department_id,
        )  # fmt: skip
        query = select(*columns).where(PublicCase.report_id.between(low, high))
        for row_id, number, words, category, town, village, unit in db.session.execute(query):
            named = [*self.categories[category]]
            for known, key in ((self.grids, town), (self.grids, village), (self.departments, unit)):
                named += known[key] if key else []
            yield row_id, "\n".join([number, words or "", *named])


def _named(kind: type[Category | Grid | Department]) -> Named:
    rows = db.session.execute(select(kind.id, kind.name_zh, kind.name_en))
    return {key: [zh, en or ""] for key, zh, en in rows}
