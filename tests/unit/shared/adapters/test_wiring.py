"""The composition: settings from the environment, and ports that open nothing yet."""

import subprocess
import sys

import pytest

from shared.adapters.wiring import MissingSetting, Settings, open_ports

ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": "callwright-local-",
    "PUBLIC_BASE_URL": "https://voice.example.com/",
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "TWILIO_ACCOUNT_SID": "AC123",
    "TWILIO_AUTH_TOKEN": "token",
    "STRIPE_API_KEY": "sk_test_example",
}


def test_the_settings_are_read_from_the_environment() -> None:
    settings = Settings.of(ENVIRON)

    assert settings.public_url() == "https://voice.example.com"
    assert settings.aws_endpoint_url == "http://127.0.0.1:9"
    assert (settings.twilio_api_base, settings.keep_days) == (None, None)


@pytest.mark.parametrize(
    "name", ["PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "STRIPE_API_KEY"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_setting_is_named(name: str, value: str | None) -> None:
    environ = {key: given for key, given in ENVIRON.items() if key != name}

    with pytest.raises(MissingSetting, match=name):
        Settings.of(environ if value is None else environ | {name: value})


@pytest.mark.parametrize("days", ["0", "-1", "many"])
def test_days_to_keep_must_be_days(days: str) -> None:
    with pytest.raises(MissingSetting, match="KEEP_DAYS"):
        Settings.of(ENVIRON | {"KEEP_DAYS": days})


def test_ports_open_without_anybody_listening() -> None:
    ports = open_ports(Settings.of(ENVIRON))

    assert ports.calls is not None


def test_neither_twilio_s_nor_stripe_s_client_is_imported_before_it_is_needed() -> None:
    program = (
        "import sys; from shared.adapters.wiring import Settings, open_ports; "
        f"open_ports(Settings.of({ENVIRON!r})); "
        "print(sorted({'twilio.rest', 'stripe', 'openai'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
