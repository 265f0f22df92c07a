"""值班: who is on duty, and what must reach them at once."""
