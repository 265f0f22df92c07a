"""The air and water room 环境质量: what stations measured each month, and what the limits are."""
