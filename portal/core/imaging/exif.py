"""When and where a photo says it was taken. Anything odd is no statement, never an error."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

from portal.core.imaging.results import Position

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Before digital cameras: an unset clock, not a time.
_FIRST_YEAR = 1990
_TIME = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d|Z")
# What a hostile or half-written directory makes Pillow raise.
_FAULTS = (ValueError, TypeError, KeyError, IndexError, OSError, SyntaxError, struct.error)
_PNG_SOURCES = ("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp")


def read_exif(image: Image.Image) -> Image.Exif:
    """The picture's EXIF, empty when there is none or it cannot be read.

    Not asked of a PNG that carries none: Pillow would decode all of it to look at its end.
    """
    if image.format == "PNG" and not any(name in image.info for name in _PNG_SOURCES):
        return Image.Exif()
    try:
        return image.getexif()
    except _FAULTS:
        return Image.Exif()


def orientation_of(exif: Image.Exif) -> int:
    """EXIF orientation, 1 when missing or nonsense."""
    value = exif.get(ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def taken_at_of(exif: Image.Exif, zone: ZoneInfo = SHANGHAI) -> datetime | None:
    """The moment of exposure in UTC: DateTimeOriginal, else the moment of digitising.

    Without an offset tag the camera is taken to show the city's wall clock.
    """
    tags = _directory(exif, ExifTags.IFD.Exif)
    for time_tag, offset_tag in (
        (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
    ):
        moment = _moment(_text(tags.get(time_tag)), _text(tags.get(offset_tag)), zone)
        if moment is not None:
            return moment
    return None


def position_of(exif: Image.Exif) -> Position | None:
    """Where the camera stood, None unless both coordinates and hemispheres make sense."""
    tags = _directory(exif, ExifTags.IFD.GPSInfo)
    lat = _degrees(tags.get(ExifTags.GPS.GPSLatitude), tags.get(ExifTags.GPS.GPSLatitudeRef), "NS")
    lng = _degrees(
        tags.get(ExifTags.GPS.GPSLongitude), tags.get(ExifTags.GPS.GPSLongitudeRef), "EW"
    )
    if lat is None or lng is None or abs(lat) > 90 or abs(lng) > 180:
        return None
    # 0,0 is what a phone without a fix writes.
    return None if lat == lng == 0 else Position(lat, lng)


def _directory(exif: Image.Exif, which: ExifTags.IFD) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(which)
    except _FAULTS:
        return {}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""


def _moment(time: str, offset: str, zone: ZoneInfo) -> datetime | None:
    found = _TIME.match(time)
    if not found:
        return None
    written = "{}-{}-{}T{}:{}:{}".format(*found.groups())
    try:
        if _OFFSET.fullmatch(offset):
            moment = datetime.fromisoformat(written + offset)
        else:
            moment = datetime.fromisoformat(written).replace(tzinfo=zone)
        return moment.astimezone(UTC) if moment.year >= _FIRST_YEAR else None
    except (ValueError, OverflowError):
        return None


def _degrees(value: object, hemisphere: object, letters: str) -> float | None:
    letter = _text(hemisphere).upper()[:1]
    if not letter or letter not in letters:
        return None
    parts = value if isinstance(value, tuple) else (value,)
    try:
        numbers = [float(part) for part in parts[:3]]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not all(math.isfinite(n) and n >= 0 for n in numbers) or any(n > 60 for n in numbers[1:]):
        return None
    degrees = sum(number / 60.0**power for power, number in enumerate(numbers))
    return round(-degrees if letter == letters[1] else degrees, 7)
