"""The categories and industries of domain.md section 5, in the order of the page.

Legal hints name the article that forbids or commands; they are data, to be changed with the law.
"""

from portal.domain.categories.seed.air import AIR
from portal.domain.categories.seed.entry import IndustryEntry, NewCategory
from portal.domain.categories.seed.land import ECOLOGY, OTHER, RADIATION, SOIL, WASTE
from portal.domain.categories.seed.noise import NOISE
from portal.domain.categories.seed.water import WATER

CATEGORIES: tuple[NewCategory, ...] = (
    *AIR,
    *WATER,
    *NOISE,
    *WASTE,
    *SOIL,
    *RADIATION,
    *ECOLOGY,
    *OTHER,
)

INDUSTRIES = (
    IndustryEntry("construction", "建筑业", "Construction"),
    IndustryEntry("hospitality", "住宿餐饮娱乐业", "Hotels, catering and entertainment"),
    IndustryEntry("livestock", "畜禽养殖业", "Livestock and poultry farming"),
    IndustryEntry("chemicals", "化工", "Chemicals"),
    IndustryEntry("minerals", "非金属矿物制品", "Non-metallic mineral products"),
    IndustryEntry("metals", "金属冶炼加工", "Metal smelting and processing"),
    IndustryEntry("waste", "垃圾处理", "Waste treatment"),
    IndustryEntry("other", "其他", "Other"),
)

__all__ = ["CATEGORIES", "INDUSTRIES", "IndustryEntry", "NewCategory"]
