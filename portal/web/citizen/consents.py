"""What a resident agrees to, and under which version of the words (个人信息保护法 14, 23, 29).

A new wording gets a new version: it is kept with every report.
"""

from __future__ import annotations

from portal.core.text import N_

CONSENT_VERSION = "2026-11"
GIVEN = frozenset({CONSENT_VERSION, "1"})

CONSENTS = {
    "consent": N_("我写的和拍的，可以用来查处这件污染；公开前会去掉能认出我的内容。"),
    "consent_location": N_("我同意提供手机或照片的准确位置，只用来找到现场。"),
    "consent_contact": N_("我同意用我留的姓名、电话或邮箱联系我，单独加密保存。"),
}
