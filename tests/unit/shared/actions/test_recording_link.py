"""The link to a voicemail: nobody but us can make one, and it opens one recording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions import recording_link
from shared.actions.recording_link import BadLink, OldLink
from tests.unit.functions.incoming.phone_company import ENVIRON

SID = "RE" + "0123456789abcdef" * 2


SECRET = ENVIRON["STREAM_TOKEN_SECRET"]


@given(st.text(alphabet="ABCabc019_-.", max_size=60))
def test_a_guess_opens_nothing(token: str) -> None:
    with pytest.raises(BadLink):
        recording_link.read([SECRET], token, now=0)


@pytest.mark.parametrize("secrets", [[], [""], ["other"]])
def test_only_our_secret_opens(secrets: list[str]) -> None:
    token = recording_link.mint(SECRET, SID, expires=100)
    with pytest.raises(BadLink):
        recording_link.read(secrets, token, now=0)
    with pytest.raises(OldLink):
        recording_link.read([SECRET], token, now=100)


def test_nothing_is_signed_without_a_secret_and_nothing_but_recordings() -> None:
    with pytest.raises(ValueError, match="empty"):
        recording_link.mint("", SID, expires=1)
    with pytest.raises(ValueError, match="recording"):
        recording_link.mint(SECRET, "../Messages", expires=1)
