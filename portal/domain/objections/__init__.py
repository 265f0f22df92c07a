"""Objections 更正与异议: whoever is named or shown may ask, by a clock of its own."""
