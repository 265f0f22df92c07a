"""Routing 分派规则: which department leads, and which assist, for a category in a grid."""
