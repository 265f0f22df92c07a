"""From a file to an upright sRGB picture that shares nothing with it but pixels."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from portal.core.imaging.formats import (
    HEAD_BYTES,
    ImageFormat,
    has_passenger,
    is_cut_short,
    is_foreign,
    sniff,
)
from portal.core.imaging.results import BrokenImageError, Refusal

_DECODERS = {
    ImageFormat.JPEG: "JPEG",
    ImageFormat.PNG: "PNG",
    ImageFormat.WEBP: "WEBP",
    ImageFormat.HEIF: "HEIF",
}
_FAULTS = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, RuntimeError,
    struct.error, zlib.error, ZeroDivisionError, OverflowError, AttributeError,
)  # fmt: skip
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WHITE = (255, 255, 255, 255)


@contextmanager
def opened(path: Path) -> Iterator[tuple[ImageFormat, Image.Image]]:
    """Recognise and open the picture, header only; what goes wrong inside is told plainly.

    Raises BrokenImageError. One picture at a time in a process: Pillow's limit is global.
    """
    kind = _recognise(path)
    if kind is ImageFormat.HEIF:
        _register_heif()
    with _told_plainly(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        Image.MAX_IMAGE_PIXELS = kind.max_pixels
        with Image.open(path, formats=[_DECODERS[kind]]) as image:
            _check_size(kind, image)
            yield kind, image


def upright(image: Image.Image, orientation: int, longest: int) -> Image.Image:
    """A fresh RGB picture in sRGB, at most `longest` pixels a side, never enlarged."""
    _ask_for_draft(image, longest)
    image.load()
    profile = image.info.get("icc_profile")
    small = shrink(_resizable(image), longest)
    small = _to_srgb(_on_white(small), profile)
    if orientation in _TURNS:
        small = small.transpose(_TURNS[orientation])
    return _bare(small)


def shrink(image: Image.Image, longest: int) -> Image.Image:
    """The picture with no side longer than `longest`; itself when it is small enough."""
    width, height = image.size
    if max(width, height) <= longest:
        return image
    size = _fit(width, height, longest)
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: comments, profiles, EXIF and thumbnails stay with the file's object."""
    bare = image.copy() if isinstance(image, ImageFile.ImageFile) else image
    bare.info = {}
    return bare


def _rgb(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGB" else image.convert("RGB")


def _fit(width: int, height: int, longest: int) -> tuple[int, int]:
    scale = longest / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _recognise(path: Path) -> ImageFormat:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    kind = sniff(head)
    if kind is None:
        foreign = head[:1].isascii() is False and is_foreign(head)
        raise BrokenImageError(Refusal.FOREIGN if foreign else Refusal.FORMAT)
    if has_passenger(path, kind):
        raise BrokenImageError(Refusal.FOREIGN)
    if is_cut_short(path, kind):
        raise BrokenImageError(Refusal.TRUNCATED)
    return kind


def _register_heif() -> None:
    """Load libheif here and not at the top: web processes must never have it."""
    import pi_heif  # noqa: PLC0415

    pi_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )


def _check_size(kind: ImageFormat, image: Image.Image) -> None:
    # A progressive JPEG keeps every coefficient in memory, so an eighth is no cheaper than all.
    progressive = kind is ImageFormat.JPEG and "progressive" in image.info
    cap = ImageFormat.PNG.max_pixels if progressive else kind.max_pixels
    if image.width * image.height > cap:
        raise BrokenImageError(Refusal.TOO_LARGE, f"{image.width}x{image.height}")


def _ask_for_draft(image: Image.Image, longest: int) -> None:
    """Let libjpeg decode at 1/2, 1/4 or 1/8; it does so only when asked in the own aspect."""
    if max(image.size) > longest:
        width, height = image.size
        scale = longest / max(width, height)
        image.draft(None, (max(1, int(width * scale)), max(1, int(height * scale))))


def _resizable(image: Image.Image) -> Image.Image:
    """Palette, bilevel and deep grey pictures in a mode that can be averaged."""
    if image.mode in {"P", "PA"}:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda level: level * (1 / 257)).convert("L")
    if image.mode in {"RGB", "L"} and image.has_transparency_data:
        return image.convert("RGBA")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image).convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return _rgb(image)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return _rgb(image)
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(
            image,
            source,
            target,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that does not fit its picture: the plain colours are the better guess.
        return _rgb(image)
    return _rgb(converted or image)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as fault:
        raise BrokenImageError(Refusal.TOO_LARGE, str(fault)) from None
    except UnidentifiedImageError as fault:
        raise BrokenImageError(Refusal.DAMAGED, str(fault)) from None
    except _FAULTS as fault:
        cut = "truncated" in str(fault).lower() or "end of file" in str(fault).lower()
        raise BrokenImageError(Refusal.TRUNCATED if cut else Refusal.DAMAGED, str(fault)) from None
