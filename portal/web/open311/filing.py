"""POST requests: from what a system sends to what may be filed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.contact import normalise_phone
from portal.core.geo import Crs, Point
from portal.core.text import N_, clean
from portal.domain.categories.models import Category
from portal.domain.grids.models import Grid
from portal.domain.grids.queries import grid_by_code, is_inside_city, locate
from portal.domain.reports.filing import NewReport, Place
from portal.domain.reports.photos import MOST_PHOTOS
from portal.domain.reports.vault import Contact
from portal.web.open311.arguments import Arguments, bad, refuse_foreign_jurisdiction
from portal.web.open311.faults import AbsentError
from portal.web.open311.services import offered
from portal.web.outside import outside_words

DESCRIPTION_MOST, ADDRESS_MOST, NAME_MOST, PHONE_MOST, MAIL_MOST = 4000, 200, 40, 40, 120
ADDRESS_LEAST, ANSWER_MOST, LINK_MOST = 2, 200, 500
CONSENT_VERSION = "open311-2026-11"
"""The system vouches that the resident agreed (docs/open311.md, consent)."""
_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_WORDLESS = N_("（接入系统没有附文字说明）")
Form = MultiDict[str, str]


def read_filing(form: Form) -> NewReport:
    """What may be filed. Raises AbsentError (404) and BadArgumentError (400)."""
    sent = Arguments(form)
    refuse_foreign_jurisdiction(sent.text("jurisdiction_id"))
    category = _service(sent)
    place = _place(sent)
    words = read_words(form, "description", DESCRIPTION_MOST)
    contact = _contact(sent)
    return NewReport(
        categories=[category],
        description=words or f"{category.name_zh}{_WORDLESS}",
        place=place,
        contact=contact,
        wants_reply=contact.is_reachable,
        consent_version=CONSENT_VERSION,
        answers=_answers(form, category),
    )


def read_words(form: Form, name: str, most: int) -> str:
    """A text of several lines. Raises BadArgumentError when it is longer than `most`."""
    words = clean(form.get(name, ""))
    if len(words) > most:
        raise bad(name, _("最多%(most)s字，现在%(have)s字", most=most, have=len(words)))
    return words


def links_note(form: Form) -> str:
    """The addresses of pictures, for staff to judge: nothing is fetched from them."""
    links = [clean(link) for link in form.getlist("media_url") if link.strip()]
    if len(links) > MOST_PHOTOS:
        raise bad("media_url", _("照片最多%(most)s张。", most=MOST_PHOTOS))
    for link in links:
        if len(link) > LINK_MOST or not _is_web_address(link):
            raise bad("media_url", _("应是 http 或 https 地址"))
    if not links:
        return ""
    return "\n".join([_("接入系统附的图片地址（没有下载）："), *links])


def _is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and link.isprintable()


def _service(sent: Arguments) -> Category:
    code = sent.text("service_code")
    if not code:
        raise bad("service_code", _("要填"))
    category = offered(code)
    if category is None:
        raise AbsentError(_("service_code：没有这个服务"))
    return category


def _place(sent: Arguments) -> Place:
    """A point, an address, or a 区划代码 as `address_id`; at least one of them."""
    point, address = sent.point(), sent.text("address_string")
    if len(address) > ADDRESS_MOST:
        raise bad("address_string", _("最多%(most)s字", most=ADDRESS_MOST))
    grid = _grid(sent.text("address_id"), point)
    if point is None and grid is None and len(address) < ADDRESS_LEAST:
        raise bad("lat, long", _("要有地点：lat 加 long，或 address_string，或 address_id"))
    return Place(
        lat=point.lat if point else None,
        lng=point.lng if point else None,
        raw_lat=point.lat if point else None,
        raw_lng=point.lng if point else None,
        crs=Crs.WGS84 if point else None,
        source="pin" if point else "grid" if grid else "address",
        address=address,
        grid=grid,
    )


def _grid(code: str, point: Point | None) -> Grid | None:
    """The finest grid known: the point's own, unless the code names one below it."""
    named = grid_by_code(code) if code else None
    if code and named is None:
        raise bad("address_id", _("没有这个镇街或村社区的区划代码"))
    if point is None:
        return named
    if not is_inside_city(point.lat, point.lng):
        raise bad("lat, long", outside_words())
    found = locate(point.lat, point.lng)
    if found is None or (named is not None and named.level.depth > found.level.depth):
        return named
    return found


def _contact(sent: Arguments) -> Contact:
    """For the vault. A phone that no rule of ours knows is kept as it came."""
    first, last = sent.text("first_name"), sent.text("last_name")
    name = f"{first} {last}".strip() if f"{first}{last}".isascii() else f"{last}{first}"
    phone, mail = sent.text("phone"), sent.text("email")
    if mail and (len(mail) > MAIL_MOST or not _MAIL.fullmatch(mail)):
        raise bad("email", _("邮箱没看懂，应像 name@example.com 这样"))
    if len(phone) > PHONE_MOST:
        raise bad("phone", _("最多%(most)s字", most=PHONE_MOST))
    if len(name) > NAME_MOST:
        raise bad("first_name, last_name", _("最多%(most)s字", most=NAME_MOST))
    return Contact(name=name, phone=normalise_phone(phone) or phone, email=mail)


def _answers(form: Form, category: Category) -> dict[str, Any]:
    """`attribute[CODE]`, or `attribute[CODE][]`; attributes of other services are let be."""
    answers: dict[str, Any] = {}
    for question in category.questions:
        code = question["code"]
        given = _given(form, code)
        name = f"attribute[{code}]"
        known = {option["code"] for option in question["options"]}
        if len(given) > 1:
            raise bad(name, _("只能选一个"))
        if given and question["kind"] == "choice" and given[0] not in known:
            raise bad(name, _("只能是：%(known)s", known=", ".join(sorted(known))))
        if given and len(given[0]) > ANSWER_MOST:
            raise bad(name, _("最多%(most)s字", most=ANSWER_MOST))
        if not given and question.get("required"):
            raise bad(name, _("要填"))
        if given:
            answers[code] = given[0]
    return answers


def _given(form: Form, code: str) -> Sequence[str]:
    names = (f"attribute[{code}]", f"attribute[{code}][]")
    values = [clean(value) for name in names for value in form.getlist(name)]
    return list(dict.fromkeys(value for value in values if value))
