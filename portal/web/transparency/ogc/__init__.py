"""OGC API - Features: the public cases for GIS software."""
