"""Services from categories, attributes from the questions a category asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_tree
from portal.web.filters import is_english, named

_DATATYPES = {"choice": "singlevaluelist", "text": "text"}


def services() -> list[dict[str, Any]]:
    """Every category: level 2 in the group of its level 1, and level 1 for who is not sure."""
    return [_service(category, top) for category, top in _offered()]


def definition(code: str) -> dict[str, Any] | None:
    """The attributes of a service; None when there is no such service."""
    category = offered(code)
    if category is None:
        return None
    attributes = [
        _attribute(question, order) for order, question in enumerate(category.questions, start=1)
    ]
    return {"service_code": category.code, "attributes": attributes}


def offered(code: str) -> Category | None:
    """The category behind a service code, while it is offered."""
    return next((category for category, _top in _offered() if category.code == code), None)


def _offered() -> Iterator[tuple[Category, Category]]:
    for branch in category_tree():
        yield from ((child, branch.top) for child in branch.children)
        yield branch.top, branch.top


def _service(category: Category, top: Category) -> dict[str, Any]:
    keywords = dict.fromkeys((category.name_zh, category.name_en, top.name_zh, top.name_en))
    return {
        "service_code": category.code,
        "service_name": named(category),
        "description": _description(category),
        "metadata": bool(category.questions),
        "type": "realtime",
        "keywords": ",".join(word.replace(",", " ") for word in keywords if word),
        "group": named(top),
    }


def _description(category: Category) -> str:
    hint = category.legal_hint_en if is_english() else category.legal_hint_zh
    return _("说不清是哪一种时选这一类。%(hint)s", hint=hint) if category.is_top else hint


def _attribute(question: dict[str, Any], order: int) -> dict[str, Any]:
    tongue = "text_en" if is_english() else "text_zh"
    return {
        "variable": True,
        "code": question["code"],
        "datatype": _DATATYPES[question["kind"]],
        "required": bool(question.get("required")),
        "datatype_description": "",
        "order": order,
        "description": question[tongue],
        "values": [{"key": o["code"], "name": o[tongue]} for o in question["options"]],
    }
