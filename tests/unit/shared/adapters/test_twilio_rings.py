"""A phone rung through Twilio's own client, to a server of ours on loopback."""

import pytest

from shared.adapters.twilio_rings import TwilioRings
from shared.domain.errors import PortError
from tests.twilio_rest import Twilio, serving

SENDER, TO = "+19375550100", "+19375550191"


def ring(server: Twilio) -> None:
    base = f"http://127.0.0.1:{server.server_address[1]}"
    port = TwilioRings("AC123", lambda: "token", api_base=base)
    port.ring(TO, "Danger: a gas leak.", sender=SENDER, accept_url="https://x/alert-accept?call=1")


def test_a_call_is_placed_with_what_it_says_and_where_the_key_goes() -> None:
    with serving() as server:
        ring(server)
        ((path, _, form),) = server.asked
    assert path == "/2010-04-01/Accounts/AC123/Calls.json"
    assert (form["To"], form["From"]) == ([TO], [SENDER])
    assert form["Twiml"][0].count("Danger: a gas leak.") == 2
    assert "https://x/alert-accept?call=1" in form["Twiml"][0]


def test_a_refusal_is_told_and_its_code_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with serving() as server:
        server.status, server.answer = 400, {"code": 21_211, "message": "no", "status": 400}
        with pytest.raises(PortError):
            ring(server)
    (line,) = caplog.records
    assert (vars(line)["code"], vars(line)["status"]) == (21_211, 400)
    assert TO not in str(vars(line))
