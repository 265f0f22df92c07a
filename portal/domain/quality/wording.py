"""How files of readings name things in Chinese, beside codes and labels."""

from __future__ import annotations

PER_LITRE = "个/L"
COLUMNS = {
    "station": ("station", "站点", "断面", "点位", "监测点"),
    "date": ("date", "month", "日期", "月份", "时间", "监测时间"),
    "indicator": ("indicator", "指标", "项目", "监测项目"),
    "value": ("value", "数值", "监测值", "浓度", "结果"),
    "unit": ("unit", "单位"),
}
MONTH = r"(20\d\d)\s*[-/年.]\s*(\d{1,2})(?:\s*[-/月.]\s*\d{0,2}日?)?"
FINE_DUST, DUST = "细颗粒物", "可吸入颗粒物"
PH = "PH值"
MICRO_AIR, MILLI_AIR = "微克/立方米", "毫克/立方米"
MICRO_WATER, MILLI_WATER = "微克/升", "毫克/升"
COUNT_WATER, WITHOUT = "个/升", "无量纲"
