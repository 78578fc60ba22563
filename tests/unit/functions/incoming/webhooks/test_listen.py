"""The voicemail link: it opens for whoever was texted it, for a month, and nothing else."""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from functions.incoming import handler
from functions.incoming.context import Request
from functions.incoming.settings import settings_of
from shared.actions import recording_link
from shared.adapters.secrets import Secrets
from shared.domain.errors import PortError, RecordingTooLong
from shared.metrics import EmfMetrics
from tests.fakes import FakeWorld
from tests.unit.functions.incoming.phone_company import (
    ACCOUNT,
    ENVIRON,
    NOW,
    OFFICE,
    ON_CALL,
    PUBLIC,
    Phone,
    an_event,
)

SID = "RE" + "0123456789abcdef" * 2


SECRET = ENVIRON["STREAM_TOKEN_SECRET"]


LEFT = {
    "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{SID}",
    "RecordingSid": SID,
    "RecordingDuration": "12",
}


SOUND = bytes(range(256)) * 8


@dataclass
class Recordings:
    """Twilio's recordings."""

    kept: dict[str, bytes] = field(default_factory=lambda: {SID: SOUND})
    broken: Exception | None = None
    asked: list[str] = field(default_factory=list)

    def get(self, recording_sid: str) -> bytes | None:
        self.asked.append(recording_sid)
        if self.broken:
            raise self.broken
        return self.kept.get(recording_sid)


def opened(
    url: str,
    recordings: Recordings,
    *,
    method: str = "GET",
    now: datetime = NOW,
    environ: dict[str, str] | None = None,
    **headers: str,
) -> dict[str, Any]:
    """What a phone's browser gets; it signs nothing."""
    environ = environ or ENVIRON
    settings = settings_of(environ)
    request = Request(
        settings=settings,
        secret=Secrets(environ, lambda: now).get,
        real_now=now,
        nonce="n",
        metrics=EmfMetrics(settings.adapters.stage, lambda: now),
        ports=lambda _: FakeWorld().ports,
        recordings=lambda _: recordings,
    )
    event = an_event(url, "", headers, method)
    return handler.answer(event | {"body": None, "isBase64Encoded": False}, None, request)


def sound_of(answer: dict[str, Any]) -> bytes:
    assert answer["isBase64Encoded"] is True
    return base64.b64decode(answer["body"])


def link(phone: Phone) -> str:
    phone.post("/voicemail?b=coolcare_hvac", **LEFT)
    found = re.search(r"https://\S+/voicemail/[A-Za-z0-9_-]+", phone.world.texts.to(OFFICE)[0])
    assert found is not None
    return found[0]


def test_office_and_on_call_get_a_link_of_ours_that_names_no_account(phone: Phone) -> None:
    url = link(phone)
    assert url.startswith(f"{PUBLIC}/voicemail/") and len(url) < 100
    for number in (OFFICE, ON_CALL):
        (body,) = phone.world.texts.to(number)
        assert url in body and ACCOUNT not in body and "twilio.com" not in body


def test_the_link_plays_the_recording_to_whoever_has_it(phone: Phone) -> None:
    answer = opened(link(phone), recordings := Recordings())
    assert (answer["statusCode"], sound_of(answer)) == (200, SOUND)
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    assert headers["content-type"] == "audio/mpeg" and headers["cache-control"] == "no-store"
    assert recordings.asked == [SID]


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-1", 206, SOUND[:2]),
        ("bytes=2000-", 206, SOUND[2000:]),
        ("bytes=-48", 206, SOUND[-48:]),
        ("bytes=0-999999", 206, SOUND),
        ("bytes=-", 200, SOUND),
        ("bytes=0-1,5-6", 200, SOUND),
        ("lines=1-2", 200, SOUND),
    ],
)
def test_a_phone_that_asks_for_a_piece_gets_it(
    phone: Phone, asked: str, status: int, part: bytes
) -> None:
    answer = opened(link(phone), Recordings(), range=asked)
    assert (answer["statusCode"], sound_of(answer)) == (status, part)


def test_a_piece_beyond_the_end_is_refused(phone: Phone) -> None:
    assert opened(link(phone), Recordings(), range="bytes=9999-")["statusCode"] == 416


def test_who_only_looks_at_the_link_fetches_nothing(phone: Phone) -> None:
    answer = opened(link(phone), recordings := Recordings(), method="HEAD")
    assert (answer["statusCode"], answer["body"], recordings.asked) == (200, "", [])
    assert opened(f"{PUBLIC}/voicemail/x", recordings, method="HEAD")["statusCode"] == 404


@pytest.mark.parametrize(
    ("recordings", "status", "says"),
    [
        (Recordings(kept={}), 404, "The message is not there"),
        (Recordings(broken=PortError("twilio recording: 500")), 503, "try again in a minute"),
        (Recordings(broken=RecordingTooLong("x")), 413, "too long"),
    ],
)
def test_a_recording_that_cannot_be_played_is_told_in_a_sentence(
    phone: Phone, recordings: Recordings, status: int, says: str
) -> None:
    answer = opened(link(phone), recordings)
    assert answer["statusCode"] == status and says in answer["body"]


def test_a_link_is_good_for_a_month(phone: Phone) -> None:
    url = link(phone)
    assert opened(url, Recordings(), now=NOW + recording_link.GOOD_FOR * 0.99)["statusCode"] == 200
    old = opened(url, recordings := Recordings(), now=NOW + recording_link.GOOD_FOR)
    assert old["statusCode"] == 410 and "too old" in old["body"] and not recordings.asked


def test_a_link_outlives_one_rotation_of_the_secret(phone: Phone) -> None:
    url, token = link(phone), link(phone).rpartition("/")[2]
    assert recording_link.read(["new", SECRET], token, now=int(NOW.timestamp())) == SID
    changed = {**ENVIRON, "STREAM_TOKEN_SECRET": "new"}
    assert opened(url, Recordings(), environ=changed)["statusCode"] == 404


def test_another_recording_cannot_be_opened_with_it(phone: Phone) -> None:
    token = link(phone).rpartition("/")[2]
    for at in range(len(token)):
        other = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        answer = opened(f"{PUBLIC}/voicemail/{other}", recordings := Recordings())
        assert answer["statusCode"] == 404 and not recordings.asked


@pytest.mark.parametrize("sid", ["", "RE1", "RE" + "g" * 32, "CA" + "1" * 32])
def test_a_recording_of_another_shape_is_told_without_a_link(phone: Phone, sid: str) -> None:
    url = f"https://api.twilio.com/Recordings/{sid}"
    phone.post("/voicemail?b=coolcare_hvac", **{**LEFT, "RecordingUrl": url, "RecordingSid": sid})
    (body,) = phone.world.texts.to(OFFICE)
    assert "left a voicemail" in body and "twilio.com" not in body and "/voicemail/" not in body


def test_no_other_get_passes_unsigned(phone: Phone) -> None:
    for path in ("/voicemail", "/incoming", "/voicemail/a/b", "/sms"):
        assert opened(f"{PUBLIC}{path}", Recordings())["statusCode"] in (403, 404)
