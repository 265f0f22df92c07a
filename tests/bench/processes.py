"""What a running process costs, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int) -> float:
    """The most memory the process ever had resident. getrusage would count its parent's too."""
    return _status_mb(pid, "VmHWM")


def resident_mb(pid: int) -> float:
    """The memory the process has resident now."""
    return _status_mb(pid, "VmRSS")


def cpu_s(pid: int) -> float:
    """Seconds of CPU the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def children(pid: int) -> list[int]:
    """The processes started by this one."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]


def web_processes(serve: int) -> list[int]:
    """The workers of gunicorn below `portal.cli.serve`."""
    masters = [pid for pid in children(serve) if b"gunicorn" in _command(pid)]
    return [worker for master in masters for worker in children(master)]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _status_mb(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith(name + ":"))
    return int(line.split()[1]) / 1024
