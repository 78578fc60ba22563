"""Log lines of one call, from a file and from CloudWatch."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from services.operator.where.logs import CloudWatchLog, FileLog
from services.operator.where.trouble import CannotTell

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_the_file_gives_the_lines_that_name_the_call_and_the_metrics_of_its_time(
    tmp_path: Path,
) -> None:
    def line(text: str, after_s: int) -> str:
        return json.dumps({"at": (AT + timedelta(seconds=after_s)).isoformat(), "line": text})

    file = tmp_path / "stack.log"
    lines = [line("of CA1", -60), line("of CA2", 0), line('{"_aws":1}', 1), line('{"_aws":2}', 60)]
    file.write_text("\n".join([*lines, '{"at": "CA1 half', "CA1", "7 CA1"]) + "\n\xff")
    found = FileLog(file).of("CA1", AT, AT + timedelta(seconds=5))
    assert [each.text for each in found] == ["of CA1", '{"_aws":1}']


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match=r"stack\.log: No such file"):
        list(FileLog(tmp_path / "stack.log").of("CA1", AT, AT))


def test_cloudwatch_is_asked_in_every_group_of_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("logs", region_name="us-east-1")
        groups = ("/aws/lambda/callwright-dev-incoming", "/callwright/dev/media-bridge",
                  "/aws/lambda/callwright-prod-incoming")  # fmt: skip
        for group in groups:
            client.create_log_group(logGroupName=group)
            client.create_log_stream(logGroupName=group, logStreamName="s")
            client.put_log_events(
                logGroupName=group, logStreamName="s",
                logEvents=[{"timestamp": round(AT.timestamp() * 1000), "message": "CA1 x"},
                           {"timestamp": round(AT.timestamp() * 1000), "message": "CA2 y"}],
            )  # fmt: skip
        found = [
            (each.source, each.text) for each in CloudWatchLog(client, "dev").of("CA1", AT, AT)
        ]
    assert found == [("incoming", "CA1 x"), ("media-bridge", "CA1 x")]
