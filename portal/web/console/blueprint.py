"""The console with every view hung on it: what the application registers."""

from __future__ import annotations

from portal.web.console import frame, writer_views
from portal.web.console.door import bp

__all__ = ["bp", "frame", "writer_views"]
