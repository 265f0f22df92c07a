"""Triage 分办: merging, splitting and suggestions. It advises; people decide."""
