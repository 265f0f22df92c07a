"""Which files are taken for photos, told by their bytes and never by their name.

Light enough for the web door: no decoder is imported here.
"""

from __future__ import annotations

import enum
import struct
from pathlib import Path

HEAD_BYTES = 1024
_TAIL_BYTES = 64 * 1024 + 22  # a ZIP's end record with its longest comment


class ImageFormat(enum.StrEnum):
    """The four formats of domain.md section 6."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIF = "heif"

    @property
    def media_type(self) -> str:
        """What an original of this format is served as."""
        return f"image/{self.value}"

    @property
    def max_pixels(self) -> int:
        """How large a photo may be: only JPEG can be decoded at an eighth of its size."""
        return 220_000_000 if self is ImageFormat.JPEG else 50_000_000


_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_FAMILY = {b"mif1", b"msf1"}
# What other programs would take the file for, looked for where they look: in the first kilobyte.
_FOREIGN = (b"<html", b"<script", b"<svg", b"<!doctype", b"<?php", b"<body", b"<iframe", b"%pdf-")
# Behind the picture only longer ones: a phone's motion photo may put random bytes there.
_FOREIGN_BEHIND = tuple(marker for marker in _FOREIGN if len(marker) > len("<svg"))
_ZIP_END, _ZIP_ENTRY = b"PK\x05\x06", b"PK\x01\x02"


def sniff(head: bytes) -> ImageFormat | None:
    """The format by the first kilobyte (`HEAD_BYTES`), or None for whatever else it is.

    None also for a picture that passes as HTML, SVG, PDF or PHP at the same time.
    """
    kind = _by_magic(head)
    return None if kind is None or is_foreign(head) else kind


def is_foreign(head: bytes) -> bool:
    """Whether the first kilobyte would pass as a document or a script somewhere."""
    start = head[:HEAD_BYTES].lower()
    return any(marker in start for marker in _FOREIGN)


def has_passenger(path: Path, kind: ImageFormat) -> bool:
    """Whether a ZIP, a document or a script rides behind the picture.

    A phone's motion photo carries a film there; that is not refused, and never served.
    """
    length = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, length - _TAIL_BYTES))
        tail = file.read()
        end = tail.rfind(_ZIP_END)
        if end >= 0:
            directory = _directory_start(tail[end : end + 22], length - len(tail) + end)
            if 0 <= directory < length:
                file.seek(directory)
                if file.read(4) == _ZIP_ENTRY:
                    return True
    behind = _behind(tail, kind).lower()
    return any(marker in behind for marker in _FOREIGN_BEHIND)


def is_cut_short(path: Path, kind: ImageFormat) -> bool:
    """Whether a HEIC's boxes reach beyond its end: libheif would show the missing tiles as grey.

    The decoders of the other formats notice by themselves.
    """
    if kind is not ImageFormat.HEIF:
        return False
    length, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at + 8 <= length:
            file.seek(at)
            header = file.read(16)
            size = int.from_bytes(header[:4], "big")
            if size == 1:  # a 64-bit size follows the name
                size = int.from_bytes(header[8:16], "big")
            if size == 0:  # to the end of the file
                return False
            if size < 8:
                return True
            at += size
    return at > length


def _by_magic(head: bytes) -> ImageFormat | None:
    if head.startswith(b"\xff\xd8\xff"):
        return ImageFormat.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageFormat.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ImageFormat.WEBP
    return ImageFormat.HEIF if _is_heif(head) else None


def _is_heif(head: bytes) -> bool:
    """ISO 14496-12: a `ftyp` box with a major brand and compatible ones, four bytes each."""
    if head[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[i : i + 4] for i in range(16, end - 3, 4)}
    major = head[8:12]
    return major in _HEIF_BRANDS or (major in _HEIF_FAMILY and bool(brands & _HEIF_BRANDS))


def _directory_start(record: bytes, position: int) -> int:
    """Where the central directory begins that ends at `position`, or -1."""
    if len(record) < 16:
        return -1
    (size,) = struct.unpack_from("<L", record, 12)
    return int(position - size)


def _behind(tail: bytes, kind: ImageFormat) -> bytes:
    """What follows the picture's own end mark, as far as the tail shows it."""
    marks = {ImageFormat.JPEG: b"\xff\xd9", ImageFormat.PNG: b"IEND"}
    mark = marks.get(kind)
    if mark is None:
        return b""
    at = tail.rfind(mark)
    return tail if at < 0 else tail[at + len(mark) :]
