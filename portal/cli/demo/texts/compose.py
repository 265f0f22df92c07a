"""Putting complaints together: deterministic for a seed, and never the same text twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from portal.cli.demo.city import Place
from portal.cli.demo.texts.air import AIR
from portal.cli.demo.texts.land import ECOLOGY, OTHER, RADIATION, SOIL, WASTE
from portal.cli.demo.texts.matter import Matter
from portal.cli.demo.texts.phrases import (
    ASKS,
    GIVEN,
    HABITS,
    HAMLET,
    HARMS,
    NAME_ONLY,
    PERSONAL,
    PHONE_ONLY,
    RECENT,
    STREET,
    SURNAMES,
    VOICES,
    WILD,
)
from portal.cli.demo.texts.water import NOISE, WATER

MATTERS: dict[str, Matter] = {
    matter.code: matter
    for matter in (*AIR, *WATER, *NOISE, *WASTE, *SOIL, *RADIATION, *ECOLOGY, *OTHER)
}
TIME_MARKS = "夜 晚 早 晨 天天 白天 中午 下午 傍晚 周 下雨 天一冷 连着".split()
"""A clause with one of these says itself when it happens; another moment would contradict it."""
MOST_TRIES = 400


@dataclass(frozen=True, slots=True)
class Complaint:
    """One resident's words and what they are about."""

    category: str
    text: str
    landmark: str
    firm: str
    occurred: str
    """``now`` or ``recurring``."""
    occurred_note: str
    phone: str = ""
    name: str = ""


class Storyteller:
    """Writes complaints; keeps what it has written so that no text comes twice."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"texts:{seed}")
        self._written: set[str] = set()

    def complaint(self, category: str, village: Place) -> Complaint:
        """Write about a level-2 category in a village, at a landmark of its kind."""
        landmark = self._rng.choice(_landmarks(category, village))
        return self._fresh(category, village, landmark, self._rng.choice(MATTERS[category].firms))

    def retelling(self, first: Complaint, village: Place) -> Complaint:
        """Write about the same thing in other words, as a neighbour would."""
        return self._fresh(first.category, village, first.landmark, first.firm)

    def with_person(self, complaint: Complaint, kind: str) -> Complaint:
        """Plant a phone number and/or a person's name: ``kind`` is phone, name or both."""
        name = self._rng.choice(SURNAMES) + self._rng.choice(GIVEN)
        prefix, tail = self._rng.choice(("130", "151", "177", "189", "198")), self._rng.random()
        phone = f"{prefix}0000{int(tail * 10_000):04}"
        frames = {"phone": PHONE_ONLY, "name": NAME_ONLY, "both": PERSONAL}[kind]
        words = self._rng.choice(frames).format(name=name, phone=phone)
        return replace(
            complaint,
            text=complaint.text + words,
            name=name if kind != "phone" else "",
            phone=phone if kind != "name" else "",
        )

    def _fresh(self, category: str, village: Place, landmark: str, firm: str) -> Complaint:
        for _ in range(MOST_TRIES):
            complaint = self._draft(category, village, landmark, firm)
            if complaint.text not in self._written:
                self._written.add(complaint.text)
                return complaint
        raise RuntimeError(f"no further text for {category}")

    def _draft(self, category: str, village: Place, landmark: str, firm: str) -> Complaint:
        pick, matter = self._rng.choice, MATTERS[category]
        recurring = self._rng.random() < 0.55
        moment = pick(HABITS if recurring else RECENT)
        place = pick((f"{village.zh}{landmark}", landmark, f"{village.zh}{landmark}"))
        saw = pick(matter.saw).format(p=place, f=firm)
        details = self._rng.sample(matter.more, pick((0, 1, 1, 2)))
        voice = pick(VOICES).format(v=village.zh)
        timed = any(mark in saw for mark in TIME_MARKS)
        order = "plain" if timed else pick(("moment first", "moment last", "plain"))
        body = {
            "moment first": f"{moment}，{saw}。",
            "moment last": f"{saw}，{moment}都这样。"
            if recurring
            else f"{saw}，是{moment}看到的。",
            "plain": f"{saw}。",
        }[order]
        text = voice + body + "".join(f"{detail}。" for detail in details)
        if self._rng.random() < 0.6:
            text += pick(HARMS[category.partition(".")[0]])
        text += pick(ASKS)
        note = moment if recurring and order != "plain" else ""
        return Complaint(category, text, landmark, firm, "recurring" if note else "now", note)


def _landmarks(category: str, village: Place) -> tuple[str, ...]:
    if category.startswith("ecology.") or category in {"waste.industrial", "soil.heavy_metal"}:
        return WILD
    return STREET if "社区" in village.zh else HAMLET
