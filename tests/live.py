"""The portal as `make run` starts it: gunicorn and the worker as real processes."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv6Address
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
STOP_SECONDS = 40


def new_address() -> str:
    """An address for one visitor, to be sent as X-Forwarded-For: limits count for each."""
    return str(IPv6Address(0x20010DB8 << 96 | random.getrandbits(64) << 32))


def free_port() -> int:
    """A port of the loopback interface that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class LivePortal:
    """A running portal with an instance directory of its own."""

    port: int
    instance: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the portal printed."""
        return self.instance / "serve.log"

    def start(self) -> None:
        """Start web and worker, and wait until both are ready.

        Raises RuntimeError with the end of the log when they do not become ready.
        """
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.cli.serve"],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        patience = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > patience:
                self.stop()
                said = self.log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"the portal did not become ready:\n{said[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop as Ctrl-C does; whatever is left after a while is killed."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def flask(self, *arguments: str) -> str:
        """Run a command of the operator's on this portal; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environ,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=START_SECONDS,
        )
        return done.stdout

    def _is_ready(self) -> bool:
        probe = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            probe.request("GET", "/readyz")
            return probe.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            probe.close()


def start_portal(folder: Path, **environ: str) -> LivePortal:
    """A portal with a small demo city, below `folder`; `environ` adds to its settings."""
    port = free_port()
    instance = folder / "instance"
    instance.mkdir(parents=True, exist_ok=True)
    portal = LivePortal(
        port=port,
        instance=instance,
        environ={
            **os.environ,
            "DEMO": "1",
            "DEMO_REPORTS": "60",
            "HOST": "127.0.0.1",
            "INSTANCE_PATH": str(instance),
            "PORT": str(port),
            # Visitors say which address they come from, so that limits stay on.
            "TRUSTED_PROXIES": "1",
            **environ,
        },
    )
    portal.start()
    return portal
