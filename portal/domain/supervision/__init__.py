"""Pressure 督办: urges, numbered orders, public orders under a leader, and talks on record."""
