"""The composition: ports that open nothing yet, and ask for a key only when it is needed."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.adapters.secrets import SecretUnavailable
from shared.adapters.settings import AdapterSettings, settings_of
from shared.adapters.wiring import open_ports
from shared.domain.errors import CheckoutFailed, TextFailed
from tests.twilio_rest import Twilio, serving

ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": "callwright-local-",
    "PUBLIC_BASE_URL": "https://voice.example.com/",
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "STRIPE_API_BASE": "http://127.0.0.1:9",
    "TWILIO_ACCOUNT_SID": "AC123",
}
OFFICE, NUMBER = "+19375550190", "+19375550100"


def none(name: str) -> tuple[str, ...]:
    raise SecretUnavailable(f"neither {name} nor {name}_SECRET_ARN is set")


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with serving() as server:
        yield server


def settings(twilio: Twilio) -> AdapterSettings:
    base = {"TWILIO_API_BASE": f"http://127.0.0.1:{twilio.server_port}"}
    return settings_of(ENVIRON | base)


def test_ports_open_without_anybody_listening_and_without_a_key() -> None:
    ports = open_ports(settings_of(ENVIRON), none)

    assert ports.calls is not None


def test_without_a_key_a_port_fails_as_if_the_service_had(twilio: Twilio) -> None:
    ports = open_ports(settings(twilio), none)

    with pytest.raises(TextFailed, match="TWILIO_AUTH_TOKEN"):
        ports.texts.send(OFFICE, "Hello", sender=NUMBER)
    with pytest.raises(CheckoutFailed, match="STRIPE_API_KEY") as told:
        ports.checkout.get("cs_1")
    assert not told.value.permanent
    assert twilio.asked == []


def test_a_text_reports_to_the_public_address(twilio: Twilio) -> None:
    ports = open_ports(settings(twilio), lambda _: ("token",))
    ports.texts.send(OFFICE, "Hello", sender=NUMBER)

    ((_, _, form),) = twilio.asked
    assert form["StatusCallback"] == ["https://voice.example.com/sms-status"]


def test_an_address_that_the_process_found_itself_is_taken(twilio: Twilio) -> None:
    ports = open_ports(
        settings(twilio), lambda _: ("token",), public_url=lambda: "https://found.example"
    )
    ports.texts.send(OFFICE, "Hello", sender=NUMBER)

    ((_, _, form),) = twilio.asked
    assert form["StatusCallback"] == ["https://found.example/sms-status"]


def test_a_key_that_is_rotated_is_used_by_the_next_text(twilio: Twilio) -> None:
    keys = ["old", "new"]
    ports = open_ports(settings(twilio), lambda _: (keys[0], "another"))
    ports.texts.send(OFFICE, "Hello", sender=NUMBER)
    ports.texts.send(OFFICE, "Hello", sender=NUMBER)
    keys.pop(0)
    ports.texts.send(OFFICE, "Hello", sender=NUMBER)

    first, again, last = (headers["Authorization"] for _, headers, _ in twilio.asked)
    assert first == again != last


def test_metrics_go_to_the_given_stream() -> None:
    out = io.StringIO()
    open_ports(settings_of(ENVIRON), none, out=out).metrics.count("SmsSent")

    line = json.loads(out.getvalue())
    assert (line["SmsSent"], line["stage"]) == (1, "local")


def test_metrics_go_to_what_stdout_is_by_then(capsys: pytest.CaptureFixture[str]) -> None:
    ports = open_ports(settings_of(ENVIRON), none)
    capsys.readouterr()
    ports.metrics.count("SmsSent")

    assert json.loads(capsys.readouterr().out)["SmsSent"] == 1


def test_neither_twilio_s_nor_stripe_s_client_is_imported_before_it_is_needed() -> None:
    program = (
        "import sys; from shared.adapters.settings import settings_of; "
        "from shared.adapters.wiring import open_ports; "
        f"open_ports(settings_of({ENVIRON!r}), lambda name: ('key',)); "
        "print(sorted({'twilio.rest', 'stripe', 'openai'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
