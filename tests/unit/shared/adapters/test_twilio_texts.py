"""SMS through Twilio's own client, to a server of ours on loopback."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from shared.adapters.twilio_texts import TwilioTexts
from shared.domain.errors import TextFailed
from tests.twilio_rest import Twilio, serving

SENDER, TO = "+19375550100", "+15551230000"


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with serving() as server:
        yield server


def texts(server: Twilio, **changes: Any) -> TwilioTexts:
    options = {"api_base": f"http://127.0.0.1:{server.server_address[1]}", **changes}
    return TwilioTexts("AC123", lambda: "token", **options)


def test_a_text_is_posted_as_twilio_wants_it(twilio: Twilio) -> None:
    port = texts(twilio, status_callback=lambda: "https://voice.example.com/sms-status")

    assert port.send(TO, "You're booked.", sender=SENDER) == "SM123"
    ((path, headers, form),) = twilio.asked
    assert path == "/2010-04-01/Accounts/AC123/Messages.json"
    assert form == {
        "To": [TO],
        "From": [SENDER],
        "Body": ["You're booked."],
        "StatusCallback": ["https://voice.example.com/sms-status"],
    }
    assert headers["Authorization"] == f"Basic {base64.b64encode(b'AC123:token').decode()}"


@pytest.mark.parametrize(("status", "code"), [(400, 21_610), (400, 21_211), (429, 20_429)])
def test_a_refusal_carries_twilio_s_number_and_logs_it(
    twilio: Twilio, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    twilio.status, twilio.answer = status, {"code": code, "message": "no", "status": status}

    with pytest.raises(TextFailed) as told:
        texts(twilio).send(TO, "Hello", sender=SENDER)

    assert told.value.code == code
    assert len(twilio.asked) == 1
    (line,) = caplog.records
    assert vars(line)["code"] == code
    assert TO not in str(vars(line))


def test_a_server_that_breaks_is_a_failed_text(twilio: Twilio) -> None:
    twilio.status, twilio.answer = 503, {}

    with pytest.raises(TextFailed) as told:
        texts(twilio).send(TO, "Hello", sender=SENDER)
    assert told.value.code == 503


def test_a_server_that_does_not_answer_is_given_up_and_asked_once(twilio: Twilio) -> None:
    twilio.hang = True

    with pytest.raises(TextFailed) as told:
        texts(twilio, timeout_s=0.2).send(TO, "Hello", sender=SENDER)

    assert told.value.code == 0
    assert len(twilio.asked) == 1


def test_nobody_at_that_address_is_a_failed_text() -> None:
    port = TwilioTexts("AC123", lambda: "token", api_base="http://127.0.0.1:9", timeout_s=1)

    with pytest.raises(TextFailed):
        port.send(TO, "Hello", sender=SENDER)
