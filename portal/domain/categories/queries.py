"""Finding categories and industries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.core.db import db
from portal.domain.categories.models import Category, Industry


@dataclass(frozen=True)
class CategoryBranch:
    """A level-1 category with its level-2 ones, in the order of the page."""

    top: Category
    children: tuple[Category, ...]


def category_by_id(category_id: int) -> Category | None:
    """The category with this id."""
    return db.session.get(Category, category_id)


def category_by_code(code: str) -> Category | None:
    """The category with this code, also when it is no longer offered."""
    return db.session.scalar(select(Category).where(Category.code == code))


def categories_by_codes(codes: list[str]) -> list[Category]:
    """The categories offered under `codes`, in that order; unknown codes are left out."""
    rows = db.session.scalars(
        select(Category).where(Category.code.in_(codes), Category.is_active.is_(True))
    )
    found = {row.code: row for row in rows}
    return [found[code] for code in dict.fromkeys(codes) if code in found]


def category_tree(*, with_inactive: bool = False) -> list[CategoryBranch]:
    """All categories offered, level 1 with its children."""
    query = select(Category).order_by(Category.position, Category.code)
    if not with_inactive:
        query = query.where(Category.is_active.is_(True))
    rows = list(db.session.scalars(query))
    return [
        CategoryBranch(top, tuple(row for row in rows if row.parent_id == top.id))
        for top in rows
        if top.is_top
    ]


def top_of(category: Category) -> Category:
    """The level-1 category that `category` is or belongs to: all that is listed before release."""
    return category.parent or category


def category_ids_below(code: str) -> frozenset[int]:
    """Ids of the category with this code and of its children, for filters; empty when unknown."""
    own = select(Category.id).where(Category.code == code).scalar_subquery()
    query = select(Category.id).where(or_(Category.code == code, Category.parent_id == own))
    return frozenset(db.session.scalars(query))


def industries() -> list[Industry]:
    """All industries in order."""
    return list(db.session.scalars(select(Industry).order_by(Industry.position)))
