"""What a case's page tells programs: schema.org in JSON-LD.

The block is data: browsers run nothing of it, so the policy's script-src does not touch it. It says
what the page says and no more.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from portal.config import Settings
from portal.core.clock import local
from portal.domain.publication.models import PublicCase
from portal.web.city import city_name, organiser_name
from portal.web.filters import language, named
from portal.web.transparency.pages import is_published, pair, title


def structured(case: PublicCase, summary: str, settings: Settings) -> list[dict[str, Any]]:
    """The case as a schema.org Report, and where its page stands."""
    base = settings.base_url
    address = f"{base}/open/reports/{case.number}"
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": address,
        "url": address,
        "reportNumber": case.number,
        "headline": title(case),
        "inLanguage": language(),
        "isAccessibleForFree": True,
        "license": f"{base}/about/licence",
        "dateCreated": case.received_on.isoformat(),
        "about": named(case.category),
        "publisher": {
            "@type": "GovernmentOrganization",
            "name": organiser_name() or city_name(),
            "url": base,
        },
    }
    if case.department is not None:
        unit = {"@type": "GovernmentOrganization", "name": named(case.department)}
        told["sourceOrganization"] = unit
    if case.town is not None:
        told["contentLocation"] = _place(case)
    if is_published(case) and case.published_at is not None:
        told["datePublished"] = local(case.published_at).isoformat(timespec="seconds")
        told["abstract"] = summary
        shown = [one for one in pair(case) if one]
        if shown:
            told["image"] = [base + one.large for one in shown]
    return [told, _trail(base, address, title(case))]


def _place(case: PublicCase) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place", "name": named(case.village or case.town)}
    if case.lat is not None and case.lng is not None:
        # Rounded at release already: never nearer than the page's own map.
        place["geo"] = {"@type": "GeoCoordinates", "latitude": case.lat, "longitude": case.lng}
    return place


def _trail(base: str, address: str, name: str) -> dict[str, Any]:
    above = [("/open", pgettext("nav", "公开")), ("/open/reports", _("全部举报"))]
    steps = [*((base + path, words) for path, words in above), (address, name)]
    items = [
        {"@type": "ListItem", "position": n, "item": item, "name": words}
        for n, (item, words) in enumerate(steps, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
