"""How often one address or phone may do what anybody may do, and who is counted as one.

The numbers are data, here and nowhere else (docs/operations.md explains them). Addresses of mobile
networks are shared by thousands, so that they are generous, and going beyond those on filing costs
a proof that no flood is under way, never the filing (portal.web.citizen.admission).

Counts are kept under a keyed digest that changes every day: whoever gets hold of them learns no
address and no phone, and cannot follow anybody from one day to the next. When they cannot be kept,
nobody is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial, wraps
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any, Protocol, TypeVar

import structlog
from flask import current_app, request
from flask_babel import gettext as _
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour
from limits.errors import StorageError

from portal.config import Settings
from portal.core.clock import local, now
from portal.core.crypto import blind_index, derive_key
from portal.core.errors import PortalError
from portal.web.access import client_address

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")

# Beyond these a proof is asked for: a waiting phone solves it by itself.
FILINGS_OF_ADDRESS = (
    RateLimitItemPerHour(60, namespace="filings"),
    RateLimitItemPerDay(300, namespace="filings"),
)
FILINGS_OF_PHONE = (RateLimitItemPerDay(10, namespace="filings-of-phone"),)
PHOTOS_OF_ADDRESS = (
    RateLimitItemPerHour(300, namespace="photos"),
    RateLimitItemPerDay(1500, namespace="photos"),
)
# Beyond these the machine protects itself: come back later. No person gets there.
FILING_CEILING = (RateLimitItemPerHour(600, namespace="filing"),)
PHOTO_CEILING = (RateLimitItemPerHour(3000, namespace="photo"),)
TOKENS = (RateLimitItemPerHour(600, namespace="token"),)
SUPPORTS = (RateLimitItemPerHour(120, namespace="support"),)
LOOKING_AROUND = (RateLimitItemPerHour(3000, namespace="looking"),)
HARVESTING = (RateLimitItemPerHour(6000, namespace="harvest"),)
WRITING = (RateLimitItemPerHour(6000, namespace="writing"),)
CHECKS = (RateLimitItemPerHour(1200, namespace="check"),)
PLACES = (RateLimitItemPerHour(3000, namespace="place"),)

_IPV6_HOUSEHOLD = 64  # one subscriber has at least that much of an IPv6 network to itself
_MINUTE_S = 60


class TooManyRequestsError(PortalError):
    """This address asks so much that the machine protects itself; come back after Retry-After."""

    code = "too_many_requests"
    http_status = 429

    def __init__(self, wait_s: int) -> None:
        minutes = max(1, ceil(wait_s / _MINUTE_S))
        words = _(
            "这个网络一下子来得太多了，请过%(minutes)s分钟再试。急事请打12345。", minutes=minutes
        )
        super().__init__(words)
        self.retry_after = wait_s


class Counters(Protocol):
    """Counts that every thread, process and machine of the portal shares; raises StorageError."""

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, in a window that lasts `expiry` seconds from its first count."""

    def seconds_left(self, key: str) -> int:
        """How long that window still lasts."""


@dataclass(frozen=True)
class Counted:
    """What was counted: how many beyond the limits, and the keys to take it back by."""

    excess: int
    keys: Sequence[tuple[str, int]]


def counters() -> Counters:
    """Where this portal counts."""
    found: Counters = current_app.extensions["portal.counters"]
    return found


def address_of_one() -> str:
    """Who counts as one: an IPv4 address, or the IPv6 network of a household."""
    given = client_address()
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if address.version == 4:
        return str(address)
    return str(ip_network((address, _IPV6_HOUSEHOLD), strict=False))


def count(limits: Sequence[RateLimitItem], subject: str, at: datetime) -> Counted:
    """Count one for `subject` in every one of `limits`."""
    name = subject_digest(subject, at)
    keys = [(limit.key_for(name), limit.get_expiry()) for limit in limits]
    counted: list[int] = _spared(lambda: [counters().incr(key, lasts) for key, lasts in keys], [])
    if not counted:
        return Counted(0, ())
    over = [have - limit.amount for have, limit in zip(counted, limits, strict=True)]
    return Counted(max(0, *over), keys)


def take_back(counted: Counted) -> None:
    """What was counted did not happen."""
    for key, lasts in counted.keys:
        _spared(partial(counters().incr, key, lasts, -1), 0)


def take_once(name: str, lasts_s: int) -> bool:
    """Whether nobody has taken `name` within the last `lasts_s` seconds; now it is taken."""
    key = f"once/{name}"
    if _spared(lambda: counters().incr(key, lasts_s), 1) == 1:
        return True
    _spared(lambda: counters().incr(key, lasts_s, -1), 0)
    return False


def untake(name: str) -> None:
    """`name` is free again."""
    _spared(lambda: counters().incr(f"once/{name}", 1, -1), 0)


def seconds_left(key: str) -> int:
    """How long the window of `key` still lasts, at least a second."""
    return max(1, _spared(lambda: counters().seconds_left(key), _MINUTE_S))


def stay_below(ceiling: Sequence[RateLimitItem], at: datetime) -> None:
    """Count this request; raises TooManyRequestsError above the ceiling."""
    counted = count(ceiling, address_of_one(), at)
    if counted.excess:
        raise TooManyRequestsError(max(seconds_left(key) for key, _lasts in counted.keys))


def limited(ceiling: Sequence[RateLimitItem]) -> Callable[[View], View]:
    """Put `ceiling` on a view: beyond it, 429 with Retry-After."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if request.method != "OPTIONS":
                stay_below(ceiling, now())
            return view(*args, **kwargs)

        return checked  # type: ignore[return-value]

    return mark


def subject_digest(subject: str, at: datetime) -> str:
    """Under which name an address or phone is counted that day; the city's day, not UTC's."""
    settings: Settings = current_app.extensions["portal.settings"]
    return blind_index(
        subject, key=_key_of(settings.secret_key, local(at).date().isoformat()), purpose="limits"
    )


def _spared(work: Callable[[], T], otherwise: T) -> T:
    """What `work` gives; where counts cannot be kept, `otherwise`, and a line in the log."""
    try:
        return work()
    except StorageError:
        log.exception("limits")
        return otherwise


@lru_cache(maxsize=4)
def _key_of(secret: bytes, day: str) -> bytes:
    return derive_key(secret, f"limits:{day}")
