"""Who publishes the data, and where: what every file and document names."""

from __future__ import annotations

from flask import current_app

from portal.config import Settings
from portal.web.transparency.opendata import wording


def base_url() -> str:
    """The portal's address, without a slash at its end."""
    return _settings().base_url


def source() -> str:
    """The portal by the name of its city."""
    return _settings().city_name + wording.PORTAL


def organiser() -> str:
    """The office behind it; the portal itself where no office is named."""
    return _settings().organiser or source()


def licence() -> str:
    """Where the terms of use stand."""
    return f"{base_url()}/about/licence"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings
