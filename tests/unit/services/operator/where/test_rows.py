"""Rows of a stage, by key and index."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import NoCredentialsError, NoRegionError
from moto import mock_aws

from services.operator.where.rows import StageRows, months
from services.operator.where.trouble import CannotTell, of_aws
from services.simulator.stack.aws import make_tables, put

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
PREFIX = "callwright-dev-"


def call(sid: str, at: datetime, business: str = "mine") -> dict[str, object]:
    stamp = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {
        "pk": f"CALL#{sid}", "sk": "META", "call_sid": sid, "started_at": stamp,
        "gsi1pk": f"BIZ#{business}#{at:%Y-%m}", "gsi1sk": stamp,
    }  # fmt: skip


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[StageRows]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_tables(client, PREFIX)
        put(client, PREFIX, "calls", [
            call("CAold", AT - timedelta(days=30)), call("CAlast", AT - timedelta(hours=2)),
            call("CAnew", AT), call("CAother", AT, "other"),
        ])  # fmt: skip
        put(client, PREFIX, "jobs", [
            {"pk": "CALL#CAnew", "sk": "JOB#j1", "job_id": "j1"},
            {"pk": "JOB#j1", "sk": "META", "job_id": "j1", "estimate": 82500},
            {"pk": "FOLLOWUP#text:CAnew:hazard:0", "sk": "FOLLOWUP", "gsi1pk": "FOLLOWUP",
             "gsi1sk": "2026", "follow_up_id": "text:CAnew:hazard:0"},
            {"pk": "FOLLOWUP#text:CAold:hazard:0", "sk": "FOLLOWUP", "gsi1pk": "FOLLOWUP",
             "gsi1sk": "2026", "follow_up_id": "text:CAold:hazard:0"},
        ])  # fmt: skip
        put(client, PREFIX, "payments", [
            {"pk": "PAY#p1", "sk": "META", "gsi1pk": "JOB#j1", "gsi1sk": "1", "amount": 20600},
        ])  # fmt: skip
        yield StageRows(client, PREFIX)


def test_the_calls_of_a_time_are_a_business_s_own_the_oldest_first(rows: StageRows) -> None:
    found = [row["call_sid"] for row in rows.calls("mine", AT - timedelta(days=1), AT)]
    assert found == ["CAlast", "CAnew"]


def test_a_time_over_two_months_asks_for_both(rows: StageRows) -> None:
    found = [row["call_sid"] for row in rows.calls("mine", AT - timedelta(days=31), AT)]
    assert found == ["CAold", "CAlast", "CAnew"]


def test_months_go_over_the_year() -> None:
    ends = (datetime(2025, 11, 30, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    assert list(months(*ends)) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_all_that_a_call_left_is_found(rows: StageRows) -> None:
    left = rows.of("CAnew")
    assert left.call is not None
    assert [job["estimate"] for job in left.jobs] == [82500]
    assert [payment["amount"] for payment in left.payments] == [20600]
    assert [row["follow_up_id"] for row in left.waiting] == ["text:CAnew:hazard:0"]


def test_a_call_that_never_was_is_none(rows: StageRows) -> None:
    assert rows.of("CAnone").call is None


def test_a_stage_that_is_not_deployed_is_said_in_one_line(rows: StageRows) -> None:
    other = StageRows(boto3.client("dynamodb", region_name="us-east-1"), "callwright-prod-")
    with pytest.raises(CannotTell, match="callwright-prod-calls: there is none"):
        other.of("CAnew")


def test_what_is_missing_of_your_own_set_up_is_named() -> None:
    assert "region" in str(of_aws(NoRegionError(), "x"))
    assert "credentials" in str(of_aws(NoCredentialsError(), "x"))
