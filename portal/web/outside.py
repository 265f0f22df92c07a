"""What is said of places that lie outside the city."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.web.city import city_name


def outside_words() -> str:
    """What somebody is told whose place lies outside the city: where to go, and what else to do."""
    return _(
        "这个位置不在%(city)s，我们管不到。请打当地的12369或12345（人不在当地，先拨区号）。"
        "如果是定位不准，请在地图上重标，或清除位置、改写地址。",
        city=city_name(),
    )
