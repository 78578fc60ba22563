"""The bridge as a process, from environment variables alone, with everything around it dead."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest

from services.media_bridge.__main__ import _again
from shared.domain.stream_token import mint
from tests.unit.services.media_bridge.world import (
    AUTH_TOKEN,
    CALLER,
    MEDIA_URL,
    SECRET,
    Phone,
    played,
)

DEAD = "http://127.0.0.1:9"
ENVIRON = {
    "PATH": os.environ["PATH"],
    "STAGE": "local",
    "MEDIA_URL": MEDIA_URL,
    "PUBLIC_BASE_URL": DEAD,
    "OPENAI_API_KEY": "sk",
    "OPENAI_BASE_URL": f"{DEAD}/v1",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    "STRIPE_API_KEY": "sk",
    "STREAM_TOKEN_SECRET": SECRET,
    "AWS_ENDPOINT_URL": DEAD,
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "BIND": "127.0.0.1",
    "PORT": "0",
}


@asynccontextmanager
async def running(
    *argv: str, **environ: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """The process and the port it took."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.media_bridge",
        *argv,
        env=ENVIRON | environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        first = json.loads(await asyncio.wait_for(process.stderr.readline(), 15))
        assert first["message"] == "listening"
        yield process, first["port"]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_answers_and_ends_cleanly(number: int, tmp_path: Path) -> None:
    async def scenario() -> None:
        journals = tmp_path / "journals"
        async with (
            running(JOURNAL_DIR=str(journals)) as (process, port),
            aiohttp.ClientSession() as web,
        ):
            async with web.get(f"http://127.0.0.1:{port}/healthz") as answer:
                assert answer.status == HTTPStatus.OK
            process.send_signal(number)
            out, _ = await asyncio.wait_for(process.communicate(), 10)

            assert process.returncode == 0
            told = [json.loads(line) for line in out.splitlines()]
            assert [line["ActiveCalls"] for line in told if "ActiveCalls" in line] == [0]
            assert journals.is_dir()

    played(scenario)


def test_with_dead_tables_a_caller_is_let_go_at_once_and_stdout_holds_only_metrics() -> None:
    async def scenario() -> None:
        async with running() as (process, port), aiohttp.ClientSession() as web:
            phone = await Phone(f"ws://127.0.0.1:{port}/media", web, 1).open()
            token = mint(
                SECRET,
                call_sid=phone.call_sid,
                business_id="coolcare_hvac",
                caller=CALLER,
                synthetic=False,
                expires=int(datetime.now(UTC).timestamp()) + 100,
                nonce="n",
            )
            await phone.start(token)
            await asyncio.wait_for(phone.closed.wait(), 10)
            await phone.drop()
            process.send_signal(signal.SIGTERM)
            out, err = await asyncio.wait_for(process.communicate(), 10)

            assert process.returncode == 0
            metrics = [json.loads(line) for line in out.splitlines()]
            assert all("_aws" in line for line in metrics)
            assert sum(line.get("CallsEndedAbnormally", 0) for line in metrics) == 1
            logged = [json.loads(line) for line in err.splitlines()]
            assert any(line.get("call_sid") == phone.call_sid for line in logged)
            assert CALLER not in err.decode()
            assert token not in err.decode()

    played(scenario)


def test_with_debug_the_log_tells_what_came_in_and_what_was_done() -> None:
    async def scenario() -> None:
        async with running("--debug") as (process, port), aiohttp.ClientSession() as web:
            phone = await Phone(f"ws://127.0.0.1:{port}/media", web, 1).open()
            await phone.start("no token at all")
            await asyncio.wait_for(phone.closed.wait(), 10)
            await phone.drop()
            process.send_signal(signal.SIGTERM)
            _, err = await asyncio.wait_for(process.communicate(), 10)

            lines = [json.loads(line) for line in err.splitlines()]
            told = {(line["message"], line.get("event", line.get("command"))) for line in lines}
            assert {("< event", "LineOpened"), ("> command", "RedeemToken")} <= told
            assert {("< event", "TokenRefused"), ("> command", "EndCall")} <= told
            assert "no token at all" not in err.decode()

    played(scenario)


def test_clips_are_tried_again_after_longer_and_longer_pauses() -> None:
    tries, pauses = iter([False] * 8 + [True]), list[float]()

    async def work() -> bool:
        return next(tries)

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    asyncio.run(_again(work, 60, 3600, sleep))
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]
