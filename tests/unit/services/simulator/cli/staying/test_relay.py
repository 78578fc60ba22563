"""What is kept of a stack that stays up, for whoever asks for a call's story."""

import io
import json

from services.simulator.cli.staying.relay import Relay
from services.simulator.phone.calls import PhoneEvent


def test_a_webhook_is_logged_with_its_call_and_without_its_host() -> None:
    log = io.StringIO()
    relay = Relay(log, lambda _: None)
    relay.watch.phone(PhoneEvent("webhook", "http://127.0.0.1:1/incoming 200 7 ms", 0, "CA1"))
    kept = json.loads(json.loads(log.getvalue())["line"])
    assert kept["message"] == "POST /incoming 200 7 ms"
    assert kept["call_sid"] == "CA1"


def test_every_text_has_the_time_at_which_it_was_taken() -> None:
    relay = Relay(io.StringIO(), lambda _: None)
    relay.watch.phone(PhoneEvent("text", "to +15551230000: Hello"))
    relay.watch.phone(PhoneEvent("rings", "somebody"))
    assert len(relay.texted_at) == 1


def test_what_a_process_prints_is_a_line_of_its_own_whatever_it_holds() -> None:
    log = io.StringIO()
    relay = Relay(log, lambda _: None)
    relay.watch.line('half "a line\x1b[2J')
    assert json.loads(log.getvalue())["line"] == 'half "a line\x1b[2J'
