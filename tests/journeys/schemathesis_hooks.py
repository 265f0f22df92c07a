"""What schemathesis must know beside /openapi.json: the demo's key, to get past the door."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Forms that ask for a key have a good one."""
    if isinstance(body, dict) and "api_key" in body:
        return {**body, "api_key": "demo-open311"}
    return body
