"""What every `Texts` must do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from shared.actions.ports import Texts
from shared.adapters.twilio_texts import TwilioTexts
from shared.domain.errors import TextFailed
from tests.fakes import FakeTexts
from tests.twilio_rest import serving

SENDER, TO = "+19375550100", "+15551230000"


@dataclass(frozen=True, slots=True)
class Network:
    texts: Texts
    refuse: Callable[[int], None]  # with Twilio's number, from now on
    taken: Callable[[], list[tuple[str, str, str]]]  # to, body, sender


@pytest.fixture(params=["fake", "twilio"])
def network(request: pytest.FixtureRequest) -> Iterator[Network]:
    if request.param == "fake":
        fake = FakeTexts()
        yield Network(
            fake,
            lambda code: setattr(fake, "fail_all", code),
            lambda: [(text.to, text.body, text.sender) for text in fake.sent],
        )
        return
    with serving() as server:

        def refuse(code: int) -> None:
            server.status, server.answer = 400, {"code": code, "message": "no", "status": 400}

        def taken() -> list[tuple[str, str, str]]:
            forms = [form for _, _, form in server.asked if server.status == 201]
            return [(form["To"][0], form["Body"][0], form["From"][0]) for form in forms]

        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield Network(TwilioTexts("AC123", lambda: "token", api_base=url), refuse, taken)


def test_a_text_is_taken_with_all_its_words(network: Network) -> None:
    body = "You're booked: 9 to 11 PM & $206 \u2013 \u00e9\nhttps://voice.example.com/pay/job1"

    assert network.texts.send(TO, body, sender=SENDER).startswith("SM")
    assert network.taken() == [(TO, body, SENDER)]


@pytest.mark.parametrize("code", [21_610, 30_003])
def test_a_refused_text_carries_the_network_s_number(network: Network, code: int) -> None:
    network.refuse(code)

    with pytest.raises(TextFailed) as told:
        network.texts.send(TO, "Hello", sender=SENDER)

    assert told.value.code == code
    assert network.taken() == []
