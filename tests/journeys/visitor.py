"""A visitor over plain HTTP: cookies and forms, no scripts. Answers are kept as they are."""

from __future__ import annotations

import http.cookiejar
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from tests.journeys.reading import Form, Page, read_page
from tests.live import new_address

T = TypeVar("T")
PATIENCE_S = 60
_PAUSE_S = 0.25
_TIMEOUT_S = 60
_PAGE_HEADERS = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
_JSON_HEADERS = {"Accept": "application/json"}


class File(NamedTuple):
    """A file to send: field, file name, bytes, media type."""

    name: str
    filename: str
    body: bytes
    media_type: str = "image/jpeg"


@dataclass(frozen=True)
class Answer:
    """What came back: nothing is followed or refused by itself."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()

    @cached_property
    def page(self) -> Page:
        """The body as a page."""
        return read_page(self.text)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def location(self) -> str:
        """Where a redirect points: a path of this site."""
        parts = urllib.parse.urlsplit(self.headers.get("Location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def expect(self, status: int) -> Answer:
        """This answer, if it has `status`; AssertionError with what it said otherwise."""
        assert self.status == status, f"{self.url}: {self.status} instead of {status}\n{self._said}"
        return self

    @property
    def _said(self) -> str:
        if "html" in self.headers.get("Content-Type", ""):
            return self.page.words[:1500]
        return f"{self.headers.get('Location', '')} {self.body[:1500]!r}"


@dataclass
class Visitor:
    """Somebody with a cookie jar and an address of their own."""

    base_url: str
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)
    address: str = field(default_factory=new_address)

    def get(self, path: str, *, status: int = HTTPStatus.OK) -> Answer:
        """GET a page of the portal and expect `status`."""
        return self.call("GET", path, headers=_PAGE_HEADERS).expect(status)

    def page(self, path: str) -> Page:
        """The page at `path`."""
        return self.get(path).page

    def json(self, path: str, *, status: int = HTTPStatus.OK) -> Any:
        """GET `path` as JSON."""
        return self.call("GET", path, headers=_JSON_HEADERS).expect(status).json

    def send(
        self, form: Form, files: Iterable[File] = (), *, status: int = HTTPStatus.SEE_OTHER
    ) -> Answer:
        """Send a form as a browser without scripts does, and expect `status`."""
        for file in files:
            assert form.takes_files(file.name), f"{form.action} takes no files as {file.name}"
        answer = self.post(form.action, list(form.pairs()), files, headers=_PAGE_HEADERS)
        return answer.expect(status)

    def follow(self, answer: Answer) -> Page:
        """The page a 303 leads to."""
        return self.page(answer.expect(HTTPStatus.SEE_OTHER).location)

    def post(
        self,
        path: str,
        pairs: Sequence[tuple[str, str]] = (),
        files: Iterable[File] = (),
        *,
        headers: Mapping[str, str] = _JSON_HEADERS,
    ) -> Answer:
        """POST multipart/form-data."""
        body, media_type = _multipart(pairs, files)
        return self.call("POST", path, body, {**headers, "Content-Type": media_type})

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] = _JSON_HEADERS,
    ) -> Answer:
        """One request, whatever it is answered."""
        url = urllib.parse.urljoin(self.base_url, path)
        told = {**headers, "X-Forwarded-For": self.address}
        request = urllib.request.Request(url, body, told, method=method)  # noqa: S310 - ours
        with self._opener.open(request, timeout=_TIMEOUT_S) as response:
            return Answer(url, response.status, response.headers, response.read())

    @cached_property
    def _opener(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.jar),
            _AsItIs(),
        )


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Hands redirects and refusals to the caller."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        return response


def until(what: str, look: Callable[[], T | None], patience_s: float = PATIENCE_S) -> T:
    """The first thing `look` finds; AssertionError naming `what` when patience ends."""
    end = time.monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, f"waited {patience_s} s in vain for {what}"
        time.sleep(_PAUSE_S)


def _multipart(pairs: Sequence[tuple[str, str]], files: Iterable[File]) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = [_part(boundary, f'name="{name}"', value.encode()) for name, value in pairs]
    for file in files:
        disposition = f'name="{file.name}"; filename="{file.filename}"'
        parts.append(_part(boundary, disposition, file.body, file.media_type))
    return b"".join(
        parts
    ) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _part(boundary: str, disposition: str, body: bytes, media_type: str = "") -> bytes:
    kind = f"Content-Type: {media_type}\r\n" if media_type else ""
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n"
    return head.encode() + body + b"\r\n"
