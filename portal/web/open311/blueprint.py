"""The Open311 door with every view hung on it: what the application registers."""

from __future__ import annotations

from portal.web import openapi
from portal.web.open311 import filing_views, request_views, service_views, update_views
from portal.web.open311.api import part
from portal.web.open311.door import bp, v2

# The same views twice: one endpoint files, the other only looks.
bp.register_blueprint(v2, url_prefix="/v2")
bp.register_blueprint(v2, url_prefix="/test/v2", name="test")
bp.record_once(lambda state: openapi.contribute(state.app, part))

__all__ = ["bp", "filing_views", "request_views", "service_views", "update_views"]
