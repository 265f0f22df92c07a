"""Settings: the only reader of the environment, and of instance/env behind it."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent.parent
_SAMPLE_CITY, _SAMPLE_CITY_EN = "示例市", "Sample City"
_SHIFT = re.compile(r"([+-]?\d+)([smhd]?)")
_OF_A_CITY = frozenset({"BASE_URL", "SECRET_KEY", "FIELD_KEYS"})
_BASEMAPS = {"none", "tianditu", "amap", "tencent", "custom"}
_TILE_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")
_ORIGIN = r"://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?"
_SHIFT_UNITS = {"s": 1, "": 1, "m": 60, "h": 3600, "d": 86400}


class SettingsError(Exception):
    """The environment cannot be used; `faults` lists every reason at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Everything the portal can be told from outside; docs/operations.md explains each."""

    secret_key: bytes
    field_keys: str
    instance_path: Path = ROOT / "instance"
    database_url: str = ""
    media_url: str = ""
    redis_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    city_name: str = _SAMPLE_CITY
    city_name_en: str = _SAMPLE_CITY_EN
    city_tz: str = "Asia/Shanghai"
    basemap: str = "none"
    basemap_key: str = ""
    basemap_url: str = ""
    basemap_datum: str = "wgs84"
    basemap_attribution: str = ""
    map_approval_no: str = ""
    webhook_urls: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    organiser: str = ""
    organiser_en: str = ""
    site_code: str = ""
    icp_no: str = ""
    police_no: str = ""
    gov_mark_url: str = ""
    demo: bool = False
    testing: bool = False
    clock_offset: timedelta = timedelta()
    log_keys: str = field(default="", repr=False)
    log_head_minutes: int = 10
    log_level: str = "INFO"
    kill_point: str = ""

    @property
    def database(self) -> str:
        """SQLAlchemy's address of the database; SQLite in the instance directory by default."""
        return self.database_url or f"sqlite:///{self.instance_path / 'portal.db'}"

    @property
    def media(self) -> str:
        """Where photos live, as `file:<directory>`."""
        return self.media_url or f"file:{self.instance_path / 'media'}"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the portal over https, so that cookies may say so."""
        return self.base_url.startswith("https://")

    @property
    def second_factor(self) -> bool:
        """Whether staff must give a second factor: always, except in a demo."""
        return not (self.demo or self.testing)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment, with `instance/env` (written by `make run`) behind it.

        Raises SettingsError naming every fault at once.
        """
        given = environment() if environ is None else environ
        instance = instance_path(given)
        return _Reader(given, _read_env_file(instance / "env"), instance).settings()


def environment() -> Mapping[str, str]:
    """A copy of the process environment, for those who pass it on to children."""
    return dict(os.environ)


def instance_path(environ: Mapping[str, str]) -> Path:
    """Where the portal keeps what it writes: INSTANCE_PATH, or instance/ beside the code."""
    return Path(environ.get("INSTANCE_PATH") or ROOT / "instance").resolve()


def _read_env_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


class _Reader:
    """Turns strings into settings and collects what is wrong with them."""

    def __init__(self, given: Mapping[str, str], behind: Mapping[str, str], instance: Path) -> None:
        self.given, self.env, self.instance = given, {**behind, **given}, instance
        self.faults: list[str] = []
        self.demo = self.flag("DEMO")
        self.testing = self.flag("TESTING")

    def flag(self, name: str) -> bool:
        return self.env.get(name, "").strip().lower() in {"1", "true", "yes", "on"}

    def text(self, name: str, default: str = "") -> str:
        return self.env.get(name, "").strip() or default

    def parts(self, name: str) -> tuple[str, ...]:
        return tuple(p.strip() for p in self.env.get(name, "").split(",") if p.strip())

    def number(self, name: str, default: str = "0") -> int:
        value = self.text(name, default)
        if not value.isdigit():
            self.faults.append(f"{name} must be a whole number, not {value!r}")
            return 0
        return int(value)

    def choice(self, name: str, default: str, allowed: set[str]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            self.faults.append(f"{name} must be one of {', '.join(sorted(allowed))}")
        return value

    def secret(self) -> bytes:
        try:
            raw = base64.b64decode(self.text("SECRET_KEY"), validate=True)
        except binascii.Error:
            raw = b""
        if len(raw) < 32:
            self.faults.append("SECRET_KEY must be at least 32 bytes, base64")
        return raw

    def zone(self) -> str:
        name = self.text("CITY_TZ", "Asia/Shanghai")
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            self.faults.append(f"CITY_TZ is not a time zone: {name!r}")
        return name

    def offset(self) -> timedelta:
        value = self.text("CLOCK_OFFSET")
        if not value:
            return timedelta()
        if not (self.demo or self.testing):
            self.faults.append("CLOCK_OFFSET works only with DEMO=1")
        try:
            return parse_shift(value)
        except ValueError as fault:
            self.faults.append(f"CLOCK_OFFSET: {fault}")
            return timedelta()

    def base_url(self) -> str:
        value = self.text("BASE_URL", f"http://127.0.0.1:{self.text('PORT', '8000')}").rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            self.faults.append(f"BASE_URL is not an address: {value!r}")
        elif parts.scheme != "https" and not (self.demo or self.testing):
            self.faults.append("BASE_URL must be https without DEMO=1")
        return value

    def field_keys(self) -> str:
        value = self.text("FIELD_KEYS")
        if not value:
            self.faults.append("FIELD_KEYS is missing: k1:<32 bytes base64>")
        return value

    def log_keys(self) -> str:
        """Ed25519 seeds; what is wrong with one must be known before the first head is due."""
        value = self.text("LOG_KEYS")
        for number, part in enumerate(self.parts("LOG_KEYS"), start=1):
            try:
                is_key = len(base64.b64decode(part, validate=True)) == 32
            except binascii.Error:
                is_key = False
            if not is_key:
                self.faults.append(f"LOG_KEYS: key {number} is not 32 bytes in base64")
        return value

    def address(self, name: str) -> str:
        value = self.text(name)
        if value and urlsplit(value).scheme not in {"http", "https"}:
            self.faults.append(f"{name} must be an http or https address")
        return value

    def webhooks(self) -> tuple[str, ...]:
        addresses = self.parts("WEBHOOK_URLS")
        if any(urlsplit(address).scheme not in {"http", "https"} for address in addresses):
            self.faults.append("WEBHOOK_URLS must be http or https addresses")
        return addresses

    def origins(self, is_secure: bool) -> tuple[str, ...]:
        """Sites as browsers name them: scheme, host, perhaps a port, and nothing behind."""
        given = tuple(origin.rstrip("/").lower() for origin in self.parts("EMBED_ORIGINS"))
        schemes = "https" if is_secure else "https?"
        if not all(re.fullmatch(schemes + _ORIGIN, origin) for origin in given):
            self.faults.append("EMBED_ORIGINS must be sites such as https://www.example.gov.cn")
        return given

    def basemap(self, base_url: str) -> str:
        kind = self.choice("BASEMAP", "none", _BASEMAPS)
        if kind == "tianditu" and not self.text("BASEMAP_KEY"):
            self.faults.append("BASEMAP=tianditu needs BASEMAP_KEY, its key for browsers")
        if kind == "custom":
            self.custom_tiles(base_url.startswith("https://"))
        if kind != "none" and not (self.text("MAP_APPROVAL_NO") or self.demo or self.testing):
            self.faults.append("a BASEMAP needs its MAP_APPROVAL_NO: maps in public must show it")
        return kind

    def custom_tiles(self, is_secure: bool) -> None:
        address = self.text("BASEMAP_URL")
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not _TILE_HOST.fullmatch(parts.netloc):
            self.faults.append("BASEMAP=custom needs BASEMAP_URL: https://host/{z}/{x}/{y}.png")
        elif is_secure and parts.scheme != "https":
            self.faults.append("BASEMAP_URL must be https: an https page shows no other tiles")
        if not all(part in address for part in ("{z}", "{x}")) or "y}" not in address:
            self.faults.append("BASEMAP_URL must hold {z}, {x} and {y} (or {-y} from the south)")
        if "{key}" in address and not self.text("BASEMAP_KEY"):
            self.faults.append("BASEMAP_URL asks for {key}, but BASEMAP_KEY is missing")
        if not self.text("BASEMAP_ATTRIBUTION"):
            self.faults.append("BASEMAP=custom needs BASEMAP_ATTRIBUTION: who made the map")

    def english_default(self) -> str:
        """No other city is called by the sample's name."""
        return "" if self.text("CITY_NAME", _SAMPLE_CITY) != _SAMPLE_CITY else _SAMPLE_CITY_EN

    def redis(self) -> str:
        address = self.text("REDIS_URL")
        if address and urlsplit(address).scheme not in {"redis", "rediss", "redis+unix"}:
            self.faults.append("REDIS_URL must be redis://, rediss:// or redis+unix://")
        return address

    def production(self, base_url: str) -> None:
        """What would quietly make a city's portal unsafe is refused instead."""
        is_public = base_url.startswith("https://")
        if self.testing and not self.demo and is_public:
            self.faults.append("TESTING relaxes the second factor: never behind an https BASE_URL")
        is_left_over = "DEMO" not in self.given and bool(self.given.keys() & _OF_A_CITY)
        if self.demo and is_public and is_left_over:
            self.faults.append(
                "DEMO=1 comes from the env file of an earlier demo: remove that file, or set DEMO"
            )
        if self.demo or self.testing:
            return
        if self.flag("DEMO_SECRETS"):
            self.faults.append("the demo's generated secrets are refused without DEMO=1")
        if not self.text("TRUSTED_PROXIES"):
            # Behind a proxy that nobody counts, all visitors share one address and its limits.
            self.faults.append("TRUSTED_PROXIES must say how many proxies stand in front, or 0")

    def settings(self) -> Settings:
        base_url = self.base_url()
        host = urlsplit(base_url).hostname or ""
        self.production(base_url)
        made = Settings(
            secret_key=self.secret(),
            field_keys=self.field_keys(),
            instance_path=self.instance,
            database_url=self.text("DATABASE_URL"),
            media_url=self.text("MEDIA_URL"),
            redis_url=self.redis(),
            base_url=base_url,
            trusted_hosts=self.parts("TRUSTED_HOSTS") or (() if self.demo else (host,)),
            trusted_proxies=self.number("TRUSTED_PROXIES"),
            city_name=self.text("CITY_NAME", _SAMPLE_CITY),
            city_name_en=self.text("CITY_NAME_EN", self.english_default()),
            city_tz=self.zone(),
            basemap=self.basemap(base_url),
            basemap_key=self.text("BASEMAP_KEY"),
            basemap_url=self.text("BASEMAP_URL"),
            basemap_datum=self.choice("BASEMAP_DATUM", "wgs84", {"wgs84", "gcj02"}),
            basemap_attribution=self.text("BASEMAP_ATTRIBUTION"),
            map_approval_no=self.text("MAP_APPROVAL_NO"),
            webhook_urls=self.webhooks(),
            embed_origins=self.origins(base_url.startswith("https://")),
            organiser=self.text("ORGANISER"),
            organiser_en=self.text("ORGANISER_EN"),
            site_code=self.text("SITE_CODE"),
            icp_no=self.text("ICP_NO"),
            police_no=self.text("POLICE_NO"),
            gov_mark_url=self.address("GOV_MARK_URL"),
            demo=self.demo,
            testing=self.testing,
            clock_offset=self.offset(),
            log_keys=self.log_keys(),
            log_head_minutes=self.number("LOG_HEAD_MINUTES", "10"),
            log_level=self.text("LOG_LEVEL", "INFO").upper(),
            kill_point=self.text("DRILL_KILL_POINT") if (self.demo or self.testing) else "",
        )
        if self.faults:
            raise SettingsError(self.faults)
        return made


def parse_shift(value: str) -> timedelta:
    """A shift such as `+11d`, `-3h`, `90m` or plain seconds. Raises ValueError otherwise."""
    found = _SHIFT.fullmatch(value.strip())
    if not found:
        raise ValueError(f"{value!r} is not a shift like +11d, 3h or 90m")
    return timedelta(seconds=int(found[1]) * _SHIFT_UNITS[found[2]])


SETTING_NAMES = tuple(f.name for f in fields(Settings))
