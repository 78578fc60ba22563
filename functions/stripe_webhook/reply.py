"""What a request is answered with, whatever carries it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: str = ""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(status: int, **fields: str) -> Reply:
    """An answer for a program: one JSON object of `fields`."""
    return Reply(status, json.dumps(fields))
