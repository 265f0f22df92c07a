"""`python -m portal.cli.serve`: what `make run` ends in. Web, worker and demo data as children.

It runs before any application exists, because it makes the secrets an application needs.
"""

from __future__ import annotations

import base64
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from portal.cli.demo.people import PASSWORD
from portal.config import ROOT, Settings, SettingsError, environment, instance_path

_READY_S = 60
_STOP_S = 15
_POLL_S = 0.25
_THREADS = 8
# glibc gives each thread a heap of its own and returns none of them whole: with eight threads that
# is a tenth of a process. Two serve as fast, for Python runs one thread at a time.
_HEAPS = {"MALLOC_ARENA_MAX": "2"}


@dataclass
class Family:
    """The processes that live and die together."""

    env: Mapping[str, str]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start a child in a process group of its own, so that Ctrl-C reaches us first."""
        child = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=ROOT, env=dict(self.env), start_new_session=True
        )
        self.children[name] = child
        return child

    def stop(self) -> None:
        """End every child, politely first."""
        self.stopping = True
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_S
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def watch(self) -> int:
        """Wait until told to stop or web or worker ends; returns the exit status."""
        while not self.stopping:
            for name in ("web", "worker"):
                status = self.children[name].poll()
                if status is not None and not self.stopping:
                    _say(f"{name} ended with status {status}")
                    return status or 1
            time.sleep(_POLL_S)
        return 0


def main() -> int:
    """Set up what is missing, then serve until Ctrl-C; returns the exit status."""
    env = dict(environment())
    if env.get("DEMO", "") == "1":
        _make_secrets(instance_path(env))
    try:
        settings = Settings.from_env()
    except SettingsError as fault:
        _say("The settings cannot be used:\n" + "\n".join(f"  - {f}" for f in fault.faults))
        return 2
    family = Family({**_HEAPS, **env})
    _on_signals(family)
    try:
        return _serve(family, settings, env)
    finally:
        family.stop()


def _serve(family: Family, settings: Settings, env: Mapping[str, str]) -> int:
    host, port = env.get("HOST", "127.0.0.1"), env.get("PORT", "8000")
    _say("Database: migrations")
    subprocess.run(_flask("prepare"), cwd=ROOT, env=dict(env), check=True)  # noqa: S603
    processes = 1 if settings.database.startswith("sqlite") else 2
    family.start("worker", *_flask("worker"))
    family.start("web", *_gunicorn(f"{host}:{port}", processes, settings.trusted_proxies))
    reach = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - a comparison
    if not _wait_until_ready(f"http://{reach}:{port}/healthz", family):
        return family.watch()
    _say(f"Portal: http://{reach}:{port}")
    if settings.demo:
        _say(f"Demo logins at http://{reach}:{port}/desk/login, password {PASSWORD}:")
        _say("  triage  clerk-cg  head-cg  reviewer  publisher  supervisor  leader  (README: all)")
        family.start("demo", *_flask("demo", "load", "--when-empty"))
    return family.watch()


def _make_secrets(instance: Path) -> None:
    """Generate the demo's keys once and keep them private."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = instance / "env"
    if file.exists():
        return
    file.touch(mode=0o600)
    file.write_text(
        "# Made for the demo. A city sets its own keys in the environment.\n"
        f"DEMO=1\nSECRET_KEY={_key()}\nFIELD_KEYS=k1:{_key()}\nDEMO_SECRETS=1\n",
        encoding="utf-8",
    )
    _say("Secrets: generated in instance/env")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _flask(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def _gunicorn(address: str, processes: int, proxies: int) -> list[str]:
    forwarded = ["--forwarded-allow-ips", "*"] if proxies else []
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        "--bind",
        address,
        "--worker-class",
        "gthread",
        "--workers",
        str(processes),
        "--threads",
        str(_THREADS),
        "--timeout",
        "60",
        "--graceful-timeout",
        "10",
        "--log-level",
        "warning",
        *forwarded,
    ]


def _wait_until_ready(url: str, family: Family) -> bool:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline and not family.stopping:
        if family.children["web"].poll() is not None:
            return False
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return True
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return True  # it answers: a city's portal knows no host of this name
        except (urllib.error.URLError, OSError):
            time.sleep(_POLL_S)
    return False


def _on_signals(family: Family) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        family.stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
