"""The operator's commands, all under `flask`."""
