"""Planning the reports: what, where, when, by whom, with which photographs. No database writes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from portal.cli.demo.city import Pair, Place, villages
from portal.cli.demo.lives import Life, Timetable, pick_lives, timetable
from portal.cli.demo.scenes import Scene, scenes_for
from portal.cli.demo.texts.compose import MATTERS, Complaint, Storyteller
from portal.cli.demo.texts.phrases import GIVEN, SURNAMES
from portal.domain.reports.models import Channel

_FREQUENT = {
    "air.odor": 6, "air.cooking": 8, "air.dust": 8, "air.burning": 5, "air.smoke": 4,
    "air.industrial": 4, "noise.construction": 7, "noise.social": 7, "waste.household": 7,
    "waste.construction": 4, "water.sewage": 6, "water.black_odorous": 4, "water.industrial": 3,
    "water.livestock": 3,
}  # fmt: skip
_CHANNELS = {
    Channel.WEB: 70, Channel.WECHAT: 14, Channel.PHONE: 6, Channel.HOTLINE: 5, Channel.PATROL: 4,
    Channel.LETTER: 1,
}  # fmt: skip
_SOURCES = {"pin": 40, "gps": 34, "exif": 12, "grid": 9, "address": 5}
_VERDICTS = {"verified": 62, "partly": 18, "unfounded": 14, "undetermined": 6}
_QUIET = ("noise.", "radiation.", "air.odor")
"""Categories of which residents rarely send photographs."""
_TWIN_MAINS = frozenset({"accepted", "dispatched", "handling", "returned"})
_METRE = 1 / 111_320  # degrees of latitude
OPEN_TWIN_SHARE = 0.04
"""Of all reports tell again what another one told, without being merged yet."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a reporter left of themselves; all empty for most."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(slots=True)
class Plan:
    """One report before it exists."""

    index: int
    seed: int
    life: Life
    category: str
    village: Place
    at: Pair
    complaint: Complaint
    scene: Scene
    times: Timetable
    channel: Channel
    source: str
    person: Person
    wants_reward: bool
    is_unsure: bool
    photo_count: int
    verdict: str
    twin_of: Plan | None = None
    number: str = field(default="")

    @property
    def rng(self) -> Random:
        """A stream of chance of this report's own, the same each time."""
        return Random(self.seed)


class Planner:
    """Plans ``count`` reports for a seed and a day (``midnight``: the first moment of today)."""

    def __init__(self, count: int, seed: int, midnight: datetime) -> None:
        self._rng = Random(f"plans:{seed}")
        self._teller = Storyteller(seed)
        self._seed, self._midnight = seed, midnight
        self._lives = pick_lives(count, self._rng)
        self._categories = self._spread(count)

    def plans(self) -> list[Plan]:
        """Return all plans, the newest first, each twin right behind the report it repeats."""
        lives = self._lives
        twins = [n for n, life in enumerate(lives) if life.name.startswith("merged")]
        mains = [self._plan(n, lives[n]) for n in range(len(lives)) if n not in twins]
        settled = [p for p in mains if p.life.steps[-1:] == ("deregister",)] or mains
        followers = [self._twin(n, self._rng.choice(settled), lives[n]) for n in twins]
        followers += self._open_twins(mains)
        self._plant_persons(mains)
        return _newest_first(mains, followers)

    def _spread(self, count: int) -> list[str]:
        """Every category once, then as often as residents report them."""
        codes = list(MATTERS)
        self._rng.shuffle(codes)
        weights = [_FREQUENT.get(code, 1) for code in codes]
        return codes[:count] + self._rng.choices(codes, weights, k=max(0, count - len(codes)))

    def _plan(self, index: int, life: Life) -> Plan:
        rng = Random(f"report:{self._seed}:{index}")
        category = self._categories[index]
        village = rng.choice(villages())
        scene = rng.choice(scenes_for(category))
        hour = rng.uniform(19, 23.4) if scene.by_night else rng.uniform(7.2, 18.5)
        channel = rng.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
        return Plan(
            index=index,
            seed=rng.getrandbits(32),
            life=life,
            category=category,
            village=village,
            at=village.spot(rng),
            complaint=self._teller.complaint(category, village),
            scene=scene,
            times=timetable(life, self._midnight, hour, rng),
            channel=channel,
            source=rng.choices(list(_SOURCES), list(_SOURCES.values()))[0],
            person=_person(rng) if rng.random() < 0.4 else Person(),
            wants_reward=rng.random() < 0.25,
            is_unsure=rng.random() < 0.06,
            photo_count=_photo_count(category, channel, rng),
            verdict=rng.choices(list(_VERDICTS), list(_VERDICTS.values()))[0],
        )

    def _twin(self, index: int, main: Plan, life: Life) -> Plan:
        """The same thing told again: other words, a few steps away, hours later."""
        rng = Random(f"twin:{self._seed}:{index}")
        angle, reach = rng.uniform(0, math.tau), rng.uniform(10, 110) * _METRE
        lat = round(main.at[0] + reach * math.cos(angle), 6)
        lng = round(main.at[1] + reach * math.sin(angle), 6)
        return Plan(
            index=index,
            seed=rng.getrandbits(32),
            life=life,
            category=main.category,
            village=main.village,
            at=(lat, lng),
            complaint=self._teller.retelling(main.complaint, main.village),
            scene=main.scene,
            times=timetable(life, self._midnight, 0, rng, after=main.times.received_at),
            channel=rng.choice((Channel.WEB, Channel.WECHAT)),
            source=rng.choice(("pin", "gps")),
            person=_person(rng) if rng.random() < 0.4 else Person(),
            wants_reward=False,
            is_unsure=False,
            photo_count=rng.choice((1, 1, 2)),
            verdict=main.verdict,
            twin_of=main,
        )

    def _open_twins(self, mains: list[Plan]) -> list[Plan]:
        """Turn some fresh plans into twins of other fresh ones: triage has them to find."""
        recent = self._midnight - timedelta(days=4)
        fresh = [
            plan
            for plan in mains
            if plan.life.name in _TWIN_MAINS and plan.times.received_at > recent
        ]
        submitted = [plan for plan in mains if plan.life.name == "submitted"]
        wanted = min(round(len(mains) * OPEN_TWIN_SHARE), len(submitted) // 2)
        twins = []
        for victim, main in zip(submitted[1 : wanted + 1], fresh, strict=False):
            mains.remove(victim)
            twins.append(self._twin(victim.index, main, victim.life))
        return twins

    def _plant_persons(self, mains: list[Plan]) -> None:
        """Let some residents write names and numbers into their words."""
        for number, plan in enumerate(self._rng.sample(mains, len(mains) // 14)):
            kind = ("both", "phone", "name")[number % 3]
            plan.complaint = self._teller.with_person(plan.complaint, kind)


def _newest_first(mains: list[Plan], followers: list[Plan]) -> list[Plan]:
    ordered: list[Plan] = []
    for main in sorted(mains, key=lambda p: (p.times.received_at, p.index), reverse=True):
        ordered.append(main)
        ordered += [follower for follower in followers if follower.twin_of is main]
    return ordered


def _person(rng: Random) -> Person:
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    phone = f"{rng.choice(('133', '152', '178', '187', '199'))}0000{rng.randrange(10**4):04}"
    if rng.random() < 0.12:
        return Person(name, "", f"resident{rng.randrange(10**5)}@example.com")
    return Person(name if rng.random() < 0.7 else "", phone)


def _photo_count(category: str, channel: Channel, rng: Random) -> int:
    if channel in {Channel.PHONE, Channel.LETTER}:
        return 0
    if category.startswith(_QUIET):
        return rng.choice((0, 0, 1, 1))
    return rng.choices((0, 1, 2, 3, 4), (6, 48, 30, 13, 3))[0]
