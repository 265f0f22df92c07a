"""The media door with every view hung on it: what the application registers."""

from __future__ import annotations

from portal.web.media import originals_views, photo_views, share_views
from portal.web.media.door import bp

__all__ = ["bp", "originals_views", "photo_views", "share_views"]
