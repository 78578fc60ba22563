"""`make deploy`: refuses what is not ready, and puts back what its smoke call finds wanting."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from infra.ops.deploy import KEPT, Operator, deploy, protect, prune
from infra.ops.live import FUNCTIONS, Before, put_back, running
from infra.ops.stage import Unready
from shared import schema
from tests.infra.ops.test_doctor import Shop, shop

__all__ = ["shop"]

pytestmark = pytest.mark.stack
TASK = "callwright-dev-bridge"


class Steps:
    """The other programs: what was run, and which of them fails."""

    def __init__(self, fails: str = "", then: Any = None, status: int = 1) -> None:
        self.ran: list[str] = []
        self.said: list[str] = []
        self._fails, self._then, self._status = fails, then, status

    def run(self, command: Sequence[str]) -> int:
        line = " ".join(command)
        self.ran.append(line)
        if "cdk" in line and self._then:
            self._then()
        return self._status if self._fails and self._fails in line else 0

    @property
    def operator(self) -> Operator:
        return Operator(self.run, self.said.append)


def _zip(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("index.py", f"def handler(event, context):\n    return {text!r}\n")
    return held.getvalue()


class Stacks:
    """CloudFormation's list of what the stacks hold: the newest versions, as deployed."""

    def __init__(self) -> None:
        self._held: dict[str, list[dict[str, str]]] = {}
        self.protected: list[str] = []

    def holds(self, standing: "Standing") -> None:
        kind = "AWS::Lambda::Version"
        arn = "arn:aws:lambda:us-east-1:000000000000:function:callwright-dev-"
        self._held = {
            "callwright-dev-api": [
                {
                    "ResourceType": kind,
                    "PhysicalResourceId": f"{arn}{name}:{standing.versions(name)[-1]}",
                }
                for name in FUNCTIONS
            ],
            "callwright-dev-media": [
                {
                    "ResourceType": "AWS::ECS::TaskDefinition",
                    "PhysicalResourceId": standing.tasks[-1],
                }
            ],
        }

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        return {"Stacks": [{"Outputs": []}]}

    def get_paginator(self, operation: str) -> "Stacks":
        assert operation == "list_stack_resources"
        return self

    def paginate(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        return [{"StackResourceSummaries": self._held.get(StackName, [])}]


class WithStacks:
    """A session whose CloudFormation is `stacks`."""

    def __init__(self, session: Any, stacks: Stacks) -> None:
        self._session, self._stacks = session, stacks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def client(self, name: str) -> Any:
        return self._stacks if name == "cloudformation" else self._session.client(name)


class Standing:
    """A stage that was deployed: functions with an alias, a service, a table."""

    def __init__(self, session: Any) -> None:
        self.lambda_, self.ecs = session.client("lambda"), session.client("ecs")
        self.tables = session.client("dynamodb")
        self.stacks, self.tasks = Stacks(), list[str]()

    def make(self) -> None:
        for name in FUNCTIONS:
            self.make_function(name)
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

    def make_function(self, name: str) -> None:
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

    def task(self) -> str:
        made = self.ecs.register_task_definition(
            family=TASK, containerDefinitions=[{"name": "bridge", "image": "x", "memory": 128}]
        )
        self.tasks.append(str(made["taskDefinition"]["taskDefinitionArn"]))
        return self.tasks[-1]

    def a_new_version(self) -> None:
        """What cdk does. A replaced task definition stays: its resource is retained."""
        for name in FUNCTIONS:
            function = f"callwright-dev-{name}"
            self.lambda_.update_function_code(
                FunctionName=function, ZipFile=_zip(f"{len(self.versions(name))}")
            )
            version = self.lambda_.publish_version(FunctionName=function)["Version"]
            self.lambda_.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
        self.ecs.update_service(cluster=TASK, service=TASK, taskDefinition=self.task())
        self.stacks.holds(self)

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
def standing(aws: Any, shop: Shop) -> Iterator[Standing]:
    stands = Standing(aws)
    shop.session = WithStacks(shop.session, stands.stacks)
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
    assert "cdk deploy --all --strict --force -c stage=dev" in steps.ran[0]
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


def test_the_same_commit_deployed_again_is_really_live(shop: Shop, standing: Standing) -> None:
    """cdk skips a template that has not changed; what was put back stays in front of it."""
    deploy(shop.patient, Steps(fails="smoke", then=standing.a_new_version).operator)
    put_back_to = running(shop.patient.aws)
    steps = Steps()

    assert deploy(shop.patient, steps.operator) is True

    after = running(shop.patient.aws)
    assert set(after.versions.values()) == {"2"} != set(put_back_to.versions.values())
    assert after.task == standing.tasks[-1] != put_back_to.task
    assert any("as deployed; it was at 1" in line for line in steps.said)


def test_functions_deployed_again_leave_the_bridge_where_it_was_put(
    shop: Shop, standing: Standing
) -> None:
    deploy(shop.patient, Steps(fails="smoke", then=standing.a_new_version).operator)
    bridge = running(shop.patient.aws).task
    deploy(shop.patient, Steps().operator, only="functions")

    after = running(shop.patient.aws)
    assert set(after.versions.values()) == {"2"} and after.task == bridge


def test_a_smoke_call_that_could_not_be_placed_rolls_nothing_back(
    shop: Shop, standing: Standing
) -> None:
    steps = Steps(fails="smoke", then=standing.a_new_version, status=2)

    assert deploy(shop.patient, steps.operator) is False
    assert set(running(shop.patient.aws).versions.values()) == {"2"}
    assert "make smoke STAGE=dev" in steps.said[-1]


def test_what_cannot_be_put_back_is_told_and_the_rest_is_put_back(
    shop: Shop, standing: Standing
) -> None:
    before = running(shop.patient.aws)
    standing.a_new_version()
    before.versions = {"callwright-dev-gone": "1", **before.versions}
    said: list[str] = []

    assert put_back(shop.patient.aws, before, said.append) is False
    after = running(shop.patient.aws)
    assert after.versions["callwright-dev-follow-up"] == "1" and after.task == before.task
    assert "callwright-dev-gone: NOT put back" in said[0]


def test_after_a_first_deployment_there_is_nothing_to_go_back_to(shop: Shop) -> None:
    said: list[str] = []
    assert put_back(shop.patient.aws, Before(), said.append) is True
    assert said == ["nothing stood before: there is nothing to go back to"]


def test_a_small_stage_has_no_synthetic_call_to_look_at(shop: Shop, standing: Standing) -> None:
    standing.lambda_.delete_function(FunctionName="callwright-dev-synthetic-call")
    try:
        assert "callwright-dev-synthetic-call" not in running(shop.patient.aws).versions
        prune(shop.patient.aws, print)
    finally:
        standing.make_function("synthetic-call")


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
    )  # the newest, and the live one
