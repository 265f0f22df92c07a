"""Statutory notices 告知书: what the city owes the reporter in writing, made from what happened."""
