"""The city and its office by name, in the reader's language.

Official documents and data files are in Chinese for everybody: they take the names from the
settings.
"""

from __future__ import annotations

from flask import Flask, current_app

from portal.config import Settings
from portal.web.filters import is_english


def city_name() -> str:
    """The city's name; the Chinese one where no other is set."""
    settings = _settings()
    return (is_english() and settings.city_name_en) or settings.city_name


def organiser_name() -> str:
    """The office that runs the portal (主办单位); empty where none is named."""
    settings = _settings()
    return (is_english() and settings.organiser_en) or settings.organiser


def register(app: Flask) -> None:
    """Give templates both names."""
    for helper in (city_name, organiser_name):
        app.jinja_env.globals[helper.__name__] = helper


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings
