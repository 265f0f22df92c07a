"""The phone that takes the demo's photographs: framing, light, sensor noise, EXIF, JPEG.

A scene is drawn once (about 0.2 s) and kept as bytes; a photograph of it costs some 30 ms.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from portal.cli.demo.scenes.canvas import Canvas, Field, H, W, gradient
from portal.cli.demo.scenes.nature import clouds
from portal.cli.demo.scenes.scene import Scene

Pixels = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.int16]

OUT_W, OUT_H = 1024, 768
QUALITY = 80
CITY_ZONE = timezone(timedelta(hours=8))
"""Asia/Shanghai has had no summer time since 1991, so a fixed offset serves an EXIF stamp."""

HAZY = (
    ("#a7adab", "#d8d4c6", "#e2dfd5"),
    ("#bdb49f", "#ded2b8", "#e6dcc6"),
    ("#8f989c", "#c3c5c0", "#cfcfca"),
    ("#b6bcbd", "#e2e3de", "#f0efea"),
)
CLEAR = (
    ("#6fafdc", "#e6f1f2", "#ffffff"),
    ("#4f97d6", "#d2e8f2", "#ffffff"),
    ("#9dbfd0", "#eef0ea", "#f6f4ee"),
    ("#86a9cf", "#f6dcc0", "#fff1de"),
)
PHONES = (("HONGSHAN", "X7 Demo"), ("LANTIAN", "P20 Demo"), ("QINGHE", "Note 5 Demo"))
UPRIGHT: dict[int, Image.Transpose | None] = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation -> how the upright picture is turned before it is stored."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How the phone is held: shared by all photographs of one report, before and after."""

    flip: bool
    scale: float
    x: float
    y: float


def render(
    scene: Scene,
    *,
    after: bool,
    seed: int,
    taken_at: datetime,
    lat: float | None,
    lng: float | None,
    shot: int = 0,
) -> bytes:
    """Return one photograph of ``scene`` as JPEG bytes (at most 1024 px, about 100 kB).

    The same ``seed`` keeps framing for before and after; ``shot`` 0 is the wide view, 1 and
    above are close-ups, sometimes upright. ``taken_at`` is aware and also decides the light.
    Without ``lat`` and ``lng`` (WGS-84 degrees) the photograph carries no position.
    """
    key = (crc32(scene.name.encode()), seed, int(after), shot)
    rng = np.random.default_rng(key)
    picture = _with_sky(scene, after, int(rng.integers(0, 4)))
    picture = _cut(picture, scene, _frame(scene, seed), shot, rng)
    local = taken_at.astimezone(CITY_ZONE)
    pixels = _expose(np.asarray(picture), scene, local.hour, rng)
    image = Image.fromarray(pixels)
    orientation = _orientation(shot, rng)
    turn = UPRIGHT[orientation]
    if turn is not None:
        image = image.transpose(turn)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, exif=_exif(orientation, local, lat, lng, rng))
    return out.getvalue()


def _frame(scene: Scene, seed: int) -> Frame:
    rng = np.random.default_rng((crc32(scene.name.encode()), seed))
    return Frame(
        bool(rng.random() < 0.5),
        float(rng.uniform(0.8, 0.99)),
        float(rng.random()),
        float(rng.random()),
    )


@lru_cache(maxsize=256)
def _base(scene: Scene, after: bool) -> tuple[bytes, bytes]:
    """Draw a scene once; kept compressed, because seventy raw pictures would fill 150 MB."""
    canvas = Canvas()
    scene.draw(canvas, not after)
    picture, sky = io.BytesIO(), io.BytesIO()
    Image.fromarray(_bytes(canvas.image)).save(picture, "JPEG", quality=94, subsampling=0)
    Image.fromarray(_bytes(canvas.open_sky)).save(sky, "JPEG", quality=88)
    return picture.getvalue(), sky.getvalue()


def _bytes(field: Field) -> Pixels:
    return (np.clip(field, 0, 1) * 255).astype(np.uint8)


@lru_cache(maxsize=8)
def _sky_sheet(after: bool, kind: int) -> Image.Image:
    """One of four skies for before, one of four for after."""
    high, low, cloud = (CLEAR if after else HAZY)[kind]
    image = np.array(np.broadcast_to(gradient(high, low, 0, 520), (H, W, 3)), dtype=np.float32)
    clouds(image, 900 + kind * 17 + int(after), cloud, 0.14 if after else 0.06, 560)
    return Image.fromarray(_bytes(image))


def _with_sky(scene: Scene, after: bool, kind: int) -> Image.Image:
    picture_bytes, sky_bytes = _base(scene, after)
    picture = Image.open(io.BytesIO(picture_bytes))
    if scene.by_night:
        return picture
    return Image.composite(_sky_sheet(after, kind), picture, Image.open(io.BytesIO(sky_bytes)))


def _cut(
    picture: Image.Image, scene: Scene, frame: Frame, shot: int, rng: np.random.Generator
) -> Image.Image:
    """Crop, mirror and enlarge: a resident never stands exactly where the last one stood."""
    scale = frame.scale if shot == 0 else float(rng.uniform(0.5, 0.66))
    width, height = W * scale, H * scale
    if shot == 0:
        x, y = (W - width) * frame.x, (H - height) * frame.y
        x += float(rng.normal(0, 5))
        y += float(rng.normal(0, 4))
    else:
        x = W * (scene.focus[0] + float(rng.normal(0, 0.08))) - width / 2
        y = H * (scene.focus[1] + float(rng.normal(0, 0.05))) - height / 2
    x, y = min(max(x, 0), W - width), min(max(y, 0), H - height)
    box = (x, y, x + width, y + height)
    cut = picture.resize((OUT_W, OUT_H), Image.Resampling.BILINEAR, box=box)
    return cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if frame.flip else cut


def _expose(
    pixels: Pixels,
    scene: Scene,
    hour: int,
    rng: np.random.Generator,
) -> Pixels:
    """Apply light, colour temperature, film curve, vignette and grain."""
    gain = np.array(_light(scene, hour), dtype=np.float32) * np.float32(rng.uniform(0.9, 1.08))
    warm = np.float32(rng.normal(0, 0.025))
    gain *= np.array([1 + warm, 1.0, 1 - warm], dtype=np.float32)
    ramp = np.arange(256, dtype=np.float32)[:, None] / 255 * gain
    ramp = np.clip(ramp, 0, 1)
    ramp = ramp * ramp * (3 - 2 * ramp) * 0.35 + ramp * 0.65
    table = (ramp * 255).astype(np.int16)
    lit = np.stack([table[:, c].take(pixels[..., c]) for c in range(3)], axis=-1)
    sheet, vignette = _grain(), _vignette()
    dy, dx = (int(v) for v in rng.integers(0, 128, 2))
    grain = sheet[dy : dy + OUT_H, dx : dx + OUT_W] - vignette
    if rng.random() < 0.5:
        grain = grain[:, ::-1]
    shown: Pixels = np.clip(lit + grain[..., None], 0, 255).astype(np.uint8)
    return shown


def _light(scene: Scene, hour: int) -> tuple[float, float, float]:
    """Return the gain per colour at an hour of the day in the city."""
    if scene.by_night or 8 <= hour < 16:
        return (1.0, 1.0, 1.0)
    if hour in (6, 7):
        return (0.97, 0.95, 1.0)
    if hour in (16, 17):
        return (1.05, 0.98, 0.88)
    if hour in (5, 18, 19):
        return (0.86, 0.72, 0.66)
    return (0.42, 0.46, 0.62)


@lru_cache(maxsize=1)
def _grain() -> Levels:
    """One sheet of sensor noise, coarser than a pixel as a phone's own smoothing leaves it."""
    rng = np.random.default_rng(7)
    fine = rng.normal(0, 2.2, (OUT_H + 128, OUT_W + 128)).astype(np.float32)
    coarse = Image.fromarray(
        rng.normal(0, 3.2, ((OUT_H + 128) // 2, (OUT_W + 128) // 2)).astype(np.float32)
    )
    grown = np.asarray(coarse.resize((OUT_W + 128, OUT_H + 128), Image.Resampling.BILINEAR))
    sheet: Levels = (fine + grown).astype(np.int16)
    return sheet


@lru_cache(maxsize=1)
def _vignette() -> Levels:
    yy, xx = np.mgrid[-0.5 : 0.5 : OUT_H * 1j, -0.5 : 0.5 : OUT_W * 1j]
    fall: Levels = (np.clip(np.hypot(xx, yy) * 1.5 - 0.4, 0, 1) * 44).astype(np.int16)
    return fall


def _orientation(shot: int, rng: np.random.Generator) -> int:
    """Most photographs are stored upright, some turned as phones do."""
    turned = rng.random() < (0.22 if shot == 0 else 0.35)
    return int(rng.choice([6, 8, 3], p=[0.5, 0.25, 0.25])) if turned else 1


def _exif(
    orientation: int,
    local: datetime,
    lat: float | None,
    lng: float | None,
    rng: np.random.Generator,
) -> Image.Exif:
    exif = Image.Exif()
    make, model = PHONES[int(rng.integers(0, len(PHONES)))]
    stamp = local.strftime("%Y:%m:%d %H:%M:%S")
    exif[ExifTags.Base.Make] = make
    exif[ExifTags.Base.Model] = model
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.DateTime] = stamp
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = stamp
    detail[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    if lat is not None and lng is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "N" if lat >= 0 else "S"
        gps[ExifTags.GPS.GPSLatitude] = _degrees(abs(lat))
        gps[ExifTags.GPS.GPSLongitudeRef] = "E" if lng >= 0 else "W"
        gps[ExifTags.GPS.GPSLongitude] = _degrees(abs(lng))
        gps[ExifTags.GPS.GPSMapDatum] = "WGS-84"
    return exif


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Split degrees into degrees, minutes and seconds to 1/10,000 s (3 mm)."""
    whole = int(value)
    minutes = int((value - whole) * 60)
    seconds = Fraction(round(((value - whole) * 60 - minutes) * 60 * 10_000), 10_000)
    return (
        IFDRational(whole),
        IFDRational(minutes),
        IFDRational(seconds.numerator, seconds.denominator),
    )
