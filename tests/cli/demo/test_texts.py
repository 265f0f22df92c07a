"""The demo's words: no text twice, the lengths that filing takes, planted persons where told."""

import random
import re

from portal.cli.demo.city import places, villages
from portal.cli.demo.people import demo_users
from portal.cli.demo.texts.compose import MATTERS, Storyteller
from portal.cli.demo.texts.outcomes import outcome
from portal.domain.categories.seed import CATEGORIES


def test_every_level_2_category_has_words() -> None:
    assert set(MATTERS) == {entry.code for entry in CATEGORIES if "." in entry.code}
    for matter in MATTERS.values():
        assert len(matter.saw) >= 5
        assert len(matter.found) == len(matter.done) == 2
        assert all("{p}" in clause or "{f}" in clause for clause in matter.saw)


def test_no_text_is_repeated_even_within_one_category() -> None:
    teller = Storyteller(1)
    land = villages()
    texts = [teller.complaint("air.odor", land[n % 30]).text for n in range(300)]
    texts += [teller.complaint(code, land[0]).text for code in MATTERS for _ in range(10)]
    assert len(set(texts)) == len(texts)
    assert all(5 <= len(text) <= 460 for text in texts)
    assert not any("{" in text for text in texts)


def test_texts_are_deterministic() -> None:
    village = villages()[3]
    first = [Storyteller(7).complaint("waste.household", village) for _ in range(2)]
    assert first[0] == first[1]
    assert first[0] != Storyteller(8).complaint("waste.household", village)


def test_a_retelling_is_about_the_same_in_other_words() -> None:
    teller, village = Storyteller(2), villages()[5]
    first = teller.complaint("noise.construction", village)
    second = teller.retelling(first, village)
    assert (first.landmark, first.firm) == (second.landmark, second.firm)
    assert first.text != second.text


def test_planted_persons_stand_in_the_text() -> None:
    teller, village = Storyteller(3), villages()[0]
    both = teller.with_person(teller.complaint("air.dust", village), "both")
    assert re.fullmatch(r"1[3-9]\d{9}", both.phone)
    assert both.phone in both.text
    assert both.name in both.text
    assert not teller.with_person(teller.complaint("air.dust", village), "phone").name


def test_three_texts_stay_apart_for_every_verdict() -> None:
    rng = random.Random(1)
    for code in MATTERS:
        for verdict in ("verified", "partly", "unfounded", "undetermined"):
            told = outcome(code, verdict, "东风村", "生态环境局", rng)
            assert len({told.check, told.internal, told.reply, told.public}) == 4
            assert told.reply.startswith("您好。您反映的")
            assert "您" not in told.public


def test_logins_are_those_of_the_contract() -> None:
    users = demo_users()
    seconds = {u.username for u in users if u.username.startswith("clerk2-")}
    assert seconds == {"clerk2-sthj", "clerk2-zj", "clerk2-cg"}, "somebody for a head to choose"
    of_contract = {u.username for u in users} - seconds
    assert len(of_contract) == len({u.name for u in users}) - len(seconds) == 15 + 38
    codes = {p.code for p in places()}
    assert all(u.grid in codes for u in users if u.grid)
    assert {u.username for u in users} >= {"triage", "clerk-sthj", "head-zhen-06", "grid-zhen-01"}
