"""The tables outlive mistakes: of an operator, of a deployment, of a loop that runs away."""

import json
from typing import Any

import pytest

from infra.config import NO_ACCOUNT, Stage, stage_of
from shared import schema
from tests.infra.conftest import Deployment

TABLE = "AWS::DynamoDB::GlobalTable"


@pytest.fixture(params=schema.TABLES)
def table(request: pytest.FixtureRequest, either: Deployment) -> dict[str, Any]:
    name = schema.table_name(either.stacks.stage.prefix, request.param)
    return either.templates["data"].one(TABLE, TableName=name)


def _here(table: dict[str, Any]) -> dict[str, Any]:
    (replica,) = table["Replicas"]
    found: dict[str, Any] = replica
    return found


def test_there_are_five_tables_and_no_more(either: Deployment) -> None:
    assert len(either.templates["data"].of(TABLE)) == len(schema.TABLES) == 5


def test_a_table_can_be_restored_and_a_failed_first_deployment_undone(
    table: dict[str, Any],
) -> None:
    here = _here(table)
    # `make deploy` protects it once the stage stands: before that it would block its own rollback.
    assert "DeletionProtectionEnabled" not in here
    assert here["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": 35,
    }


def test_a_table_stays_when_its_stack_goes(either: Deployment) -> None:
    for resource in either.templates["data"].body["Resources"].values():
        if resource["Type"] == "AWS::S3::BucketPolicy":
            continue
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_keys_and_index_are_those_of_the_code(either: Deployment) -> None:
    for name in schema.TABLES:
        physical = schema.table_name(either.stacks.stage.prefix, name)
        table = either.templates["data"].one(TABLE, TableName=physical)
        keys = [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]]
        assert keys == [(schema.PK, "HASH"), (schema.SK, "RANGE")]
        named = {a["AttributeName"]: a["AttributeType"] for a in table["AttributeDefinitions"]}
        assert named == dict.fromkeys(schema.attribute_definitions(name), "S")
        indexes = [i["IndexName"] for i in table.get("GlobalSecondaryIndexes", [])]
        assert indexes == ([schema.INDEXES[name]] if name in schema.INDEXES else [])


def test_rows_expire_by_the_attribute_the_code_writes(table: dict[str, Any]) -> None:
    ttl = table["TimeToLiveSpecification"]
    assert ttl == {"AttributeName": schema.TTL, "Enabled": True}


def test_a_table_is_paid_by_use_up_to_a_cap(table: dict[str, Any]) -> None:
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["WriteOnDemandThroughputSettings"]["MaxWriteRequestUnits"] == 2000
    assert _here(table)["ReadOnDemandThroughputSettings"]["MaxReadRequestUnits"] == 4000


def test_no_stream_is_paid_for_that_nobody_reads(table: dict[str, Any]) -> None:
    assert "StreamSpecification" not in table


def test_our_own_key_encrypts_where_it_was_chosen(dev: Deployment, full: Deployment) -> None:
    own = [t["SSESpecification"]["SSEType"] for t in full.templates["data"].of(TABLE).values()]
    assert own == ["KMS"] * 5
    (key,) = full.templates["data"].of("AWS::KMS::Key").values()
    assert key["EnableKeyRotation"] is True
    for table in full.templates["data"].of(TABLE).values():
        assert "KMSMasterKeyId" in _here(table)["SSESpecification"]
    assert not dev.templates["data"].of("AWS::KMS::Key")


def test_an_alarm_may_use_our_key(full: Deployment) -> None:
    (key,) = full.templates["data"].of("AWS::KMS::Key").values()
    services = [
        statement["Principal"].get("Service", []) for statement in key["KeyPolicy"]["Statement"]
    ]
    assert ["cloudwatch.amazonaws.com", "events.amazonaws.com"] in services


READERS = ("incoming", "stripe_webhook", "office", "follow_up", "deliver")


def test_what_owners_publish_is_kept_and_can_be_put_back(either: Deployment) -> None:
    data, stage = either.templates["data"], either.stacks.stage
    bucket = data.one("AWS::S3::Bucket")
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    # Nothing of it ever expires but what was replaced.
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] >= 365
    assert "ExpirationInDays" not in rule
    assert stage.business_store("") in json.dumps(bucket["BucketName"])


def test_every_reader_may_read_the_store_and_nobody_of_ours_may_write_it(
    either: Deployment,
) -> None:
    store = either.stacks.stage.business_store("")
    readers = 0
    for template in either.templates.values():
        for policy in template.of("AWS::IAM::Policy").values():
            of_store = [
                statement
                for statement in policy["PolicyDocument"]["Statement"]
                if store in json.dumps(statement["Resource"])
            ]
            actions = {str(statement["Action"]) for statement in of_store}
            assert actions <= {"s3:GetObject", "s3:ListBucket"}
            readers += bool(of_store)
    assert readers == len(READERS) + 1  # the bridge


def test_no_deployment_writes_into_the_store(either: Deployment) -> None:
    assert not either.templates["data"].of("Custom::CDKBucketDeployment")


def test_stages_of_one_account_stay_apart() -> None:
    names = {a_stage(name).business_store("111111111111") for name in ("dev", "staging", "prod")}
    assert len(names) == 3


def a_stage(name: str) -> Stage:
    given = {"twilio_account_sid": NO_ACCOUNT, "page": "a@b.example", "ticket": "a@b.example"}
    return stage_of(name, {name: given})
