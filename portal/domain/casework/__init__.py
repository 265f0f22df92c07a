"""Casework 办理: assignments, findings, measures, review, notice and striking off."""
