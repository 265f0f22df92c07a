"""Pressure on units."""
