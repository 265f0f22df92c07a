"""Photos of unknown origin: recognised, decoded in a process of its own, rebuilt from pixels."""
