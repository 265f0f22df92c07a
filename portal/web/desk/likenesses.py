"""Why two reports may be the same thing, in words; and what two texts share."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.accounts.actor import Actor
from portal.domain.casework.desk_queries import first_photos
from portal.domain.casework.scope import visible_among
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.triage.duplicates import Likely, likely_same
from portal.domain.triage.likeness import Kinship, Match
from portal.domain.triage.repeats import Repeat, repeated_of
from portal.web.access import actor
from portal.web.desk.door import bp
from portal.web.desk.frame import name_of

_SHORTEST_SHARED = 2  # characters; single ones are shared by chance
_HOURS_A_DAY = 24
_NEAR_M, _STEP_M, _KILOMETRE = 10, 10, 1000


@bp.app_context_processor
def _names() -> dict[str, Any]:
    """For desk/_suggestions.html, wherever it stands."""
    return {"likely_of": likely_of, "repeat_of": repeat_of}


def likely_of(report: Report) -> list[dict[str, Any]]:
    """The cards for whoever is looking, once per request."""
    if "desk_likely" not in g or g.desk_likely[0] != report.id:
        g.desk_likely = (report.id, suggestion_cards(report, actor()))
    found: list[dict[str, Any]] = g.desk_likely[1]
    return found


def repeat_of(report: Report) -> Repeat | None:
    """The closed case that this one repeats, if the one who looks may open it."""
    if "desk_repeat" not in g or g.desk_repeat[0] != report.id:
        found = repeated_of(report)
        seen = visible_among(actor(), [found.earlier.id]) if found else ()
        g.desk_repeat = (report.id, found if seen else None)
    repeat: Repeat | None = g.desk_repeat[1]
    return repeat


def suggestion_cards(report: Report, who: Actor) -> list[dict[str, Any]]:
    """The likeliest duplicates as `desk/_suggestions.html` draws them; three statements.

    Empty for whoever could not merge, and in states in which nothing is merged.
    """
    step = WORKFLOW[Action.MERGE]
    if not step.admits(who) or State(report.state) not in step.sources:
        return []
    found = likely_same(report, who)
    photos = first_photos([one.report.id for one in found]) if found else {}
    return [_card(report, one, photos.get(one.report.id)) for one in found]


def reasons(match: Match) -> list[str]:
    """What speaks for one thing: 相距80米, 同一类型, 2小时内, 文字相似, 照片相似."""
    words = [distance_words(match.distance_m)]
    if match.kinship is Kinship.SAME:
        words.append(_("同一类型"))
    elif match.kinship in {Kinship.AKIN, Kinship.OTHER}:
        words.append(_("同一大类"))
    words.append(hours_words(match.hours))
    if match.has_like_words:
        words.append(_("文字相似"))
    if match.has_like_picture:
        words.append(_("照片相似"))
    return words


def distance_words(distance_m: float | None) -> str:
    """相距80米; without two points only the village is known to be the same."""
    if distance_m is None:
        return _("同一个村社区")
    if distance_m < _NEAR_M:
        return _("同一个点")
    if distance_m < _KILOMETRE:
        return _("相距约%(n)s米", n=round(distance_m / _STEP_M) * _STEP_M)
    return _("相距约%(n)s公里", n=f"{distance_m / _KILOMETRE:.1f}")


def hours_words(hours: float) -> str:
    """How long apart two reports came in, rounded up."""
    if hours < _HOURS_A_DAY:
        whole = max(1, int(hours) + (hours % 1 > 0))
        return ngettext("%(num)s小时内", "%(num)s小时内", whole)
    return ngettext("相隔%(num)s天", "相隔%(num)s天", round(hours / _HOURS_A_DAY))


def marked(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts cut into pieces, each with whether the other text has it too."""
    blocks = [
        block
        for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        if block.size >= _SHORTEST_SHARED
    ]
    ours = _pieces(one, [(block.a, block.size) for block in blocks])
    return ours, _pieces(other, [(block.b, block.size) for block in blocks])


def _pieces(text: str, shared: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    found, at = [], 0
    for start, size in shared:
        found += [(text[at:start], False), (text[start : start + size], True)]
        at = start + size
    found.append((text[at:], False))
    return [piece for piece in found if piece[0]]


def _card(report: Report, one: Likely, photo: Photo | None) -> dict[str, Any]:
    other = one.report
    thumb = None
    if photo is not None:
        thumb = {"src": f"/media/{photo.key}/160.jpg", "alt": "", "width": 160, "height": 120}
    return {
        "number": other.number,
        "title": other.title,
        "state": State(other.state),
        "received_at": other.received_at,
        "category": name_of(other.category),
        "thumb": thumb,
        "reasons": reasons(one.match),
        "href": url_for("desk.compare_reports", number=report.number, other=other.number),
    }
