"""Room lookback 回头看: going back after a case was struck off, to see whether it stays fixed."""
