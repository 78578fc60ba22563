"""What both codecs share: strange frames pass, broken ones do not; and real captures are read.

The captures are those of the folder that CAPTURES names, where it names one.
"""

import os
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.media_bridge.wire.frames import WireError, needed, refuse_if_known, sound
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


def test_a_frame_of_a_kind_nobody_reads_may_have_any_shape() -> None:
    refuse_if_known(b"{}", lambda _: "weather", frozenset({"media"}), ValueError())


def test_a_frame_of_a_known_kind_must_have_its_shape() -> None:
    with pytest.raises(WireError):
        refuse_if_known(b"{}", lambda _: "media", frozenset({"media"}), ValueError())


def test_a_frame_whose_kind_cannot_be_read_is_refused_without_being_quoted() -> None:
    def kind_of(data: object) -> str:
        raise UnicodeError("my secret")

    with pytest.raises(WireError) as caught:
        refuse_if_known(b"my secret", kind_of, frozenset(), ValueError())
    assert "secret" not in str(caught.value)


@given(st.binary())
def test_sound_is_whatever_was_written_as_base64(sent: bytes) -> None:
    payload = b64encode(sent).decode()

    assert sound(payload) == payload


@pytest.mark.parametrize(
    "payload",
    ["AAA", "A===", "====", "AB=C", "AAAA=", "AAAA====", "AA A", "AA\nA", "AAÄA", "AA-_", 'AA"A'],
)
def test_what_is_no_base64_is_no_sound(payload: str) -> None:
    with pytest.raises(WireError):
        sound(payload)


@pytest.mark.parametrize("missing", [None, ""])
def test_a_part_or_an_id_that_is_missing_is_refused(missing: str | None) -> None:
    assert needed("item_1") == "item_1"
    with pytest.raises(WireError):
        needed(missing)
