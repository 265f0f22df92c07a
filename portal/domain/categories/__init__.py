"""Categories 污染类型, in two levels, and industries 行业."""
