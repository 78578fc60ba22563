"""Real captures through the codecs, where CAPTURES names a folder that holds them."""

import os
from pathlib import Path

import pytest

from tests.check_captures import check, digest

FOLDER = os.environ.get("CAPTURES", "")


@pytest.mark.skipif(not FOLDER, reason="CAPTURES names no folder")
def test_every_captured_event_is_digested() -> None:
    counts = check(Path(FOLDER))

    assert sum(became.total() for became in counts.values()) > 0


def test_what_captures_hold_around_an_event_is_told_apart() -> None:
    assert digest({"event": "stop", "stop": {}}) == "LineClosed"
    assert digest({"type": "session.created"}) == "ModelOpened"
    assert digest({"type": "response.cancel"}) == "a client's event"
    assert digest({"code": 1001}) == "no event of a socket"
