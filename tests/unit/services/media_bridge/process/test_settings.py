"""The bridge's settings come from the environment, whole or not at all."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from services.media_bridge.process.settings import VARIABLES, read, usage
from shared.environment import BadSettings

GIVEN = {
    "MEDIA_URL": "wss://media.example.com/media/",
    "PUBLIC_BASE_URL": "https://calls.example.com/",
    "OPENAI_API_KEY": "k1",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "k2",
    "STRIPE_API_KEY": "k3",
    "STREAM_TOKEN_SECRET": "k4",
}


def test_what_is_not_given_has_its_default() -> None:
    settings = read(GIVEN)

    assert (settings.adapters.stage, settings.port, settings.max_calls) == ("local", 8080, 50)
    assert settings.clock_offset == timedelta(0)
    assert settings.journal_dir is None


def test_addresses_lose_their_trailing_slash() -> None:
    assert read(GIVEN).media_url == "wss://media.example.com/media"


@pytest.mark.parametrize(
    ("base", "socket"),
    [
        ("https://api.openai.com/v1", "wss://api.openai.com/v1/realtime?model=m"),
        ("http://127.0.0.1:9/v1", "ws://127.0.0.1:9/v1/realtime?model=m"),
    ],
)
def test_the_realtime_socket_is_the_rest_address_with_ws_for_http(base: str, socket: str) -> None:
    settings = read(GIVEN | {"OPENAI_BASE_URL": base, "OPENAI_MODEL": "m"})

    assert settings.realtime_url == socket


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read({key: value for key, value in GIVEN.items() if key != name})


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read({})

    assert all(name in str(caught.value) for name in GIVEN)


def test_a_secret_may_be_named_instead_of_given() -> None:
    environ = {key: value for key, value in GIVEN.items() if key != "OPENAI_API_KEY"}

    read(environ | {"OPENAI_API_KEY_SECRET_ARN": "arn:aws:secretsmanager:x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAGE", "production"),
        ("MEDIA_URL", "https://media.example.com/media"),
        ("MEDIA_URL", "wss://media.example.com/media?x=1"),
        ("PUBLIC_BASE_URL", "ftp://calls.example.com"),
        ("OPENAI_BASE_URL", "//api"),
        ("MEDIA_URL", "wss://media.example.com:99999/media"),
        ("MEDIA_URL", "wss://[::1/media"),
        ("AWS_ENDPOINT_URL", "localhost:4566"),
        ("TWILIO_API_BASE", "::bad"),
        ("STRIPE_API_BASE", "https://"),
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("MAX_CALLS", "0"),
        ("CLOCK_OFFSET_S", "1.5"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read(GIVEN | {name: value})


def test_a_message_about_a_bad_value_holds_no_secret() -> None:
    with pytest.raises(BadSettings) as caught:
        read(GIVEN | {"PORT": "k1"})

    assert not any(secret in str(caught.value) for secret in ("k1", "k2", "k3", "k4"))


def test_the_clock_cannot_be_moved_in_production() -> None:
    assert read(GIVEN | {"CLOCK_OFFSET_S": "-60"}).clock_offset == timedelta(seconds=-60)
    with pytest.raises(BadSettings, match="CLOCK_OFFSET_S"):
        read(GIVEN | {"CLOCK_OFFSET_S": "-60", "STAGE": "prod"})


def test_the_usage_names_every_variable_and_default() -> None:
    text = usage()

    assert all(v.name in text and v.meaning in text and v.default in text for v in VARIABLES)


def test_the_meanings_stand_in_one_column() -> None:
    lines = usage().splitlines()[3:]

    assert (
        len({line.index(f"  {v.meaning}") for v, line in zip(VARIABLES, lines, strict=True)}) == 1
    )


def _run(*argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.media_bridge", *argv],
        env={"PATH": os.environ["PATH"]} | environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_help_lists_the_variables_and_nothing_starts() -> None:
    done = _run("--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == usage() + "\n"


def test_a_start_without_a_variable_says_which_and_exits_2() -> None:
    done = _run(**{key: value for key, value in GIVEN.items() if key != "MEDIA_URL"})

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "media_bridge: missing: MEDIA_URL\n"
