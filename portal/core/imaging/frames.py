"""How the portal and its decoding process talk: a JSON line with lengths, then the bytes.

No pickle: what comes out of a decoder that has eaten a hostile file is data and nothing else.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from portal.core.imaging.results import BrokenImageError, Inspection, Processed, Refusal

# All renditions together have their budgets; more than this was not written by us.
MAX_REPLY_BYTES = 8_000_000


class FrameError(Exception):
    """The other side stopped in the middle or talks nonsense."""


def write_frame(stream: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    """Send one message."""
    line = json.dumps({**head, "length": len(body)}).encode() + b"\n"
    stream.write(line + body)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Receive one message. Raises FrameError, also at the end of the stream."""
    try:
        head = json.loads(stream.readline(64 * 1024))
        length = int(head["length"])
    except (ValueError, KeyError, TypeError):
        raise FrameError("no message") from None
    if not 0 <= length <= MAX_REPLY_BYTES:
        raise FrameError("a message of impossible length")
    body = stream.read(length)
    if len(body) != length:
        raise FrameError("a message cut short")
    return head, body


def result_frame(result: Processed) -> tuple[dict[str, Any], bytes]:
    """A result as head and body."""
    sizes = {str(size): len(data) for size, data in result.renditions.items()}
    head = {"facts": result.inspection.to_json(), "phash": result.phash, "renditions": sizes}
    return head, b"".join(result.renditions.values())


def read_result(head: dict[str, Any], body: bytes) -> Processed:
    """Undo `result_frame`. Raises BrokenImageError when that is the result, FrameError."""
    try:
        if "refusal" in head:
            raise BrokenImageError(Refusal(head["refusal"]), str(head.get("technical", "")))
        renditions, at = {}, 0
        for size, length in head["renditions"].items():
            renditions[int(size)] = body[at : at + length]
            at += length
        return Processed(Inspection.from_json(head["facts"]), renditions, str(head["phash"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FrameError("not a result") from None
