"""The tables outlive mistakes: of an operator, of a deployment, of a loop that runs away."""

from typing import Any

import pytest

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


def test_no_stack_is_protected_before_it_stands(dev: Deployment, full: Deployment) -> None:
    """The CLI sets it before the first change set, and a failed first deployment then stays."""
    for stacks in (dev.stacks, full.stacks):
        for each in (stacks.data, stacks.media, stacks.api, stacks.analytics, stacks.observability):
            assert each is not None and each.termination_protection is False
