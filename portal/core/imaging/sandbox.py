"""The portal's side of decoding in another process: start, ask, kill."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from portal.core.clock import zone
from portal.core.imaging.frames import FrameError, read_frame, read_result, write_frame
from portal.core.imaging.results import Box, BrokenImageError, ImageWorkerError, Processed

_ROOT = Path(__file__).resolve().parents[3]
# One thread: the decoder forks. Large pages and kept blocks: a fresh child would otherwise spend a
# tenth of its time on page faults.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PILLOW_BLOCKS_MAX": "8",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
# For starting Python and for the reply; the child's own alarm is the real limit.
_GRACE_S = 15


class _Decoder:
    """One decoding process, serving one caller at a time."""

    def __init__(self) -> None:
        # The environment is left out on purpose: it holds the portal's secrets.
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._to, self._from = os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb")
        self._process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", "portal.core.imaging.decoder"],
            stdin=theirs_in,
            stdout=theirs_out,
            cwd=_ROOT,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)

    def ask(self, job: dict[str, Any], timeout_s: float) -> Processed:
        """Raises BrokenImageError, ImageWorkerError or FrameError (then end this process)."""
        timer = threading.Timer(timeout_s + _GRACE_S, self._kill)
        timer.daemon = True
        timer.start()
        try:
            write_frame(self._to, job)
            head, body = read_frame(self._from)
        except OSError as fault:
            raise FrameError(str(fault)) from fault
        finally:
            timer.cancel()
        if "failed" in head:
            raise ImageWorkerError(str(head["failed"]))
        return read_result(head, body)

    def end(self) -> None:
        """Kill the process with its child and take back its pipes."""
        self._kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):  # what was not sent yet no longer can be
                pipe.close()
        self._process.wait()

    def _kill(self) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


class _Pool:
    """As many decoders as callers at once, each kept for the next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Decoder] = []

    def take(self) -> _Decoder:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Decoder()

    def give_back(self, decoder: _Decoder) -> None:
        with self._lock:
            self._idle.append(decoder)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for decoder in idle:
            decoder.end()

    def forget(self) -> None:
        """After a fork the decoders belong to the parent."""
        self._lock = threading.Lock()
        self._idle = []


_pool = _Pool()
atexit.register(_pool.close)
os.register_at_fork(after_in_child=_pool.forget)


def process_in_subprocess(
    path: Path, boxes: Sequence[Box] = (), timeout_s: float = 20
) -> Processed:
    """Decode the photo in a killable process and hand back renditions, facts and hash.

    `timeout_s` is real time for this photo. Raises BrokenImageError (final) or ImageWorkerError
    (the process was killed from outside or could not start: try again later).
    """
    job = {
        "path": str(path.absolute()),
        "boxes": [astuple(box) for box in boxes],
        "timeout_s": timeout_s,
        "zone": str(zone()),
    }
    decoder = _pool.take()
    try:
        result = decoder.ask(job, timeout_s)
    except BrokenImageError:
        _pool.give_back(decoder)
        raise
    except FrameError as fault:
        decoder.end()
        raise ImageWorkerError(str(fault)) from fault
    except BaseException:
        decoder.end()
        raise
    _pool.give_back(decoder)
    return result


def close_decoders() -> None:
    """End idle decoding processes; the next photo starts one again."""
    _pool.close()
