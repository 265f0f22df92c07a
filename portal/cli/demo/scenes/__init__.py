"""The demo city's photographs: scenes drawn by program, taken by an imagined phone.

``SCENES`` lists the scenes per level-1 category, ``scenes_for`` those that fit a level-2 code,
and ``render`` takes one photograph.
"""

from __future__ import annotations

from portal.cli.demo.scenes import air, ecology, noisy, soil, waste, water
from portal.cli.demo.scenes.camera import render
from portal.cli.demo.scenes.scene import Scene

__all__ = ["SCENES", "Scene", "render", "scenes_for"]

_ALL = (
    Scene("chimney", "air", ("air.industrial", "air.smoke", "air.coal"), air.chimney, (0.6, 0.3)),
    Scene("site_dust", "air", ("air.dust",), air.site_dust, (0.55, 0.68)),
    Scene("kitchen_fume", "air", ("air.cooking", "air.odor"), air.kitchen_fume, (0.6, 0.45), True),
    Scene("straw_fire", "air", ("air.burning",), air.straw_fire, (0.6, 0.68)),
    Scene("lorry_exhaust", "air", ("air.vehicle", "air.dust"), air.lorry_exhaust, (0.4, 0.8)),
    Scene("coal_stove", "air", ("air.coal", "air.smoke"), air.coal_stove, (0.7, 0.55)),
    Scene("firecrackers", "air", ("air.fireworks",), air.firecrackers, (0.54, 0.76), True),
    Scene("paint_shop", "air", ("air.voc", "air.odor", "air.industrial"), air.paint_shop),
    Scene("garbage_odour", "air", ("air.odor",), air.garbage_odour, (0.35, 0.72)),
    Scene("outfall", "water", ("water.outfall", "water.industrial"), water.outfall, (0.66, 0.74)),
    Scene("village_ditch", "water", ("water.sewage", "water.black_odorous"), water.village_ditch),
    Scene("pig_farm", "water", ("water.livestock",), water.pig_farm, (0.45, 0.76)),
    Scene("black_canal", "water", ("water.black_odorous", "water.sewage"), water.black_canal),
    Scene("reservoir", "water", ("water.drinking",), water.reservoir, (0.62, 0.78)),
    Scene("dye_stream", "water", ("water.industrial", "water.outfall"), water.dye_stream),
    Scene("night_site", "noise", ("noise.construction",), noisy.night_site, (0.5, 0.6), True),
    Scene("roof_fans", "noise", ("noise.industrial", "noise.social"), noisy.roof_fans),
    Scene("square_speakers", "noise", ("noise.social",), noisy.square_speakers, (0.5, 0.72), True),
    Scene("viaduct", "noise", ("noise.traffic",), noisy.viaduct, (0.5, 0.55)),
    Scene("wall_litter", "waste", ("waste.household",), waste.wall_litter, (0.45, 0.76)),
    Scene("alley_skips", "waste", ("waste.household",), waste.alley_skips, (0.5, 0.78)),
    Scene("roadside_rubble", "waste", ("waste.construction",), waste.roadside_rubble, (0.3, 0.76)),
    Scene("drum_yard", "waste", ("waste.hazardous",), waste.drum_yard, (0.55, 0.76)),
    Scene("slag_heap", "waste", ("waste.industrial",), waste.slag_heap, (0.45, 0.7)),
    Scene("stained_field", "soil", ("soil.heavy_metal", "soil.farmland"), soil.stained_field),
    Scene("plating_seep", "soil", ("soil.heavy_metal",), soil.plating_seep, (0.5, 0.78)),
    Scene("film_field", "soil", ("soil.farmland",), soil.film_field, (0.5, 0.76)),
    Scene("roof_mast", "radiation", ("radiation.electromagnetic",), soil.roof_mast, (0.5, 0.36)),
    Scene("substation", "radiation", ("radiation.electromagnetic",), soil.substation, (0.5, 0.6)),
    Scene("source_store", "radiation", ("radiation.radioactive",), soil.source_store, (0.5, 0.78)),
    Scene("cut_slope", "ecology", ("ecology.logging",), ecology.cut_slope, (0.55, 0.74)),
    Scene("open_pit", "ecology", ("ecology.mining",), ecology.open_pit, (0.5, 0.66)),
    Scene("wetland_fill", "ecology", ("ecology.wetland",), ecology.wetland_fill, (0.6, 0.76)),
    Scene("reserve_road", "ecology", ("ecology.reserve", "ecology.logging"), ecology.reserve_road),
    Scene("tyre_yard", "other", ("other.scattered",), ecology.tyre_yard, (0.5, 0.78)),
    Scene("shack_works", "other", ("other.scattered",), ecology.shack_works, (0.5, 0.6)),
    Scene("stained_lane", "other", ("other.unsure",), ecology.stained_lane, (0.5, 0.74)),
)

SCENES: dict[str, tuple[Scene, ...]] = {
    code: tuple(scene for scene in _ALL if scene.category == code)
    for code in dict.fromkeys(scene.category for scene in _ALL)
}


def scenes_for(category: str) -> tuple[Scene, ...]:
    """Return the scenes that fit a level-2 code, or all of its level-1 category's."""
    fitting = tuple(scene for scene in _ALL if category in scene.fits)
    return fitting or SCENES[category.partition(".")[0]]
