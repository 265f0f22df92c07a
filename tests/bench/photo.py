"""One 12 MP photo through the portal's pipeline and through the least Pillow can do.

`python -m tests.bench.photo ours|bare FILE` runs one of them in a process of its own and prints its
milliseconds of CPU for a photo and its peak memory in MB.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter

from tests.bench.processes import peak_mb

_SIZES = (1600, 400, 160)
_TIMES = 4


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU a photo, and the process's peak memory in MB."""

    cpu_ms: float
    peak_mb: float


def draw(path: Path) -> None:
    """A JPEG of 4000 x 3000 px with as much detail as a camera's."""
    noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000)).filter(ImageFilter.SHARPEN)
    sky = Image.linear_gradient("L").resize((4000, 3000))
    Image.merge("RGB", (noise, sky, Image.blend(noise, sky, 0.5))).save(path, "JPEG", quality=88)


def cost_of(which: str, path: Path) -> Cost:
    """What `which` (ours or bare) costs, measured in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.photo", which, str(path)]
    cpu, peak = subprocess.check_output(command, text=True, timeout=120).split()
    return Cost(float(cpu), float(peak))


def _ours(path: Path) -> None:
    from portal.core.images import make_renditions

    make_renditions(path)


def _bare(path: Path) -> None:
    with Image.open(path) as image:
        image.draft("RGB", (_SIZES[0], _SIZES[0] * image.height // image.width))
        image.load()
        for size in _SIZES:
            image.thumbnail((size, size))
            image.save(io.BytesIO(), "JPEG", quality=82)


def main() -> None:
    """Measure what the command line names."""
    run, path = {"ours": _ours, "bare": _bare}[sys.argv[1]], Path(sys.argv[2])
    run(path)
    before = time.process_time()
    for _ in range(_TIMES):
        run(path)
    cpu_ms = 1000 * (time.process_time() - before) / _TIMES
    print(cpu_ms, peak_mb(os.getpid()))


if __name__ == "__main__":
    main()
