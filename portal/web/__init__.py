"""The HTTP doors: one package per kind of visitor, and what all of them share."""
