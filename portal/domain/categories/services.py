"""Filling the categories and industries."""

from __future__ import annotations

from portal.core.db import db
from portal.domain.categories.models import Category, Industry
from portal.domain.categories.queries import category_by_code, industries
from portal.domain.categories.seed import CATEGORIES, INDUSTRIES, NewCategory


def seed_categories() -> None:
    """Add the categories and industries that are missing; those present stay as staff left them."""
    for position, new in enumerate(CATEGORIES, start=1):
        if category_by_code(new.code) is None:
            db.session.add(_category(new, position))
            db.session.flush()
    known = {industry.code for industry in industries()}
    for position, entry in enumerate(INDUSTRIES, start=1):
        if entry.code not in known:
            db.session.add(
                Industry(
                    code=entry.code,
                    position=position,
                    name_zh=entry.name_zh,
                    name_en=entry.name_en,
                )
            )
    db.session.flush()


def _category(new: NewCategory, position: int) -> Category:
    """The row of one seed entry; parents come before their children."""
    parent = category_by_code(new.parent_code) if new.parent_code else None
    return Category(
        code=new.code,
        parent_id=parent.id if parent else None,
        position=position,
        name_zh=new.name_zh,
        name_en=new.name_en,
        icon=new.icon,
        legal_hint_zh=new.hint_zh,
        legal_hint_en=new.hint_en,
        urgency=new.urgency,
        deadline_class=new.deadline_class,
        photo_required=new.photo_required,
        stop_notice_zh=new.stop_zh,
        stop_notice_en=new.stop_en,
        place_rounding=new.place_rounding,
        questions=list(new.questions),
    )
