"""Grids 网格: county 县市区, town 镇街, village 村社区; with polygons or without."""
