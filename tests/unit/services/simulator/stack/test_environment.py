"""What the processes of the stack are given: keys of their own, and nothing of the user's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.simulator.stack.environment import LocalAddresses, LocalKeys, environment

ADDRESSES = LocalAddresses(
    "http://aws", "http://stripe", "http://twilio", "http://public", 4711, "http://mail"
)


def test_keys_of_the_users_shell_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "STRIPE_API_KEY", "SOMETHING_ELSE"):
        monkeypatch.setenv(name, "the user's")
    given = environment(ADDRESSES, LocalKeys(), at=datetime.now(UTC), journals=Path("j"))

    assert "the user's" not in given.values()
    assert "SOMETHING_ELSE" not in given


def test_every_run_has_keys_of_its_own() -> None:
    assert LocalKeys() != LocalKeys()


def test_the_business_time_is_an_offset_to_the_real_one() -> None:
    at = datetime.now(UTC) - timedelta(days=2)
    given = environment(ADDRESSES, LocalKeys(), at=at, journals=Path("j"))

    assert int(given["CLOCK_OFFSET_S"]) == pytest.approx(-2 * 86_400, abs=2)
    assert given["MEDIA_URL"] == "ws://127.0.0.1:4711/media"
