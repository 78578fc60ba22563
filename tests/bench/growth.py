"""What a booking asks of the tables as a business grows: `python -m tests.bench.growth`.

Requests, and items read and written, of each tool over the real adapters and an emulated DynamoDB
that counts them, with 10, 1,000 and 20,000 jobs of the past and the same week ahead. Milliseconds
are left out: they would be the emulator's.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
from moto import mock_aws

from services.simulator.stack.aws import make_tables
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.customers import DynamoCustomers
from shared.adapters.dynamo.follow_ups import DynamoFollowUps
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.rows import pack, row_of
from shared.businesses import by_id
from shared.schema import JOBS, META, PK, SK
from shared.tools.dispatch import ToolDispatcher
from tests.examples import a_call, a_job
from tests.fakes import FakeWorld

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX, NOW = "growth-", datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
SIZES = (10, 1_000, 20_000)
AHEAD = 12  # jobs from tomorrow on; the last two of them are today's, and over
BATCH = 25
QUOTE = {"service_type": "repair", "description": "No cooling", "is_after_hours": True}
WINDOWS = {"service_type": "repair", "is_emergency": True, "preferred_date": None}
BOOKING = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "No cooling",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
}
STEPS: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("get_pricing_quote", QUOTE),
    ("check_availability", WINDOWS),
    ("book_appointment", BOOKING),
)


class Counted:
    """Requests of a client, and the items in them and in their answers."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.now: Counter[str] = Counter()
        client.meta.events.register("before-parameter-build.dynamodb", self._asked)
        client.meta.events.register("after-call.dynamodb", self._answered)

    def _asked(self, params: dict[str, Any], **_: object) -> None:
        writes = params.get("TransactItems", ())
        self.now["requests"] += 1
        self.now["written"] += len(writes) or ("Item" in params or "UpdateExpression" in params)

    def _answered(self, parsed: dict[str, Any], **_: object) -> None:
        self.now["read"] += len(parsed.get("Items", ())) + ("Item" in parsed)


def rows(jobs: int) -> Iterator[dict[str, Any]]:
    """Jobs of the past and ten of the week ahead, two a day, each with the two hours it holds."""
    for number in range(-AHEAD, jobs):
        start = NOW.replace(hour=12 + 2 * (number % 2), minute=0) - timedelta(days=1 + number // 2)
        job = a_job(f"old{number}", start, call_sid=f"CAold{number}")
        yield pack(row_of(job) | {PK: f"JOB#{job.job_id}", SK: META})
        for hour in job.window.hours:
            held = {PK: f"SLOT#{job.business_id}#{job.crew}", SK: f"{hour:%Y-%m-%dT%HZ}"}
            yield pack(held | {"job_id": job.job_id})


def fill(client: "DynamoDBClient", jobs: int) -> None:
    batch: list[Any] = []
    for row in rows(jobs):
        batch.append({"PutRequest": {"Item": row}})
        if len(batch) == BATCH:
            client.batch_write_item(RequestItems={PREFIX + JOBS: batch})
            batch = []
    if batch:
        client.batch_write_item(RequestItems={PREFIX + JOBS: batch})


def measured(jobs: int) -> list[tuple[str, Counter[str]]]:
    """What one call's tools ask for, at a business with so many jobs behind it."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_tables(client, PREFIX)
        fill(client, jobs)
        counted = Counted(client)
        world = FakeWorld()
        ports = replace(
            world.ports,
            calls=DynamoCalls(client, PREFIX),
            customers=DynamoCustomers(client, PREFIX),
            jobs=DynamoJobs(client, PREFIX),
            follow_ups=DynamoFollowUps(client, PREFIX),
        )
        business = by_id("coolcare_hvac")
        assert business is not None
        ports.calls.open(a_call(started_at=NOW))
        tools = ToolDispatcher(business, "CA1", "+15551230000", ports, "https://bench.example.com")
        found = []
        for name, arguments in STEPS:
            counted.now = Counter()
            confirmed = frozenset({"name", "phone", "address", "terms"})
            reply = tools.use(name, arguments, confirmed=confirmed, now=NOW, real_now=NOW)
            if "error" in reply.output:
                raise SystemExit(f"{name} was refused: {reply.output}")
            found.append((name, counted.now))
        return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=list(SIZES))
    given = parser.parse_args()
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")
    print("| jobs | tool | requests | items read | items written |\n|---|---|---|---|---|")
    seen: dict[str, set[tuple[int, int, int]]] = {}
    for jobs in given.jobs:
        for name, of in measured(jobs):
            of_size = (of["requests"], of["read"], of["written"])
            seen.setdefault(name, set()).add(of_size)
            print(f"| {jobs:,} | {name} | {' | '.join(map(str, of_size))} |")
    grown = [name for name, sizes in seen.items() if len(sizes) > 1]
    print("\nthe same at every size" if not grown else f"\ngrows: {', '.join(grown)}")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
