"""What is asked about a photo and what comes back."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from portal.core.errors import PortalError
from portal.core.imaging.formats import ImageFormat
from portal.core.text import N_


class Refusal(enum.StrEnum):
    """Why a file does not become a photo."""

    FORMAT = "format"
    FOREIGN = "foreign"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    TIMEOUT = "timeout"

    @property
    def label(self) -> str:
        """One sentence for the resident that says what to do."""
        return _REFUSAL_LABELS[self]

    @property
    def is_refused(self) -> bool:
        """Status `refused` (we do not take such files), otherwise `broken` (it did not open)."""
        return self in {Refusal.FORMAT, Refusal.FOREIGN, Refusal.TOO_LARGE}


_REFUSAL_LABELS = {
    Refusal.FORMAT: N_("不是能收的照片格式，请发 JPEG、PNG、WebP 或 HEIC。"),
    Refusal.FOREIGN: N_("文件里夹带了照片以外的内容，没有收下。请重新拍一张。"),
    Refusal.TOO_LARGE: N_("照片像素太大，打不开。请缩小后再发。"),
    Refusal.TRUNCATED: N_("照片没有传完整，请再发一次。"),
    Refusal.DAMAGED: N_("照片文件坏了，打不开。请换一张再发。"),
    Refusal.TIMEOUT: N_("照片处理太久，没有打开。请换一张再发。"),
}


class BrokenImageError(PortalError):
    """The file will never become a photo; `reason` says why, `technical` is for the log."""

    code = "broken_image"
    http_status = 415

    def __init__(self, reason: Refusal, technical: str = "") -> None:
        super().__init__(reason.label)
        self.reason = reason
        self.technical = technical


class ImageWorkerError(PortalError):
    """The decoding process was killed or did not start: nothing is known about the photo."""

    code = "image_worker_failed"
    http_status = 503


@dataclass(frozen=True)
class Position:
    """Where a photo says it was taken; WGS-84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True)
class Inspection:
    """Facts about the file as it was sent."""

    format: ImageFormat
    # Pixels of the upright picture.
    width: int
    height: int
    # EXIF orientation 1-8, already applied to width, height and every rendition.
    orientation: int
    taken_at: datetime | None
    position: Position | None

    def to_json(self) -> dict[str, Any]:
        """A form that goes over a pipe."""
        return {
            "format": self.format.value,
            "size": [self.width, self.height],
            "orientation": self.orientation,
            "taken_at": self.taken_at and self.taken_at.isoformat(),
            "position": self.position and [self.position.lat, self.position.lng],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Undo `to_json`."""
        width, height = data["size"]
        taken, position = data["taken_at"], data["position"]
        return cls(
            format=ImageFormat(data["format"]),
            width=int(width),
            height=int(height),
            orientation=int(data["orientation"]),
            taken_at=datetime.fromisoformat(taken) if taken else None,
            position=Position(*map(float, position)) if position else None,
        )


@dataclass(frozen=True)
class Box:
    """A rectangle to black out, in fractions (0-1) of the upright picture."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        values = (self.x, self.y, self.width, self.height)
        if not all(math.isfinite(v) and 0 <= v <= 1 for v in values):
            raise ValueError("a rectangle is given in fractions between 0 and 1")

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom (both exclusive), rounded outwards and inside the picture."""
        return (
            min(math.floor(self.x * width), width - 1),
            min(math.floor(self.y * height), height - 1),
            max(1, min(math.ceil((self.x + self.width) * width), width)),
            max(1, min(math.ceil((self.y + self.height) * height), height)),
        )


@dataclass(frozen=True)
class Processed:
    """A photo made safe: JPEG renditions by their longest side, facts, perceptual hash."""

    inspection: Inspection
    renditions: dict[int, bytes]
    # 64 bits as 16 hexadecimal digits; compare by Hamming distance.
    phash: str
