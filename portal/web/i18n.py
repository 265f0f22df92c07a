"""Language and elder mode: two preference cookies, the only GETs that change anything."""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel

from portal.config import Settings
from portal.web.access import public
from portal.web.security import safe_target

_YEAR_S = 31_536_000
LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
ELDER_STEPS = ("1", "xl")  # large, and larger still (static/css/tokens.css)
bp = Blueprint("preferences", __name__)


def register(app: Flask, settings: Settings) -> None:
    """Chinese unless chosen otherwise; local time is the city's."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES["zh"]
    app.config["BABEL_DEFAULT_TIMEZONE"] = settings.city_tz
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=_locale)
    app.register_blueprint(bp)

    @app.context_processor
    def _preferences() -> dict[str, object]:
        elder = request.cookies.get("elder", "")
        return {"elder": elder if elder in ELDER_STEPS else "", "in_wechat": _is_wechat()}


def _is_wechat() -> bool:
    """Whether the page opens inside WeChat: for hints only, and on pages no cache keeps."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")


def speak(language: str) -> None:
    """Answer this request in `language`, whatever the visitor's cookie prefers."""
    g.spoken = language


def _locale() -> str:
    chosen = g.get("spoken", request.cookies.get("lang", ""))
    return LANGUAGES.get(chosen, LANGUAGES["zh"])


@bp.get("/elder")
@public
def elder() -> ResponseReturnValue:
    """Switch elder mode on (`on=1`), larger (`on=xl`) or off, and go back."""
    on = request.args.get("on", "")
    return _remember("elder", on if on in ELDER_STEPS else "0")


@bp.get("/lang")
@public
def lang() -> ResponseReturnValue:
    """Choose Chinese or English and go back."""
    to = request.args.get("to", "zh")
    return _remember("lang", to if to in LANGUAGES else "zh")


def _remember(name: str, value: str) -> ResponseReturnValue:
    response = redirect(safe_target(request.args.get("next", "/"), "/"), code=303)
    secure = request.is_secure or bool(g.get("secure"))
    response.set_cookie(name, value, max_age=_YEAR_S, samesite="Lax", httponly=True, secure=secure)
    return response
