"""The decoding process: `python -m portal.core.imaging.decoder`.

It imports the decoders once, holds no secret, and forks a child for every photo, because starting
Python and scipy anew costs more than the photo itself. The child has limits on memory, processor
time, real time and files; a decoder that crashes or never ends takes only that child with it.
"""

from __future__ import annotations

import gc
import io
import math
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import imagehash
import pi_heif  # noqa: F401 - loaded before the fork, used by decode
from PIL import (  # noqa: F401 - likewise
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from portal.core.imaging.frames import (
    MAX_REPLY_BYTES,
    FrameError,
    read_frame,
    result_frame,
    write_frame,
)
from portal.core.imaging.pipeline import process
from portal.core.imaging.results import Box, BrokenImageError, Refusal

# On top of what the interpreter maps already. A 50-megapixel WebP, the worst that is allowed, needs
# three times its 200 MB of pixels; a 12-megapixel JPEG needs 20 MB.
_MEMORY_BYTES = 900 * 1024 * 1024
_DEATHS = {
    signal.SIGALRM: Refusal.TIMEOUT,
    signal.SIGXCPU: Refusal.TIMEOUT,
    signal.SIGSEGV: Refusal.DAMAGED,
    signal.SIGABRT: Refusal.DAMAGED,
    signal.SIGBUS: Refusal.DAMAGED,
    signal.SIGFPE: Refusal.DAMAGED,
    signal.SIGILL: Refusal.DAMAGED,
}


def main() -> None:
    """Answer jobs from standard input until it closes, which it does when the portal ends."""
    imagehash.phash(Image.new("L", (64, 64)))  # makes it load scipy
    gc.freeze()
    while True:
        try:
            job, _ = read_frame(sys.stdin.buffer)
        except FrameError:
            return
        reply = _in_child(job)
        sys.stdout.buffer.write(reply)
        sys.stdout.buffer.flush()


def _in_child(job: dict[str, Any]) -> bytes:
    """The bytes of the reply, as the child wrote them or as its death tells."""
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receive)
        _child(job, send)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        reply = pipe.read(2 * MAX_REPLY_BYTES)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return reply
    return _death_frame(status)


def _child(job: dict[str, Any], send: int) -> None:
    """Do the job and end the process, whatever happens."""
    code = 1
    try:
        with os.fdopen(send, "wb") as pipe:
            _set_limits(float(job["timeout_s"]))
            head, body = _work(job)
            write_frame(pipe, head, body)
        code = 0
    finally:
        os._exit(code)


def _work(job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    boxes = [Box(*box) for box in job["boxes"]]
    try:
        return result_frame(process(Path(job["path"]), boxes, ZoneInfo(job["zone"])))
    except BrokenImageError as fault:
        return {"refusal": fault.reason.value, "technical": fault.technical[:500]}, b""
    except MemoryError:
        return {"refusal": Refusal.TOO_LARGE.value, "technical": "memory"}, b""
    except Exception as fault:  # noqa: BLE001 - the caller raises it again, by name
        return {"failed": repr(fault)[:500]}, b""


def _set_limits(timeout_s: float) -> None:
    # The default action of SIGALRM ends the process even inside a decoder's C loop.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, timeout_s)
    seconds = math.ceil(timeout_s) + 1
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for limit, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, mapped + _MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(limit, (value, value))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _death_frame(status: int) -> bytes:
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    reason = _DEATHS.get(signal.Signals(number)) if number else None
    buffer = io.BytesIO()
    if reason is None:
        write_frame(buffer, {"failed": f"status {status}"})
    else:
        write_frame(buffer, {"refusal": reason.value, "technical": f"signal {number}"})
    return buffer.getvalue()


if __name__ == "__main__":
    main()
