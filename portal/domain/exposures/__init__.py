"""Exposures 曝光台: typical cases the city names in public, verified, for a limited time."""
