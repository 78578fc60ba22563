"""What people do with our texts: they open the links in them, and they write back."""

import re
from collections.abc import Iterator

import aiohttp
import pytest

from services.simulator.phone.calls import new_sid
from tests.e2e.world import CALLER, COOLCARE, World, world

OFFICE = "+19375550190"
SOUND = bytes(range(256)) * 20
pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as made:
        yield made


def texts_to(here: World, number: str) -> list[str]:
    return [text.body for text in here.stack.network.sms.taken if text.to == number]


async def fetched(url: str, **headers: str) -> tuple[int, str, bytes]:
    """What a phone that signs nothing gets."""
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


def test_the_voicemail_link_in_the_text_plays_the_recording(here: World) -> None:
    recording = here.stack.network.recordings.keep(SOUND)
    status, _, _ = here.run(fetched(f"{recording}.mp3"))
    assert status == 401  # the phone company wants a key that no phone has

    fields = here.call().fields() | {
        "RecordingUrl": recording,
        "RecordingSid": recording.rpartition("/")[2],
        "RecordingDuration": "12",
    }
    assert here.webhook("/voicemail?b=coolcare_hvac", fields).status == 200

    (body,) = texts_to(here, OFFICE)
    link = re.search(r"http\S+/voicemail/[\w-]+", body)
    assert link and here.stack.network.account.sid not in body
    assert here.run(fetched(link[0])) == (200, "audio/mpeg", SOUND)
    assert here.run(fetched(link[0], Range="bytes=0-1")) == (206, "audio/mpeg", SOUND[:2])

    here.stack.network.recordings.audio.clear()
    status, kind, sentence = here.run(fetched(link[0]))
    assert (status, kind) == (404, "text/plain") and b"not there" in sentence


def test_a_text_in_reply_reaches_the_office_and_is_answered_once(here: World) -> None:
    network, sid = here.stack.network, new_sid("SM")
    for _ in range(2):
        said = network.sms.text_us(CALLER, COOLCARE, "Can we do Friday instead?", sid)
        assert here.run(said).status == 200

    (passed_on,) = (body for body in texts_to(here, OFFICE) if "Friday" in body)
    body, _, link = passed_on.rpartition(" ")
    assert body == "CoolCare HVAC: text from 555-123-0000: Can we do Friday instead?"
    assert link.startswith(f"{here.stack.public_url}/office/in/coolcare_hvac/")
    (answer,) = texts_to(here, CALLER)
    assert "the office has your message" in answer
