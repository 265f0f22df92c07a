from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from portal.core.images import BrokenImageError, ImageFormat, Refusal, inspect, sniff
from portal.core.imaging import pipeline
from tests.core.imaging.pictures import corners, jpeg_bytes, noise, png_claiming

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PDF = b"%PDF-1.7\n1 0 obj\n"


def encoded(kind: str) -> bytes:
    buffer = io.BytesIO()
    corners().save(buffer, kind)
    return buffer.getvalue()


def ftyp(major: bytes, *brands: bytes) -> bytes:
    body = b"ftyp" + major + b"\0\0\0\0" + b"".join(brands)
    return (len(body) + 4).to_bytes(4, "big") + body + b"\0\0\0\x08meta"


def refusal_of(path: Path) -> Refusal:
    with pytest.raises(BrokenImageError) as caught:
        pipeline.process(path)
    assert caught.value.detail
    return caught.value.reason


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (encoded("JPEG"), ImageFormat.JPEG),
        (encoded("PNG"), ImageFormat.PNG),
        (encoded("WEBP"), ImageFormat.WEBP),
        (ftyp(b"heic", b"mif1", b"heic"), ImageFormat.HEIF),
        (ftyp(b"mif1", b"mif1", b"heic"), ImageFormat.HEIF),
        (ftyp(b"mif1", b"mif1", b"avif"), None),
        (ftyp(b"avif", b"mif1", b"avif"), None),
        (ftyp(b"isom", b"mp41"), None),
        (encoded("GIF"), None),
        (encoded("BMP"), None),
        (encoded("TIFF"), None),
        (SVG, None),
        (HTML, None),
        (PDF, None),
        (b"", None),
        (b"\xff\xd8", None),
        (b"RIFF\0\0\0\0WAVE", None),
    ],
)
def test_the_door_tells_formats_by_their_bytes(head: bytes, kind: ImageFormat | None) -> None:
    assert sniff(head[:1024]) is kind


@pytest.mark.parametrize("content", [SVG, HTML, PDF, encoded("GIF"), b"", b"x" * 5000])
def test_what_is_no_photo_is_refused_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)
    assert refusal_of(path) is Refusal.FORMAT
    assert Refusal.FORMAT.is_refused


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Main.class", b"\xca\xfe\xba\xbe")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        jpeg_bytes(corners(), comment=HTML),
        jpeg_bytes(corners(), comment=PDF),
        jpeg_bytes(corners(), comment=SVG.upper()),
        encoded("JPEG") + HTML,
        encoded("PNG") + HTML,
        encoded("JPEG") + zipped(),
        encoded("PNG") + zipped(),
        encoded("WEBP") + zipped() + b"",
    ],
)
def test_a_picture_that_is_something_else_too_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(content)
    assert refusal_of(path) is Refusal.FOREIGN


def test_a_motion_photo_is_welcome(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    film = noise(200, 200).tobytes()
    path.write_bytes(encoded("JPEG") + ftyp(b"mp42", b"isom") + film + b"PK\x05\x06" + film)
    assert pipeline.process(path).inspection.width == 320


def test_a_header_that_claims_too_much_is_refused_before_decoding(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    for width, height in ((65000, 65000), (8000, 6251), (2**31 - 1, 2**31 - 1)):
        path.write_bytes(png_claiming(width, height))
        with pytest.raises(BrokenImageError) as caught:
            inspect(path)
        assert caught.value.reason is Refusal.TOO_LARGE


def test_jpeg_may_be_larger_when_it_can_be_decoded_at_an_eighth(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    Image.new("L", (8000, 8000), 90).save(path)
    assert inspect(path).width == 8000
    Image.new("L", (8000, 8000), 90).save(path, progressive=True)
    with pytest.raises(BrokenImageError) as caught:
        inspect(path)
    assert caught.value.reason is Refusal.TOO_LARGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_told_plainly(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    buffer = io.BytesIO()
    noise(600, 400).save(buffer, kind)
    data = buffer.getvalue()
    path.write_bytes(data[: len(data) // 2])
    reason = refusal_of(path)
    assert reason in {Refusal.TRUNCATED, Refusal.DAMAGED}
    assert not reason.is_refused


@pytest.mark.parametrize("length", [12, 30, 100, 400])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_stub_of_a_file_is_broken(tmp_path: Path, kind: str, length: int) -> None:
    path = tmp_path / "x"
    buffer = io.BytesIO()
    noise(600, 400).save(buffer, kind)
    path.write_bytes(buffer.getvalue()[:length])
    assert refusal_of(path) in {Refusal.TRUNCATED, Refusal.DAMAGED}


def test_a_heic_that_is_only_a_name_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "x.heic"
    path.write_bytes(ftyp(b"heic", b"mif1", b"heic") + b"\0" * 500)
    assert refusal_of(path) in {Refusal.TRUNCATED, Refusal.DAMAGED}


def test_every_reason_has_a_sentence_for_the_resident() -> None:
    assert all(reason.label.endswith("。") for reason in Refusal)
