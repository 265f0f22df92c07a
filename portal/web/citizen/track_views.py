"""/track."""
