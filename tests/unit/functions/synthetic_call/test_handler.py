"""The hourly call to ourselves: counted where it was answered, else told by its step."""

import asyncio
import io
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from functions.synthetic_call.handler import ring
from functions.synthetic_call.settings import SyntheticCallSettings
from services.simulator.scenarios import scenario as scenarios
from services.simulator.smoke.ringing import as_data
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack
from shared.metrics import EmfMetrics

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def some_metrics() -> tuple[EmfMetrics, io.StringIO]:
    out = io.StringIO()
    return EmfMetrics("dev", lambda: NOW, out), out


@pytest.mark.stack
def test_a_deployment_that_answers_is_counted() -> None:
    async def run() -> tuple[dict[str, bool], str]:
        async with Stack(open_speech("text"), at=scenarios.load("spec").at, speed=6.0) as stack:
            own = stack.environment
            settings = SyntheticCallSettings("dev", stack.public_url, own["TWILIO_ACCOUNT_SID"])
            metrics, out = some_metrics()
            token = own["TWILIO_AUTH_TOKEN"]
            told = await asyncio.to_thread(ring, settings, token, metrics, as_data())
            return told, out.getvalue()

    told, written = asyncio.run(asyncio.wait_for(run(), 170))
    assert told == {"answered": True}
    assert json.loads(written)["SyntheticCallsAnswered"] == 1


def test_a_deployment_that_is_down_is_not_counted_and_the_steps_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    metrics, out = some_metrics()
    settings = SyntheticCallSettings("dev", "http://127.0.0.1:9", "AC" + "1" * 32)

    assert ring(settings, "token", metrics) == {"answered": False}

    assert out.getvalue() == ""
    (record,) = [each for each in caplog.records if "not answered" in each.message]
    assert "stream opened" in vars(record)["steps"]


def test_the_phone_brings_no_part_of_the_local_stack_with_it() -> None:
    program = (
        "import sys; import functions.synthetic_call.handler; "
        "print([m for m in sys.modules if m.startswith(('services.simulator.stack', 'boto3',"
        " 'services.media_bridge', 'ministack', 'twilio', 'stripe'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
