"""Each port twice: the fake, and the adapter over an AWS of its own.

moto answers inside the process and is quick, but its transactions break under threads; MiniStack
is a process of its own, whose transactions hold.
"""

import itertools
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from services.simulator.stack.aws import dynamodb, make_tables
from shared.actions import ports
from shared.actions.events.ports import Outbox
from shared.actions.office_devices import Devices
from shared.actions.stage_state import Admissions
from shared.adapters.dynamo.admissions import DynamoAdmissions
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.clips import DynamoClips
from shared.adapters.dynamo.customers import DynamoCustomers
from shared.adapters.dynamo.devices import DynamoDevices
from shared.adapters.dynamo.follow_ups import DynamoFollowUps
from shared.adapters.dynamo.inbox import DynamoInbox
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.outbox import DynamoOutbox
from shared.adapters.dynamo.payments import DynamoPayments
from shared.adapters.dynamo.texting import DynamoTexting
from shared.adapters.dynamo.turns import DynamoTurns
from tests.fakes import FakeDevices, FakeWorld

_prefixes = (f"test-{n}-" for n in itertools.count())


@dataclass(frozen=True, slots=True)
class Store:
    """The ports that are rows somewhere."""

    calls: ports.Calls
    turns: ports.Turns
    customers: ports.Customers
    jobs: ports.Jobs
    payments: ports.Payments
    follow_ups: ports.FollowUps
    inbox: ports.Inbox
    texting: ports.Texting
    clips: ports.Clips
    admissions: Admissions
    outbox: Outbox
    devices: Devices


def dynamo_store(client: Any, prefix: str) -> Store:
    return Store(
        calls=DynamoCalls(client, prefix),
        turns=DynamoTurns(client, prefix),
        customers=DynamoCustomers(client, prefix),
        jobs=DynamoJobs(client, prefix, keep_days=1096),
        payments=DynamoPayments(client, prefix, keep_days=2557),
        follow_ups=DynamoFollowUps(client, prefix),
        inbox=DynamoInbox(client, prefix),
        texting=DynamoTexting(client, prefix),
        clips=DynamoClips(client, prefix),
        admissions=DynamoAdmissions(client, prefix),
        outbox=DynamoOutbox(client, prefix),
        devices=DynamoDevices(client, prefix),
    )


@pytest.fixture
def moto_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("dynamodb", region_name="us-east-1")


@pytest.fixture(
    params=["fake", "moto", pytest.param("ministack", marks=pytest.mark.stack)],
)
def store(request: pytest.FixtureRequest) -> Store:
    """One contract, the fake and the adapter over two emulators."""
    if request.param == "fake":
        world = FakeWorld()
        return Store(
            calls=world.calls,
            turns=world.turns,
            customers=world.customers,
            jobs=world.jobs,
            payments=world.payments,
            follow_ups=world.follow_ups,
            inbox=world.inbox,
            texting=world.texting,
            clips=world.clips,
            admissions=world.admissions,
            outbox=world.outbox,
            devices=FakeDevices(),
        )
    if request.param == "moto":
        client, prefix = request.getfixturevalue("moto_client"), next(_prefixes)
        make_tables(client, prefix)
    else:
        client, prefix = request.getfixturevalue("ministack_tables")
    return dynamo_store(client, prefix)


@pytest.fixture
def ministack_tables(ministack_url: str) -> tuple[Any, str]:
    """A client of the running MiniStack, and the prefix of five empty tables there."""
    client, prefix = dynamodb(ministack_url), next(_prefixes)
    make_tables(client, prefix)
    return client, prefix


@pytest.fixture(scope="session")
def ministack_url() -> Iterator[str]:
    """MiniStack on a free port, ended with the session."""
    port = _free_port()
    program = Path(sys.executable).parent / "ministack"
    loopback = {"BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1"}
    process = subprocess.Popen(
        [str(program)],
        env={**os.environ, **loopback, "GATEWAY_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url, process)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"MiniStack ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/_ministack/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("MiniStack did not come up in a minute")
