"""`make deploy`: refuses what is not ready, and puts back what its smoke call finds wanting."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from infra.ops.deploy import FUNCTIONS, KEPT, Operator, deploy, protect, prune, running
from infra.ops.stage import Unready
from shared import schema
from tests.infra.ops.test_doctor import Shop, shop

__all__ = ["shop"]

pytestmark = pytest.mark.stack
TASK = "callwright-dev-bridge"


class Steps:
    """The other programs: what was run, and which of them fails."""

    def __init__(self, fails: str = "", then: Any = None) -> None:
        self.ran: list[str] = []
        self.said: list[str] = []
        self._fails, self._then = fails, then

    def run(self, command: Sequence[str]) -> int:
        line = " ".join(command)
        self.ran.append(line)
        if "cdk" in line and self._then:
            self._then()
        return int(bool(self._fails) and self._fails in line)

    @property
    def operator(self) -> Operator:
        return Operator(self.run, self.said.append)


def _zip(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("index.py", f"def handler(event, context):\n    return {text!r}\n")
    return held.getvalue()


class Standing:
    """A stage that was deployed: functions with an alias, a service, a table."""

    def __init__(self, session: Any) -> None:
        self.lambda_, self.ecs = session.client("lambda"), session.client("ecs")
        self.tables = session.client("dynamodb")

    def make(self) -> None:
        for name in FUNCTIONS:
            function = f"callwright-dev-{name}"
            self.lambda_.create_function(
                FunctionName=function,
                Runtime="python3.13",
                Role="arn:aws:iam::000000000000:role/x",
                Handler="index.handler",
                Code={"ZipFile": _zip("1")},
            )
            version = self.lambda_.publish_version(FunctionName=function)["Version"]
            self.lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion=version)
        self.ecs.create_cluster(clusterName=TASK)
        self.ecs.create_service(
            cluster=TASK, serviceName=TASK, taskDefinition=self.task(), desiredCount=0
        )
        self.tables.create_table(
            TableName=schema.table_name("callwright-dev-", schema.CALLS),
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def task(self) -> str:
        made = self.ecs.register_task_definition(
            family=TASK, containerDefinitions=[{"name": "bridge", "image": "x", "memory": 128}]
        )
        return str(made["taskDefinition"]["taskDefinitionArn"])

    def a_new_version(self) -> None:
        """What cdk does."""
        for name in FUNCTIONS:
            function = f"callwright-dev-{name}"
            self.lambda_.update_function_code(
                FunctionName=function, ZipFile=_zip(f"{len(self.versions(name))}")
            )
            version = self.lambda_.publish_version(FunctionName=function)["Version"]
            self.lambda_.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
        self.ecs.update_service(cluster=TASK, service=TASK, taskDefinition=self.task())

    def versions(self, name: str) -> list[str]:
        found = self.lambda_.list_versions_by_function(FunctionName=f"callwright-dev-{name}")
        return [each["Version"] for each in found["Versions"] if each["Version"] != "$LATEST"]

    def remove(self) -> None:
        for name in FUNCTIONS:
            self.lambda_.delete_function(FunctionName=f"callwright-dev-{name}")
        self.ecs.delete_service(cluster=TASK, service=TASK, force=True)
        self.ecs.delete_cluster(cluster=TASK)
        table = schema.table_name("callwright-dev-", schema.CALLS)
        self.tables.update_table(TableName=table, DeletionProtectionEnabled=False)
        self.tables.delete_table(TableName=table)


@pytest.fixture
def standing(aws: Any) -> Iterator[Standing]:
    stands = Standing(aws)
    stands.make()
    yield stands
    stands.remove()


def test_a_stage_that_is_not_ready_is_refused_before_anything_is_run(shop: Shop) -> None:
    shop.docker = None
    steps = Steps()
    with pytest.raises(Unready, match="nothing was deployed"):
        deploy(shop.patient, steps.operator)
    assert steps.ran == []
    assert any("Docker" in line for line in steps.said)


def test_the_smoke_call_is_the_last_step(shop: Shop, standing: Standing) -> None:
    steps = Steps(then=standing.a_new_version)
    assert deploy(shop.patient, steps.operator) is True
    assert "cdk deploy --all --strict -c stage=dev" in steps.ran[0]
    assert "services.simulator smoke --stage dev" in steps.ran[-1]
    assert len(steps.ran) == 2


def test_a_smoke_call_that_fails_brings_back_what_carried_the_calls(
    shop: Shop, standing: Standing
) -> None:
    before = running(shop.patient.aws)
    steps = Steps(fails="smoke", then=standing.a_new_version)

    assert deploy(shop.patient, steps.operator) is False

    after = running(shop.patient.aws)
    assert after == before
    assert len(before.versions) == len(FUNCTIONS) and before.task
    assert any("back to version 1" in line for line in steps.said)


def test_cdk_that_fails_is_told_and_no_call_is_placed(shop: Shop, standing: Standing) -> None:
    steps = Steps(fails="cdk")
    with pytest.raises(Unready, match="rolled it back"):
        deploy(shop.patient, steps.operator)
    assert len(steps.ran) == 1


def test_functions_are_deployed_without_waiting_for_the_bridge(
    shop: Shop, standing: Standing
) -> None:
    steps = Steps()
    deploy(shop.patient, steps.operator, only="functions")
    assert "deploy --exclusively callwright-dev-api --strict" in steps.ran[0]


def test_before_the_first_deployment_nothing_runs(shop: Shop) -> None:
    before = running(shop.patient.aws)
    assert (before.versions, before.task) == ({}, None)


def test_tables_are_protected_once_the_stage_stands(shop: Shop, standing: Standing) -> None:
    table = schema.table_name("callwright-dev-", schema.CALLS)
    for _ in range(2):
        protect(shop.patient.aws, print)
        found = standing.tables.describe_table(TableName=table)["Table"]
        assert found["DeletionProtectionEnabled"] is True


def test_old_versions_go_and_the_live_one_stays(shop: Shop, standing: Standing) -> None:
    for _ in range(KEPT + 2):
        standing.a_new_version()
    standing.lambda_.update_alias(
        FunctionName="callwright-dev-incoming", Name="live", FunctionVersion="1"
    )
    prune(shop.patient.aws, print)
    assert len(standing.versions("follow-up")) == KEPT
    assert "1" in standing.versions("incoming")
    assert (
        json.dumps(standing.versions("incoming")).count(",") == KEPT
    )  # the five, and the live one
