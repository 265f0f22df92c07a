"""Deadlines 时限: the clocks of a report, the rules that set them, and their colour 蓝黄红."""
