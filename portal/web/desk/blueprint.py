"""The desk with every view hung on it: what the application registers."""

from __future__ import annotations

from portal.web.desk import frame, login_views, queue_views
from portal.web.desk.door import bp

__all__ = ["bp", "frame", "login_views", "queue_views"]
