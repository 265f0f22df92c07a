"""`make bench`: what quality.md's budgets look like on this machine, beside a baseline."""
