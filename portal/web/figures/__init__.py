"""What every page of figures shares, whatever door it stands behind."""
