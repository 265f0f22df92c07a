"""What tests share: settings, an application on a fresh database, a live portal, a browser.

- `app`, `client`: the application on a migrated database of the test's own.
- `session`: the database session inside an application context, for tests of the domain; with a
  city: `db_city`. Not together with `client`, whose requests would share the context.
- `@pytest.mark.engine`: the test runs on SQLite and on PostgreSQL.
- `live`, `page_phone`, `page_desktop`: the portal as `make run` starts it, and real Chromium.
  Under our content security policy `wait_for_function` fails: wait on locators instead. Tests that
  use them live in tests/journeys, which runs in one process.

A skip means that something could not run here: it is listed at the end and, with CI=true, fails.
"""

from __future__ import annotations

import base64
import dataclasses
import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import scoped_session
from xdist.scheduler import LoadScopeScheduling

from portal.config import Settings
from portal.core.db import db
from tests.apps import application
from tests.browser import BrowserMissingError, open_page, start_browser
from tests.engines import Postgres, Redis, migrate, start_postgres, start_redis
from tests.factories import city
from tests.kept_routes import keep_routes
from tests.kept_statements import keep_statements
from tests.live import LivePortal, start_portal

ENGINES = ("sqlite", "postgresql")
# What tests run on that name no engine: make drill runs them all on PostgreSQL.
USUAL = os.getenv("TEST_ENGINE", "sqlite")
# Each in one process: they share a portal, or a city that takes long to make.
TOGETHER = ("tests/journeys/", "tests/cli/demo/test_load.py", "tests/safety/test_matrix.py")

# Two busy cores make any single example slow now and then; that is no fault of the code.
hypothesis.settings.register_profile("portal", deadline=None, derandomize=bool(os.getenv("CI")))
hypothesis.settings.load_profile("portal")
keep_routes()
# Every application of a test is a large heap that is dropped whole: looking through all of it after
# each 700 new objects, as Python does, took a twelfth of the time.
gc.set_threshold(100_000, 50, 100)


def make_settings(instance: Path, database_url: str = "") -> Settings:
    """Settings for tests, with everything below `instance`."""
    instance.mkdir(parents=True, exist_ok=True)
    return Settings(
        secret_key=b"s" * 32,
        field_keys="k1:" + base64.b64encode(b"f" * 32).decode(),
        instance_path=instance,
        database_url=database_url,
        base_url="http://localhost",
        testing=True,
    )


class _OneByOne(LoadScopeScheduling):
    """Spreads tests over processes one by one, but keeps those of TOGETHER in one each.

    xdist's own groups hang on an attribute that pytest 9.2 no longer has.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((one for one in TOGETHER if nodeid.startswith(one)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Start the live portal only once."""
    return _OneByOne(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `engine` on each database."""
    if metafunc.definition.get_closest_marker("engine"):
        if "engine" not in metafunc.fixturenames:
            metafunc.fixturenames.append("engine")
        metafunc.parametrize("engine", ENGINES, indirect=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database."""
    settings = make_settings(tmp_path_factory.mktemp("template"))
    migrate(settings)
    return settings.instance_path / "portal.db"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL with a migrated, empty template database."""
    try:
        server = start_postgres()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    try:
        url = server.create("portal_template")
        migrate(make_settings(tmp_path_factory.mktemp("template-pg"), url))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis with nothing in it."""
    try:
        server = start_redis()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    yield server
    server.stop()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database engine this test runs on."""
    usual = "sqlite" if request.node.get_closest_marker("sqlite") else USUAL
    return getattr(request, "param", usual)


@contextmanager
def empty_database(
    request: pytest.FixtureRequest, engine: str, instance: Path
) -> Iterator[Settings]:
    """Settings with a migrated, empty database of their own, and everything else in `instance`."""
    plain = make_settings(instance)
    if engine == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, plain.instance_path / "portal.db")
        yield plain
    else:
        server: Postgres = request.getfixturevalue("postgres")
        name, url = server.copy_template()
        yield dataclasses.replace(plain, database_url=url)
        server.drop(name)


@pytest.fixture
def settings(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings with a migrated, empty database and media directory of the test's own."""
    with empty_database(request, engine, tmp_path / "instance") as settings:
        yield settings


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates as compiled by whichever test asked first: compiling is most of a first visit."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application on a fresh database."""
    with application(settings) as app:
        app.jinja_env.bytecode_cache = compiled_templates
        with app.app_context():
            for engine in db.engines.values():
                keep_statements(engine)
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, in the same process."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The database session, inside an application context."""
    with app.app_context():
        yield db.session


@pytest.fixture
def db_city(session: scoped_session[Session]) -> scoped_session[Session]:
    """The database session of a portal with the city of tests.factories in it."""
    city()
    return session


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """The portal as `make run` starts it, with a small demo city, on a port of its own."""
    portal = start_portal(tmp_path_factory.mktemp("live"))
    yield portal
    portal.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    try:
        with start_browser() as browser:
            yield browser
    except BrowserMissingError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def page_phone(browser: Browser, live: LivePortal) -> Iterator[Page]:
    """A phone's page, 393 px wide; fails the test when a script or the CSP complains."""
    with open_page(browser, live.base_url, phone=True) as page:
        yield page


@pytest.fixture
def page_desktop(browser: Browser, live: LivePortal) -> Iterator[Page]:
    """A desk's page, 1440 px wide; fails the test when a script or the CSP complains."""
    with open_page(browser, live.base_url, phone=False) as page:
        yield page


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.getplugin("terminalreporter")
    return list(reporter.stats.get("skipped", [])) if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true, what could not run is a failure."""
    if os.getenv("CI") == "true" and _skipped(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what could not run, and why."""
    reasons: dict[str, int] = {}
    for report in _skipped(config):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT RUN: {count} x {reason}", yellow=True)
