"""Whoever is told, or tells, is killed and started anew: every event comes, in order per job."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from services.simulator.stack.processes import free_port
from tests.contracts.conftest import dynamo_store, ministack_tables, ministack_url
from tests.e2e.consumer import SECRET
from tests.examples import BUSINESSES, NOW, TONIGHT, a_customer, a_job

__all__ = ["ministack_tables", "ministack_url"]

pytestmark = pytest.mark.stack

TOLD = """
[[integrations.webhooks]]
name = "board"
url = "{url}"
secret = "board-key"
"""
JOBS = 6
HOUR = timedelta(hours=1)
NEVER = 1_000
# For each run: after how many the consumer dies, and after how many more the function is killed.
DEATHS = ((4, NEVER), (NEVER, 3), (2, NEVER))
MOST_RUNS = 10
WITHIN_S = 20


def run(*words: str, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.consumer", *words],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
    )


def one_run(
    port: int, dies_after: int, killed_after: int, at: datetime, **environ: str
) -> list[str]:
    """What a consumer took in one run of the function; either may be killed."""
    consumer = run("take", str(port), str(dies_after), at.isoformat())
    assert consumer.stdout is not None and consumer.stdout.readline() == "ready\n"
    telling = run("tell", at.isoformat(), **environ)
    taken: list[str] = []
    if killed_after < NEVER:
        taken = [consumer.stdout.readline().strip() for _ in range(killed_after)]
        telling.kill()
    telling.communicate(timeout=WITHIN_S)
    consumer.kill()
    more, _ = consumer.communicate(timeout=WITHIN_S)
    return taken + more.split()


def booked_moved_and_called_off(client: Any, prefix: str) -> dict[str, list[str]]:
    """Six jobs, three events each; by job their ids in order."""
    jobs = dynamo_store(client, prefix).jobs
    for n in range(JOBS):
        job = a_job(f"job{n}", start=TONIGHT + 8 * n * HOUR)
        moved = a_job(f"job{n}", start=TONIGHT + (8 * n + 3) * HOUR, version=1)
        jobs.book(job, a_customer())
        jobs.move(job, moved)
        assert jobs.cancel(moved, at=NOW)
    what = ("0:created", "1:rescheduled", "1:cancelled")
    return {f"job{n}": [f"evt:job{n}:{each}" for each in what] for n in range(JOBS)}


def test_every_event_comes_at_least_once_and_in_order_per_job(
    ministack_tables: tuple[Any, str], ministack_url: str, tmp_path: Path
) -> None:
    port = free_port()
    own = (BUSINESSES / "coolcare_hvac.toml").read_text("utf-8")
    told = TOLD.format(url=f"http://127.0.0.1:{port}/events")
    (tmp_path / "coolcare_hvac.toml").write_text(own + told, "utf-8")
    wanted = booked_moved_and_called_off(*ministack_tables)
    environ = {
        "STAGE": "local",
        "TABLE_PREFIX": ministack_tables[1],
        "PUBLIC_BASE_URL": "https://callwright.test",
        "AWS_ENDPOINT_URL": ministack_url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "BUSINESSES_DIR": str(tmp_path),
        "BUSINESS_SECRET_BOARD_KEY": SECRET,
        "WEBHOOKS_TO_LOOPBACK": "on",
    }
    at, taken = datetime.now(UTC) + timedelta(seconds=5), list[str]()
    for dies_after, killed_after in (*DEATHS, *[(NEVER, NEVER)] * MOST_RUNS):
        taken += one_run(port, dies_after, killed_after, at, **environ)
        at += HOUR
        if {each for ids in wanted.values() for each in ids} == set(taken):
            break

    for job, ids in wanted.items():
        theirs = [each for each in taken if each.split(":")[1] == job]
        assert [each for each, _ in groupby(theirs)] == ids, job
    assert len(taken) > JOBS * 3  # what died before it answered, or noted it, came again
