"""Room inspections 每周一督查: a list for the week, a look at each place, a report signed off."""
