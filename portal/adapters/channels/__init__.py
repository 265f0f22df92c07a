"""Ways to reach people and other systems."""
