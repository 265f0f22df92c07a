"""Where photos are kept: the setting MEDIA_URL picks the adapter."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from portal.adapters.storage.local import MIN_FREE_BYTES, LocalPhotoStore
from portal.domain.ports import PhotoStore


def storage_from_url(url: str, *, min_free_bytes: int = MIN_FREE_BYTES) -> PhotoStore:
    """The store MEDIA_URL names: `file:instance/media` or `file:/srv/media`.

    Raises ValueError for an address this version cannot use.
    """
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path:
        raise ValueError(f"MEDIA_URL must be file:<directory>, not {parts.scheme or url}:")
    return LocalPhotoStore(Path(parts.path), min_free_bytes=min_free_bytes)


__all__ = ["LocalPhotoStore", "storage_from_url"]
