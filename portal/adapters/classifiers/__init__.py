"""Learning from closed reports."""
