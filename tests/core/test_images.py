from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from portal.core import images
from portal.core.images import Box, BrokenImageError, ImageWorkerError, Refusal
from portal.core.imaging import pipeline, sandbox
from tests.core.imaging.pictures import (
    GPS_HERE,
    SHARED,
    corners,
    exif,
    is_upright,
    png_claiming,
)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/photos here")


@pytest.fixture(autouse=True)
def _fresh_decoders() -> Iterator[None]:
    images.close_decoders()
    yield
    images.close_decoders()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "x.jpg"
    corners(1800, 1200).save(path, exif=exif(orientation=1, gps=GPS_HERE))
    return path


def decoder_pid() -> int:
    return sandbox._pool._idle[0]._process.pid


def test_the_other_process_says_the_same_as_this_one(photo: Path) -> None:
    boxes = [Box(0.5, 0.5, 0.2, 0.2)]
    assert images.process_in_subprocess(photo, boxes) == pipeline.process(photo, boxes)
    assert images.process_in_subprocess(photo) == pipeline.process(photo)


def test_one_decoder_serves_many_photos_and_refusals(photo: Path, tmp_path: Path) -> None:
    images.process_in_subprocess(photo)
    first = decoder_pid()
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_claiming(65000, 65000))
    with pytest.raises(BrokenImageError) as caught:
        images.process_in_subprocess(bomb)
    assert caught.value.reason is Refusal.TOO_LARGE
    images.process_in_subprocess(photo)
    assert decoder_pid() == first


def test_a_photo_that_takes_too_long_is_killed(tmp_path: Path, photo: Path) -> None:
    slow = tmp_path / "slow.png"
    Image.new("RGB", (7000, 7000)).save(slow, compress_level=1)
    with pytest.raises(BrokenImageError) as caught:
        images.process_in_subprocess(slow, timeout_s=0.05)
    assert caught.value.reason is Refusal.TIMEOUT
    assert images.process_in_subprocess(photo).renditions


def test_a_killed_decoder_says_nothing_about_the_photo(photo: Path) -> None:
    images.process_in_subprocess(photo)
    os.kill(decoder_pid(), signal.SIGKILL)
    with pytest.raises(ImageWorkerError):
        images.process_in_subprocess(photo)
    assert images.process_in_subprocess(photo).renditions


def test_a_missing_file_is_not_a_broken_photo(tmp_path: Path) -> None:
    with pytest.raises(ImageWorkerError, match="FileNotFound"):
        images.process_in_subprocess(tmp_path / "nowhere.jpg")


def test_the_decoder_holds_no_secret_and_ends_with_the_portal(
    photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELD_KEYS", "k1:planted")
    images.process_in_subprocess(photo)
    environment = Path(f"/proc/{decoder_pid()}/environ").read_bytes()
    assert b"planted" not in environment
    process = sandbox._pool._idle[0]._process
    sandbox._pool._idle[0]._to.close()  # as the kernel does when the portal is killed
    assert process.wait(timeout=10) == 0


def test_threads_get_a_decoder_each(photo: Path) -> None:
    results = []

    def work() -> None:
        results.append(images.process_in_subprocess(photo).phash)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1
    assert len(results) == 3


def test_importing_the_module_loads_no_decoder() -> None:
    check = (
        "import sys, portal.core.images;"
        "sys.exit(' '.join({'PIL', 'numpy', 'pi_heif', 'scipy'} & set(sys.modules)) or 0)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", check], cwd=root, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@needs_shared
@pytest.mark.parametrize(
    ("name", "size", "has_position", "year"),
    [
        ("iphone_13_pro_max.HEIC", (3024, 4032), False, 2022),
        ("IMG_5195.HEIC", (2566, 3313), True, 2021),
        ("HMD_Nokia_8.3_5G.jpg", (4608, 1976), True, 2022),
        ("iphone_hdr_NO.jpg", (3264, 2448), True, 2015),
        ("DSCN0010.jpg", (640, 480), True, 2008),
        ("portrait_6.jpg", (450, 600), False, None),
        ("landscape_3.jpg", (600, 450), False, None),
    ],
)
def test_photos_of_real_cameras(
    name: str, size: tuple[int, int], *, has_position: bool, year: int | None
) -> None:
    found = images.process_in_subprocess(SHARED / name)
    facts = found.inspection
    assert (facts.width, facts.height) == size
    assert (facts.position is not None) == has_position
    assert (facts.taken_at and facts.taken_at.year) == year
    ratio = size[0] / size[1]
    for longest, data in found.renditions.items():
        with Image.open(io.BytesIO(data)) as picture:
            assert max(picture.size) == min(longest, max(size))
            assert abs(picture.width / picture.height - ratio) < 0.02
            assert dict(picture.getexif()) == {}
    assert len(found.renditions[160]) <= 8_000


@needs_shared
def test_a_heic_cut_short_is_broken(tmp_path: Path) -> None:
    data = (SHARED / "iphone_13_pro_max.HEIC").read_bytes()
    path = tmp_path / "cut.heic"
    for kept in (len(data) // 2, len(data) - 1, 3000):
        path.write_bytes(data[:kept])
        with pytest.raises(BrokenImageError) as caught:
            images.process_in_subprocess(path)
        assert caught.value.reason is Refusal.TRUNCATED


def test_upright_through_the_whole_way(photo: Path) -> None:
    assert all(is_upright(data) for data in images.process_in_subprocess(photo).renditions.values())
