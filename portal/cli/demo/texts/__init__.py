"""The words of the demo city: what residents wrote and what staff answered. All invented."""
