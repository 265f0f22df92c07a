"""Whole ways through the portal, as residents, staff and other programs go them."""
