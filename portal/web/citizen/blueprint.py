"""The residents' door, complete: its blueprint with every view hung on it."""

from __future__ import annotations

import portal.web.citizen.filing_views
import portal.web.citizen.installed_views
import portal.web.citizen.nearby_views
import portal.web.citizen.notice_views
import portal.web.citizen.objection_views
import portal.web.citizen.photo_views
import portal.web.citizen.place_views
import portal.web.citizen.poster_views
import portal.web.citizen.receipt_views
import portal.web.citizen.track_action_views
import portal.web.citizen.track_views  # noqa: F401 - importing hangs them on `bp`
from portal.web import openapi
from portal.web.citizen.api import part
from portal.web.citizen.entrance import bp

bp.record_once(lambda state: openapi.contribute(state.app, part))

__all__ = ["bp"]
