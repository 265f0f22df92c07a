"""Base maps: whose tiles are shown under the city's own grids, and in which datum they lie.

The addresses are those the providers use for their own pages. A city needs the provider's consent
(a key, or a contract) and shows the provider's name and the map's approval number 审图号.
Baidu's maps are not among them: their tiles have a pyramid of their own beside the datum BD-09.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from portal.config import Settings
from portal.core.geo import Crs
from portal.core.text import N_

_AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8"
_TENCENT = "https://rt{s}.map.gtimg.com/tile?z={z}&x={x}&y={-y}&styleid=1"  # rows from the south
_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)


@dataclass(frozen=True)
class Basemap:
    """One provider. `layers` are Leaflet's URL templates, the lowest first; `subdomains` are the
    values of {s}; `max_zoom` is the finest level it draws.
    """

    layers: tuple[str, ...]
    datum: Crs
    attribution: str
    max_zoom: int = 18
    subdomains: str = ""
    key: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every origin that tiles come from, as the content security policy names them."""
        letters = self.subdomains or "-"
        addresses = (layer.replace("{s}", s) for layer in self.layers for s in letters)
        parts = (urlsplit(address) for address in addresses)
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))

    def described(self) -> dict[str, Any]:
        """What the map in the browser must know."""
        return {
            "layers": [layer.replace("{key}", self.key) for layer in self.layers],
            "subdomains": self.subdomains,
            "datum": self.datum.value,
            "max_zoom": self.max_zoom,
        }


_KNOWN = {
    # CGCS2000, which differs from WGS-84 by centimetres.
    "tianditu": Basemap(
        (_TIANDITU.format(layer="vec"), _TIANDITU.format(layer="cva")),
        Crs.WGS84,
        N_("天地图"),
        subdomains="01234567",
    ),
    "amap": Basemap(
        (_AMAP + "&x={x}&y={y}&z={z}",),
        Crs.GCJ02,
        N_("高德地图"),
        subdomains="1234",
    ),
    "tencent": Basemap(
        (_TENCENT,),
        Crs.GCJ02,
        N_("腾讯地图"),
        subdomains="0123",
    ),
}


def basemap_from_settings(settings: Settings) -> Basemap | None:
    """The base map that is set; None for `none`, when the grids alone are drawn as a sketch."""
    if settings.basemap == "none":
        return None
    if settings.basemap == "custom":
        datum = Crs(settings.basemap_datum)
        words = settings.basemap_attribution
        return Basemap((settings.basemap_url,), datum, words, key=settings.basemap_key)
    known = _KNOWN[settings.basemap]
    return Basemap(
        known.layers,
        known.datum,
        known.attribution,
        known.max_zoom,
        known.subdomains,
        settings.basemap_key,
    )
