"""The application factory: the only module that knows every room and every door."""

from __future__ import annotations

import logging
import secrets
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from flask import Flask, g, request
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal import wiring
from portal.cli import commands
from portal.config import ROOT, Settings, SettingsError
from portal.core import clock
from portal.core.db import db, engine_options
from portal.web import (
    assets,
    basemap,
    city,
    compression,
    errors,
    filters,
    i18n,
    login,
    preflight,
    row_ids,
    security,
)
from portal.web.access import is_staff
from portal.web.citizen.blueprint import bp as citizen
from portal.web.console.blueprint import bp as console
from portal.web.desk.blueprint import bp as desk
from portal.web.media.blueprint import bp as media
from portal.web.open311.blueprint import bp as open311
from portal.web.ops.blueprint import bp as ops
from portal.web.transparency.blueprint import bp as transparency

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_MB = 1024 * 1024
MOST_WORDS = 2 * _MB  # a form without photos
MOST_BODY = 9 * 20 * _MB + MOST_WORDS  # nine photos at their cap, and the words
_TAKE_PHOTOS = frozenset(
    {
        "citizen.add_info",
        "citizen.add_track_photos",
        "citizen.file_report",
        "citizen.send_photo",
        "open311.test.add_update",
        "open311.test.create_request",
        "open311.v2.add_update",
        "open311.v2.create_request",
    }
)
PHOTOS_OF_STAFF = frozenset(
    {
        "desk.act",
        "desk.add_check",
        "desk.enter_report",
        "desk.inspect_place",
        "desk.report_own_part",
        "desk.report_progress",
        "desk.visit_place",
    }
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the portal; `settings` default to the environment, whose faults end the process."""
    if settings is None:
        settings = _settings_or_exit()
    app = Flask(
        "portal",
        root_path=str(ROOT / "portal"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance_path),
    )
    _configure(app, settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    wiring.connect(app, settings)
    _add_web(app, settings)
    for blueprint in (citizen, transparency, desk, console, media, open311, ops):
        app.register_blueprint(blueprint)
    commands.register(app)
    return app


def _settings_or_exit() -> Settings:
    try:
        return Settings.from_env()
    except SettingsError as fault:
        lines = "\n".join(f"  - {line}" for line in fault.faults)
        sys.exit(f"The settings cannot be used (docs/operations.md explains each):\n{lines}")


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database),
        MAX_CONTENT_LENGTH=MOST_BODY,
        MAX_FORM_MEMORY_SIZE=_MB,
        MAX_FORM_PARTS=400,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SECOND_FACTOR=settings.second_factor,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        TESTING=settings.testing,
    )
    app.extensions["portal.settings"] = settings
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(settings.log_level, logging.INFO)
        ),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=not settings.testing,
    )


def _add_web(app: Flask, settings: Settings) -> None:
    row_ids.register(app)
    assets.register(app)
    filters.register(app)
    basemap.register(app)
    city.register(app)
    i18n.register(app, settings)
    login.register(app)
    compression.register(app)
    security.register(app, settings)
    preflight.register(app)
    errors.register(app)
    _limit_bodies(app)
    _protect_staff_forms(app)

    @app.before_request
    def _name_request() -> None:
        g.request_id = secrets.token_hex(8)

    @app.context_processor
    def _everywhere() -> dict[str, object]:
        return {"settings": settings, "now": clock.now()}

    app.wsgi_app = _behind_proxies(app, settings)  # type: ignore[method-assign, assignment]


def _limit_bodies(app: Flask) -> None:
    """Only forms with photos may be large: reading one costs disk before any view says no.

    Any other kind of form is read into memory as a whole.
    """

    @app.before_request
    def _limit() -> None:
        takes_photos = request.endpoint in _TAKE_PHOTOS or (
            request.endpoint in PHOTOS_OF_STAFF and is_staff()
        )
        if not takes_photos or request.mimetype != "multipart/form-data":
            request.max_content_length = MOST_WORDS


def _protect_staff_forms(app: Flask) -> None:
    """CSRF tokens on every staff and tracking form; filing has its own form token."""
    csrf = CSRFProtect(app)

    @app.before_request
    def _check() -> None:
        if request.method == "POST" and request.path.startswith(("/desk", "/field", "/console")):
            csrf.protect()


def _behind_proxies(app: Flask, settings: Settings) -> WSGIApplication:
    served = WhiteNoise(
        app.wsgi_app,
        root=str(ROOT / "static"),
        prefix="static/",
        max_age=300,
        autorefresh=settings.testing,  # else every file is looked at before the first request
    )
    served.immutable_file_test = lambda _path, url: "/static/dist/" in url
    outermost: WSGIApplication = served
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        outermost = ProxyFix(served, x_for=hops, x_proto=hops, x_host=hops)
    return outermost
