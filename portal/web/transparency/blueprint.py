"""The public door with every view hung on it: what the application registers."""

from __future__ import annotations

from portal.web import openapi
from portal.web.errors import answer_below, problem
from portal.web.transparency import (
    about_views,
    api_views,
    embed_views,
    exposure_views,
    figure_views,
    home_views,
    inspection_views,
    log_data_views,
    log_views,
    map_views,
    order_views,
    quality_views,
    report_views,
    sitemap_views,
)
from portal.web.transparency.api import part
from portal.web.transparency.door import bp
from portal.web.transparency.ogc import views as ogc_views
from portal.web.transparency.ogc.api import part as ogc_part
from portal.web.transparency.opendata import views as data_views

bp.record_once(lambda state: answer_below(state.app, "/open/ogc", problem))

bp.record_once(lambda state: openapi.contribute(state.app, part))
bp.record_once(lambda state: openapi.contribute(state.app, ogc_part))

__all__ = [
    "about_views",
    "api_views",
    "bp",
    "data_views",
    "embed_views",
    "exposure_views",
    "figure_views",
    "home_views",
    "inspection_views",
    "log_data_views",
    "log_views",
    "map_views",
    "ogc_views",
    "order_views",
    "quality_views",
    "report_views",
    "sitemap_views",
]
