"""The figures room: what is counted, how, and the narrow rollups every page reads 统计口径."""
