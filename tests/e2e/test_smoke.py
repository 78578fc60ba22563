"""The smoke command: against the local stack as CI runs it, and as it rings a deployment."""

import asyncio

import pytest

from infra.ops.deploy import NOT_ANSWERED
from services.simulator.cli.main import main
from services.simulator.smoke.checks import CallRows, SmokeStep
from services.simulator.smoke.ringing import SENTENCE, Target, against, report
from services.simulator.speech import open_speech
from services.simulator.speech.textline import encode
from services.simulator.stack.local import Stack
from tests.e2e.playing import command
from tests.e2e.world import AT, COOLCARE

pytestmark = pytest.mark.stack


def test_the_command_passes_against_the_local_stack_and_says_what_came_back() -> None:
    done = command("smoke", "--local", timeout_s=150)

    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("answered", "stream opened", "disclosed", "1 booked, released", "PASSED"):
        assert said in done.stdout
    assert "FAILED" not in done.stdout


async def _rung(stack: Stack, *, auth_token: str = "") -> list[SmokeStep]:
    loop = asyncio.get_running_loop()

    def read(call_sid: str) -> CallRows:
        rows = asyncio.run_coroutine_threadsafe(stack.rows(), loop).result(20)
        return CallRows.of(call_sid, rows)

    network = stack.network
    token = auth_token or network.account.auth_token
    target = Target(stack.public_url, COOLCARE, network.account.sid, token, read)
    return await against(target, lambda _: None, encode(SENTENCE))


def test_a_deployment_is_rung_by_a_phone_that_understands_nothing() -> None:
    async def run() -> tuple[list[SmokeStep], bool]:
        async with Stack(open_speech("text"), at=AT) as stack:
            return await _rung(stack), not stack.network.sms.taken

    steps, silent = asyncio.run(asyncio.wait_for(run(), 150))
    assert [step.what for step in steps if not step.ok] == []
    assert {"answered", "agent answered", "call row", "no window held"} <= {s.what for s in steps}
    assert silent


def test_a_deployment_that_does_not_know_our_token_fails_the_smoke(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def run() -> list[SmokeStep]:
        async with Stack(open_speech("text"), at=AT, speed=20) as stack:
            network = stack.network
            target = Target(stack.public_url, COOLCARE, network.account.sid, "another")
            return await against(target, lambda _: None, encode(SENTENCE))

    steps = asyncio.run(asyncio.wait_for(run(), 150))
    assert report(steps, print) is False
    said = capsys.readouterr().out
    assert "403" in said
    assert "FAILED: answered" in said


def test_a_deployment_that_does_not_answer_has_a_status_that_make_deploy_knows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "token")
    nobody = ["smoke", "--base-url", "http://127.0.0.1:9", "--business", "coolcare_hvac"]
    assert main(nobody) == NOT_ANSWERED
    assert "FAILED: answered, stream opened" in capsys.readouterr().out
