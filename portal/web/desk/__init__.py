"""Door of the staff: login, queues, one report on one page, and every step of the workflow."""
