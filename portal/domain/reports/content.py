"""What the receipt commits the city to: the content of a filing, in one canonical form."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.clock import local
from portal.domain.reports.models import Report


@dataclass(frozen=True)
class Content:
    """A filing as it came: `place` is raw latitude, longitude, datum and address as sent;
    `photos` are the SHA-256 of their bytes.
    """

    number: str
    received_at: str
    description: str
    place: Sequence[Any]
    categories: Sequence[str]
    grid: str | None
    photos: Sequence[str | None]

    def commitment(self, nonce: str) -> str:
        """HMAC-SHA256 under `nonce` of the content as JSON with sorted keys and no spaces."""
        options: dict[str, Any] = {"sort_keys": True, "separators": (",", ":")}
        canonical = json.dumps(vars(self), ensure_ascii=False, **options)
        return hmac.new(bytes.fromhex(nonce), canonical.encode(), hashlib.sha256).hexdigest()

    def changing(self) -> dict[str, Any]:
        """What may change on the report later, kept in the event of its filing for an audit."""
        return {"categories": self.categories, "grid": self.grid, "photos": self.photos}


def moment(at: datetime) -> str:
    """The time of receipt as the receipt shows it."""
    return local(at).isoformat(timespec="milliseconds")


def content_of(report: Report, changing: dict[str, Any]) -> Content:
    """The content anew from the report, with what the event of its filing kept."""
    place = [report.raw_lat, report.raw_lng, report.crs, report.address or ""]
    received_at = moment(report.received_at)
    return Content(report.number, received_at, report.description, place, **changing)
