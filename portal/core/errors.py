"""One error family, turned into a page or a problem document once, in portal.web.errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldFault:
    """One thing wrong with one input: a stable code and a sentence for the person who typed it."""

    code: str
    message: str


class PortalError(Exception):
    """An expected refusal.

    `code` is stable and documented at /about/problems, `http_status` is what HTTP doors answer,
    `detail` a Chinese sentence that says what to do next.
    """

    code = "error"
    http_status = 400
    retry_after: int | None = None  # seconds, where waiting helps

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(detail or code or self.code)
        self.detail = detail
        if code is not None:
            self.code = code
        if http_status is not None:
            self.http_status = http_status

    def members(self) -> Mapping[str, object]:
        """What programs are told besides: further members of the problem document."""
        return {}


class InvalidFieldsError(PortalError):
    """Some inputs cannot be taken; `faults` names each of them."""

    code = "invalid_fields"
    http_status = 422

    def __init__(self, faults: Mapping[str, list[FieldFault]]) -> None:
        super().__init__("; ".join(f.message for group in faults.values() for f in group))
        self.faults = dict(faults)

    @classmethod
    def one(cls, field: str, code: str, message: str) -> InvalidFieldsError:
        """A refusal of a single field."""
        return cls({field: [FieldFault(code, message)]})


class NotAllowedError(PortalError):
    """The actor may see this but not do that."""

    code = "not_allowed"
    http_status = 403


class NotFoundError(PortalError):
    """There is no such thing, or not for this actor: both look the same."""

    code = "not_found"
    http_status = 404


class ConflictError(PortalError):
    """Somebody else changed it first, or the state does not permit the step."""

    code = "conflict"
    http_status = 409
