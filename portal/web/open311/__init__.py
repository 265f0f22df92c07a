"""The door of Open311 GeoReport v2: /open311 (docs/open311.md)."""
