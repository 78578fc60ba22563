"""What the analytics stack means: what is exported, who may read it, what Athena is told."""

import base64
import json
import re
from typing import Any

import sqlglot
from sqlglot import exp

from infra.constructs.storage.catalog import struct
from services.analytics.views import KPIS, ROWS, all_views
from shared import schema
from shared.businesses import all_businesses
from shared.rows import attributes
from tests.infra.conftest import Deployment, Template

VIEW = re.compile(r"/\* Presto View: (\S+) \*/")


def _analytics(deployment: Deployment) -> Template:
    return deployment.templates["analytics"]


def _flat(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _tables(deployment: Deployment) -> dict[str, dict[str, Any]]:
    found = _analytics(deployment).of("AWS::Glue::Table").values()
    return {table["TableInput"]["Name"]: table["TableInput"] for table in found}


def _statements(template: Template, role: str) -> list[dict[str, Any]]:
    """Of every policy of the roles whose logical id begins so."""
    return [
        statement
        for policy in template.of("AWS::IAM::Policy").values()
        if any(ref["Ref"].startswith(role) for ref in policy["Roles"])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


# -- exports --------------------------------------------------------------------------------------


def test_every_table_is_exported_once_a_day_to_a_folder_of_its_own(either: Deployment) -> None:
    schedules = _analytics(either).of("AWS::Scheduler::Schedule").values()

    folders = []
    for schedule in schedules:
        assert re.fullmatch(r"cron\(\d+ 8 \* \* \? \*\)", schedule["ScheduleExpression"])
        target = schedule["Target"]
        assert target["Arn"] == "arn:aws:scheduler:::aws-sdk:dynamodb:exportTableToPointInTime"
        asked = _flat(target["Input"])
        assert "<aws.scheduler.execution-id>" in asked  # a retry is not another export
        assert "DYNAMODB_JSON" in asked
        folders += re.findall(r"exports/([a-z_]+)", asked)
        assert target["DeadLetterConfig"]
    assert sorted(folders) == sorted(schema.TABLES)


def test_a_schedule_may_export_one_table_into_its_folder_and_nothing_else(
    either: Deployment,
) -> None:
    template = _analytics(either)
    for table in schema.TABLES:
        title = table.title().replace("_", "")
        statements = _statements(template, f"Exports{title}Role")
        actions = {
            action
            for statement in statements
            for action in (
                [statement["Action"]]
                if isinstance(statement["Action"], str)
                else statement["Action"]
            )
        }
        assert {a for a in actions if not a.startswith("kms:")} == {
            "dynamodb:ExportTableToPointInTime",
            "s3:AbortMultipartUpload",
            "s3:PutObject",
            "s3:PutObjectAcl",
            "sqs:SendMessage",
        }
        resources = _flat([s["Resource"] for s in statements])
        assert f"/exports/{table}/*" in resources
        assert '"*"' not in resources


def test_only_the_scheduler_of_this_account_may_take_these_roles(either: Deployment) -> None:
    roles = _analytics(either).of("AWS::IAM::Role")
    exporters = [role for id, role in roles.items() if id.startswith("Exports")]

    assert len(exporters) == len(schema.TABLES)
    for role in exporters:
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
        assert "aws:SourceAccount" in trust["Condition"]["StringEquals"]


def test_the_buckets_are_locked_and_outlive_the_stack(either: Deployment) -> None:
    template = _analytics(either)
    buckets = template.of("AWS::S3::Bucket")
    assert len(buckets) == 3
    for id, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["BucketEncryption"]
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert all("ExpirationInDays" in rule for rule in rules)
        assert all("NoncurrentVersionExpiration" in rule for rule in rules)
        assert template.body["Resources"][id]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert ("LoggingConfiguration" in bucket) == ("Logs" not in id)
    for policy in template.of("AWS::S3::BucketPolicy").values():
        denied = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
        assert any(s["Condition"].get("Bool", {}).get("aws:SecureTransport") for s in denied)


def test_exports_are_kept_as_long_as_the_stage_says(dev: Deployment, full: Deployment) -> None:
    for deployment in (dev, full):
        bucket = _export_bucket(deployment)
        (rule,) = bucket["LifecycleConfiguration"]["Rules"]
        assert rule["ExpirationInDays"] == deployment.stacks.stage.export_days


def test_with_a_key_of_ones_own_everything_is_encrypted_with_it(full: Deployment) -> None:
    template = _analytics(full)
    kinds = {
        id: bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
            "ServerSideEncryptionByDefault"
        ]["SSEAlgorithm"]
        for id, bucket in template.of("AWS::S3::Bucket").items()
    }
    # S3 writes its logs with its own key alone.
    assert sorted(kinds.values()) == ["AES256", "aws:kms", "aws:kms"]
    for schedule in template.of("AWS::Scheduler::Schedule").values():
        assert "S3SseKmsKeyId" in _flat(schedule["Target"]["Input"])
    assert "kms:GenerateDataKey" in _flat(_statements(template, "ExportsCallsRole"))


def _export_bucket(deployment: Deployment) -> dict[str, Any]:
    buckets = _analytics(deployment).of("AWS::S3::Bucket")
    (found,) = (b for b in buckets.values() if "NotificationConfiguration" in b)
    assert found["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    return found


# -- indexing -------------------------------------------------------------------------------------


def test_a_finished_export_wakes_the_function_and_a_failure_is_kept(either: Deployment) -> None:
    template = _analytics(either)
    (rule,) = template.of("AWS::Events::Rule").values()
    pattern = rule["EventPattern"]
    assert pattern["source"] == ["aws.s3"]
    assert pattern["detail-type"] == ["Object Created"]
    assert pattern["detail"]["object"]["key"] == [{"wildcard": "exports/*/manifest-summary.json"}]
    (target,) = rule["Targets"]
    assert "IndexExportLive" in _flat(target["Arn"])
    assert target["DeadLetterConfig"]
    (retries,) = template.of("AWS::Lambda::EventInvokeConfig").values()
    assert retries["MaximumRetryAttempts"] == 2
    assert retries["DestinationConfig"]["OnFailure"]


def test_the_function_may_read_manifests_and_write_partitions_of_its_tables(
    either: Deployment,
) -> None:
    statements = _statements(_analytics(either), "IndexExportRole")
    allowed = {
        action: _flat(statement["Resource"])
        for statement in statements
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }

    assert "/exports/*/manifest-summary.json" in allowed["s3:GetObject"]
    assert {a for a in allowed if a.startswith("glue:")} == {
        "glue:BatchUpdatePartition",
        "glue:CreatePartition",
        "glue:GetPartition",
        "glue:GetTable",
        "glue:UpdatePartition",
    }
    for table in schema.TABLES:
        assert f"/exported_{table}" in allowed["glue:CreatePartition"]
    assert not {"s3:PutObject", "s3:DeleteObject", "glue:UpdateTable"} & allowed.keys()


def test_the_function_is_told_its_database(either: Deployment) -> None:
    (function,) = _analytics(either).of("AWS::Lambda::Function").values()
    stage = either.stacks.stage.name

    assert function["Environment"]["Variables"] == {
        "STAGE": stage,
        "GLUE_DATABASE": f"callwright_{stage}",
    }


# -- what analysts see ----------------------------------------------------------------------------


def test_the_raw_tables_have_every_attribute_and_one_partition_a_day(either: Deployment) -> None:
    tables = _tables(either)
    for table in schema.TABLES:
        raw = tables[f"exported_{table}"]
        assert [key["Name"] for key in raw["PartitionKeys"]] == ["snapshot_date"]
        (column,) = raw["StorageDescriptor"]["Columns"]
        assert column == {"Name": "item", "Type": struct(attributes(table))}
        serde = raw["StorageDescriptor"]["SerdeInfo"]
        assert serde["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
        assert serde["Parameters"]["case.insensitive"] == "TRUE"


def test_a_row_of_an_export_has_the_type_that_glue_is_told() -> None:
    told = struct(attributes(schema.JOBS))

    assert told.startswith("struct<pk:struct<s:string>,sk:struct<s:string>,job_id:struct<s:string>")
    assert "window:struct<m:struct<start:struct<s:string>,end:struct<s:string>>>" in told
    assert "notes:struct<l:array<struct<s:string>>>" in told
    assert "deposit_paid:struct<bool:boolean>" in told
    assert told.count("<") == told.count(">")


def test_every_view_is_there_as_athena_keeps_one(either: Deployment) -> None:
    """A difference between the two lists of columns makes Athena call the view stale."""
    tables = _tables(either)
    views = all_views(all_businesses())
    assert {*ROWS, *KPIS} <= tables.keys()

    for view in views:
        made = tables[view.name]
        assert made["TableType"] == "VIRTUAL_VIEW"
        assert made["Parameters"] == {"presto_view": "true", "comment": "Presto View"}
        assert made["ViewExpandedText"] == "/* Presto View */"
        found = VIEW.fullmatch(made["ViewOriginalText"])
        assert found
        told = json.loads(base64.b64decode(found[1], validate=True))
        assert told["originalSql"] == view.sql
        assert told["catalog"] == "awsdatacatalog"
        assert told["schema"] == f"callwright_{either.stacks.stage.name}"
        as_glue = {"varchar": "string", "timestamp(3)": "timestamp"}
        columns = [(c["name"], as_glue.get(c["type"], c["type"])) for c in told["columns"]]
        kept = made["StorageDescriptor"]["Columns"]
        assert columns == [(c["Name"], c["Type"]) for c in kept]
        assert all(0 < len(c["Comment"]) <= 255 for c in kept)


def test_a_view_names_only_tables_that_are_in_the_catalog(either: Deployment) -> None:
    tables = _tables(either)
    for view in all_views(all_businesses()):
        query = sqlglot.parse_one(view.sql, read="athena")
        own = {cte.alias for cte in query.find_all(exp.CTE)}
        used = {table.name for table in query.find_all(exp.Table)} - own
        assert used <= tables.keys(), view.name


def test_a_query_can_neither_scan_nor_write_as_it_likes(either: Deployment) -> None:
    template = _analytics(either)
    (group,) = template.of("AWS::Athena::WorkGroup").values()
    settings = group["WorkGroupConfiguration"]

    assert settings["EnforceWorkGroupConfiguration"] is True
    assert settings["BytesScannedCutoffPerQuery"] == 10 * 1024**3
    assert settings["EngineVersion"]["SelectedEngineVersion"] == "Athena engine version 3"
    result = settings["ResultConfiguration"]
    assert "/results/" in _flat(result["OutputLocation"])
    assert result["EncryptionConfiguration"]["EncryptionOption"] in ("SSE_S3", "SSE_KMS")


def test_analysts_find_what_they_need_in_the_outputs(either: Deployment) -> None:
    assert {"ExportBucket", "Workgroup", "GlueDatabase"} <= _analytics(either).body[
        "Outputs"
    ].keys()
