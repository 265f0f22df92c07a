"""What may be filed: the categories with their questions and notices, for page and program."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from portal.config import Settings
from portal.core.geo import Crs
from portal.domain.categories.models import Category
from portal.domain.categories.queries import CategoryBranch, category_tree
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids
from portal.domain.reports.photos import MOST_BYTES, MOST_PHOTOS
from portal.web.citizen import forms, places, proofs
from portal.web.citizen.consents import CONSENT_VERSION, CONSENTS
from portal.web.filters import is_english, named

_PHONE = re.compile(r"(?<!\d)(?:1(?:10|19|20|22)|12\d{3})(?!\d)")
_MOST_VILLAGES = 400  # a longer list is no help on a phone: then towns only
ACCEPTED = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


def picker() -> dict[str, Any]:
    """Tiles, pills, questions and notices for the page; each knows for which codes it is shown."""
    branches = category_tree()
    everything = [c for branch in branches for c in (branch.top, *branch.children)]
    return {
        "branches": [_branch(branch) for branch in branches],
        "questions": _questions(everything),
        "notices": [_notice(c) for c in everything if c.stop_notice_zh],
        "photo_codes": [c.code for c in everything if c.photo_required],
    }


def _notice(category: Category) -> dict[str, Any]:
    """What comes before filing, with the numbers it names as buttons to call."""
    words = category.stop_notice_en if is_english() else category.stop_notice_zh
    phones = list(dict.fromkeys(_PHONE.findall(words or "")))
    return {"code": category.code, "words": words, "phones": phones}


def _branch(branch: CategoryBranch) -> dict[str, Any]:
    return {
        "code": branch.top.code,
        "label": named(branch.top),
        "children": [{"code": c.code, "label": named(c)} for c in branch.children],
    }


def _questions(categories: Iterable[Category]) -> list[dict[str, Any]]:
    """Each question once, with the codes it belongs to: many categories share theirs."""
    found: dict[str, dict[str, Any]] = {}
    tongue = "text_en" if is_english() else "text_zh"
    for category in categories:
        for question in category.questions:
            options = [(option["code"], option[tongue]) for option in question["options"]]
            entry = found.setdefault(
                question["code"],
                {
                    "name": f"answers[{question['code']}]",
                    "kind": question["kind"],
                    "label": question[tongue],
                    "options": options,
                    "codes": [],
                },
            )
            entry["codes"].append(category.code)
    return list(found.values())


def villages(chosen: str = "") -> list[dict[str, Any]]:
    """Towns with their villages for the list; when there are very many, only the one `chosen`."""
    towns, below = grids(GridLevel.TOWN), grids(GridLevel.VILLAGE)
    if len(below) > _MOST_VILLAGES:
        below = [village for village in below if village.code == chosen]
    return [
        {
            "code": town.code,
            "label": named(town),
            "children": [(v.code, named(v)) for v in below if v.parent_id == town.id],
        }
        for town in towns
    ]


def schema() -> dict[str, Any]:
    """GET /report/schema.json: what a program must know to file."""
    settings: Settings = current_app.extensions["portal.settings"]
    rows = [c for branch in category_tree() for c in (branch.top, *branch.children)]
    codes = {row.id: row.code for row in rows}
    return {
        "city": settings.city_name,
        "categories": [_category(row, codes) for row in rows],
        "limits": _limits(),
        "consent": {
            "version": CONSENT_VERSION,
            "texts": {name: _(words) for name, words in CONSENTS.items()},
        },
        "occurred": list(forms.Occurred),
        "location_sources": list(places.LocationSource),
        "crs": list(Crs),
        "image_formats": list(ACCEPTED),
        "challenge": {
            "field": "altcha",
            "status": 429,
            "algorithm": proofs.ALGORITHM,
            "puzzle_lasts_s": int(proofs.PUZZLE_LASTS.total_seconds()),
            "ticket_wait_s": int(proofs.WAIT.total_seconds()),
        },
    }


def _category(row: Category, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "code": row.code,
        "level": 1 if row.is_top else 2,
        "parent": codes.get(row.parent_id) if row.parent_id else None,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "photo_required": row.photo_required,
        "stop_notice_zh": row.stop_notice_zh,
        "stop_notice_en": row.stop_notice_en,
        "questions": row.questions,
    }


def _limits() -> dict[str, int]:
    return {
        "photos_most": MOST_PHOTOS,
        "photo_bytes_most": MOST_BYTES,
        "categories_most": forms.MOST_CATEGORIES,
        "description_least": forms.DESCRIPTION_LEAST,
        "description_most": forms.DESCRIPTION_MOST,
        "address_least": places.ADDRESS_LEAST,
        "address_most": places.ADDRESS_MOST,
        "occurred_note_most": forms.NOTE_MOST,
        "accused_name_most": forms.ACCUSED_MOST,
        "contact_name_most": forms.NAME_MOST,
        "contact_email_most": forms.MAIL_MOST,
        "answer_most": forms.ANSWER_MOST,
    }
