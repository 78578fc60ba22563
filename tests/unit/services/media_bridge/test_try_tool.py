"""One tool by hand: the tool's own answer, or a sentence that says what is missing."""

import json
import os
import subprocess
import sys

import pytest

ENVIRON = {
    "PATH": os.environ["PATH"],
    "PUBLIC_BASE_URL": "http://127.0.0.1:9",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t",
    "STRIPE_API_KEY": "s",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}


def _by_hand(*argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.media_bridge.try_tool", *argv],
        env=ENVIRON | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        ((), "NAME"),
        (("add_note",), "JSON"),
        (("add_note", "{}"), "--business"),
        (("add_note", "{}", "--business", "nobody"), "nobody"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "noon"), "--at"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "2025-08-28T19:12"), "--at"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "0001-01-01T00:00Z"), "--at"),
        (("add_note", "{}", "--business", "coolcare_hvac", "--at", "9999-12-31T23:59Z"), "--at"),
    ],
)
def test_a_wrong_command_line_is_named(argv: tuple[str, ...], named: str) -> None:
    done = _by_hand(*argv)

    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("dance", "{}", "unknown_tool"),
        ("add_note", "{", "bad_arguments"),
        ("add_note", "[]", "bad_arguments"),
        ("add_note", "null", "bad_arguments"),
        ("add_note", "[" * 15_000, "bad_arguments"),
    ],
)
def test_what_is_no_tool_call_gets_the_models_own_refusal(
    name: str, arguments: str, error: str
) -> None:
    """No table is asked for it: none can be reached here."""
    done = _by_hand(name, arguments, "--business", "coolcare_hvac")

    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["error"] == error
    assert json.loads(done.stdout)["message"]


def test_a_missing_variable_is_named() -> None:
    done = _by_hand("add_note", "{}", "--business", "coolcare_hvac", STRIPE_API_KEY="")

    assert (done.returncode, done.stdout) == (2, "")
    assert "STRIPE_API_KEY" in done.stderr


def test_tables_that_cannot_be_reached_are_said_so() -> None:
    done = _by_hand("add_note", '{"note":"x"}', "--business", "coolcare_hvac")

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
