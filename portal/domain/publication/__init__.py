"""Publication 公开: what the public may see, decided by a second person, photo by photo."""
