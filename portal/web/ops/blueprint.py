"""The door for operators and robots with every view hung on it: what the application registers."""

from __future__ import annotations

from portal.web.ops import health_views, robots_views
from portal.web.ops.door import bp

__all__ = ["bp", "health_views", "robots_views"]
