"""`make deploy`: refuses what is not ready, and puts back what its smoke call finds wanting."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.ops.deploy import KEPT, NOT_ANSWERED, Operator, deploy, protect, prune
from infra.ops.live import FUNCTIONS, LOOKS, Before, put_back, running
from infra.ops.stage import Aws, Unready
from shared import schema
from tests.infra.conftest import Deployment
from tests.infra.ops.test_doctor import Shop, shop

__all__ = ["shop"]

pytestmark = pytest.mark.stack
TASK = "callwright-dev-bridge"
VERSION, TASK_DEFINITION = "AWS::Lambda::Version", "AWS::ECS::TaskDefinition"
CALLS = schema.table_name("callwright-dev-", schema.CALLS)


class Steps:
    """The other programs: what was run, and which of them fails."""

    def __init__(self, fails: str = "", then: Any = None, status: int = NOT_ANSWERED) -> None:
        self.ran: list[str] = []
        self.said: list[str] = []
        self.waited: list[float] = []
        self._fails, self._then, self._status = fails, then, status

    def run(self, command: Sequence[str]) -> int:
        line = " ".join(command)
        self.ran.append(line)
        if "cdk" in line and self._then:
            self._then()
        return self._status if self._fails and self._fails in line else 0

    @property
    def operator(self) -> Operator:
        return Operator(self.run, self.said.append, self.waited.append)


def _zip(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("index.py", f"def handler(event, context):\n    return {text!r}\n")
    return held.getvalue()


class Stacks:
    """CloudFormation's list of what the stacks hold: the newest versions, as deployed."""

    def __init__(self) -> None:
        self.held: dict[str, list[dict[str, str]]] = {}
        self.status = dict.fromkeys(("data", "media", "api", "observability"), "UPDATE_COMPLETE")
        self.protected: list[str] = []

    def holds(self, standing: "Standing") -> None:
        arn = "arn:aws:lambda:us-east-1:000000000000:function:callwright-dev-"
        self.held = {
            "callwright-dev-api": [
                held(VERSION, f"{arn}{name}:{standing.versions(name)[-1]}") for name in FUNCTIONS
            ],
            # What an update replaced and kept is listed for a while, in no order.
            "callwright-dev-media": [
                held(TASK_DEFINITION, standing.tasks[-1]),
                held(TASK_DEFINITION, standing.tasks[0], "DELETE_SKIPPED"),
            ],
        }

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        status = self.status.get(StackName.rpartition("-")[2])
        if status is None:
            no = {"Error": {"Code": "ValidationError", "Message": "does not exist"}}
            raise ClientError(no, "DescribeStacks")
        return {"Stacks": [{"Outputs": [], "StackStatus": status}]}

    def update_termination_protection(
        self,
        StackName: str,  # noqa: N803
        EnableTerminationProtection: bool,  # noqa: N803
    ) -> None:
        assert EnableTerminationProtection
        self.protected.append(StackName)

    def get_paginator(self, operation: str) -> "Stacks":
        assert operation == "list_stack_resources"
        return self

    def paginate(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        return [{"StackResourceSummaries": self.held.get(StackName, [])}]


def held(kind: str, id: str, status: str = "UPDATE_COMPLETE") -> dict[str, str]:
    return {"ResourceType": kind, "PhysicalResourceId": id, "ResourceStatus": status}


class Rolling:
    """An ECS whose services take `looks` looks to replace their tasks, and may go back."""

    def __init__(self, ecs: Any) -> None:
        self._ecs, self._left = ecs, 0
        self.looks, self.goes_back = 0, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ecs, name)

    def update_service(self, **service: Any) -> Any:
        task = self._ecs.describe_task_definition(taskDefinition=service["taskDefinition"])
        if task["taskDefinition"]["status"] != "ACTIVE":
            no = {"Error": {"Code": "ClientException", "Message": "TaskDefinition is inactive"}}
            raise ClientError(no, "UpdateService")
        self._left = self.looks
        return self._ecs.update_service(**service)

    def describe_services(self, **asked: Any) -> Any:
        found = self._ecs.describe_services(**asked)
        if self._left:
            self._left -= 1
            deployments = found["services"][0]["deployments"]
            primary = next(each for each in deployments if each["status"] == "PRIMARY")
            primary["rolloutState"] = "FAILED" if self.goes_back else "IN_PROGRESS"
        return found


class WithStacks:
    """A session whose CloudFormation is `stacks`, and whose ECS takes its time."""

    def __init__(self, session: Any, stacks: Stacks, ecs: Rolling) -> None:
        self._session = session
        self.own: dict[str, Any] = {"cloudformation": stacks, "ecs": ecs}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def client(self, name: str) -> Any:
        return self.own[name] if name in self.own else self._session.client(name)


class Standing:
    """A stage that was deployed: functions with an alias, a service, a table.

    `kept`: the types of which the templates say that what is replaced stays.
    """

    def __init__(self, session: Any, kept: set[str]) -> None:
        self.kept = kept
        self.lambda_, self.ecs = session.client("lambda"), Rolling(session.client("ecs"))
        self.tables = session.client("dynamodb")
        self.stacks, self.tasks = Stacks(), list[str]()

    def make(self) -> None:
        for name in FUNCTIONS:
            self.make_function(name)
        self.ecs.create_cluster(clusterName=TASK)
        self.ecs.create_service(
            cluster=TASK, serviceName=TASK, taskDefinition=self.task(), desiredCount=0
        )
        self.make_table()

    def make_table(self) -> None:
        self.tables.create_table(
            TableName=CALLS,
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
        """What cdk does: make the new, then take away what was replaced, unless it is kept."""
        for name in FUNCTIONS:
            function, old = f"callwright-dev-{name}", self.versions(name)
            self.lambda_.update_function_code(FunctionName=function, ZipFile=_zip(f"{len(old)}"))
            version = self.lambda_.publish_version(FunctionName=function)["Version"]
            self.lambda_.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
            if VERSION not in self.kept:
                self.lambda_.delete_function(FunctionName=function, Qualifier=old[-1])
        replaced = self.tasks[-1]
        self.ecs.update_service(cluster=TASK, service=TASK, taskDefinition=self.task())
        if TASK_DEFINITION not in self.kept:
            self.ecs.deregister_task_definition(taskDefinition=replaced)
        self.stacks.holds(self)

    def versions(self, name: str) -> list[str]:
        found = self.lambda_.list_versions_by_function(FunctionName=f"callwright-dev-{name}")
        return [each["Version"] for each in found["Versions"] if each["Version"] != "$LATEST"]

    def remove(self) -> None:
        for name in FUNCTIONS:
            self.lambda_.delete_function(FunctionName=f"callwright-dev-{name}")
        self.ecs.delete_service(cluster=TASK, service=TASK, force=True)
        self.ecs.delete_cluster(cluster=TASK)
        self.tables.update_table(TableName=CALLS, DeletionProtectionEnabled=False)
        self.tables.delete_table(TableName=CALLS)


@pytest.fixture
def standing(aws: Any, shop: Shop, dev: Deployment) -> Iterator[Standing]:
    resources = [r for template in dev for r in template.body["Resources"].values()]
    kept = {r["Type"] for r in resources if r.get("UpdateReplacePolicy") == "Retain"}
    stands = Standing(aws, kept)
    shop.session = WithStacks(shop.session, stands.stacks, stands.ecs)
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


def test_a_bridge_that_is_moved_has_taken_over_before_the_smoke_call(
    shop: Shop, standing: Standing
) -> None:
    deploy(shop.patient, Steps(fails="smoke", then=standing.a_new_version).operator)
    standing.ecs.looks = 3
    steps = Steps()

    assert deploy(shop.patient, steps.operator) is True
    assert len(steps.waited) == 3 and "smoke" in steps.ran[-1]


@pytest.mark.parametrize(("looks", "goes_back", "why"), [
    (1, True, "does not start; ECS went back"),
    (LOOKS + 5, False, "has not taken over in 45 minutes"),
])  # fmt: skip
def test_a_bridge_that_does_not_take_over_brings_back_what_carried_the_calls(
    shop: Shop, standing: Standing, looks: int, goes_back: bool, why: str
) -> None:
    deploy(shop.patient, Steps(fails="smoke", then=standing.a_new_version).operator)
    before = running(shop.patient.aws)
    standing.ecs.looks, standing.ecs.goes_back = looks, goes_back
    steps = Steps()

    assert deploy(shop.patient, steps.operator) is False
    assert running(shop.patient.aws) == before
    assert any(why in line for line in steps.said) and "smoke" not in steps.ran[-1]


def test_functions_deployed_again_leave_the_bridge_where_it_was_put(
    shop: Shop, standing: Standing
) -> None:
    deploy(shop.patient, Steps(fails="smoke", then=standing.a_new_version).operator)
    bridge = running(shop.patient.aws).task
    deploy(shop.patient, Steps().operator, only="functions")

    after = running(shop.patient.aws)
    assert set(after.versions.values()) == {"2"} and after.task == bridge


@pytest.mark.parametrize("status", [1, 2, 130, -9])
def test_a_smoke_call_that_could_not_be_placed_or_broke_rolls_nothing_back(
    shop: Shop, standing: Standing, status: int
) -> None:
    steps = Steps(fails="smoke", then=standing.a_new_version, status=status)

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


def test_a_stage_that_stood_is_protected_also_where_cdk_fails(
    shop: Shop, standing: Standing
) -> None:
    """cdk takes the protection off before it does anything else."""
    with pytest.raises(Unready):
        deploy(shop.patient, Steps(fails="cdk").operator)
    assert is_protected(standing)


def test_cdk_that_fails_half_way_leaves_the_calls_to_what_carried_them(
    shop: Shop, standing: Standing
) -> None:
    """Some stacks are new then, without a smoke call; others went back to what they last had."""
    before = running(shop.patient.aws)
    steps = Steps(fails="cdk", then=standing.a_new_version)
    with pytest.raises(Unready):
        deploy(shop.patient, steps.operator)
    assert running(shop.patient.aws) == before
    assert any("back to version 1" in line for line in steps.said)


def test_a_first_deployment_that_fails_protects_nothing(shop: Shop, standing: Standing) -> None:
    standing.remove()
    try:
        steps = Steps(fails="cdk", then=standing.make_table)
        with pytest.raises(Unready):
            deploy(shop.patient, steps.operator)
        assert not is_protected(standing)
    finally:
        standing.tables.delete_table(TableName=CALLS)
        standing.make()


@pytest.mark.parametrize(("media", "api", "read"), [
    (None, "UPDATE_COMPLETE", True),
    ("ROLLBACK_COMPLETE", "UPDATE_COMPLETE", True),
    ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE", False),
    (None, None, False),
])  # fmt: skip
def test_a_bridges_stack_that_is_made_anew_is_read_anew(
    shop: Shop, standing: Standing, media: str | None, api: str | None, read: bool
) -> None:
    """Their templates have not changed, and CloudFormation would leave the others as they are."""
    for part, status in (("media", media), ("api", api)):
        if status is None:
            del standing.stacks.status[part]
        else:
            standing.stacks.status[part] = status
    steps = Steps(then=standing.a_new_version)
    deploy(shop.patient, steps.operator)
    assert ("-c read_anew=2026-11-26T00:00:00Z" in steps.ran[0]) is read


def test_functions_are_deployed_without_waiting_for_the_bridge(
    shop: Shop, standing: Standing
) -> None:
    shop.docker = None  # nor is an image built
    steps = Steps()
    deploy(shop.patient, steps.operator, only="functions")
    assert "deploy --exclusively callwright-dev-api --strict" in steps.ran[0]


@pytest.mark.parametrize(("only", "missing"), [
    ("functions", "callwright-dev-media"),
    ("bridge", "callwright-dev-data"),
    ("alarms", "callwright-dev-media, callwright-dev-api"),
])  # fmt: skip
def test_nothing_is_deployed_alone_before_what_it_stands_on(
    shop: Shop, standing: Standing, only: str, missing: str
) -> None:
    for name in missing.split(", "):
        standing.stacks.status[name.rpartition("-")[2]] = "ROLLBACK_COMPLETE"
    steps = Steps()
    with pytest.raises(Unready, match=f"{only} cannot be deployed alone: there is no {missing}"):
        deploy(shop.patient, steps.operator, only=only)
    assert steps.ran == []


def test_before_the_first_deployment_nothing_runs(shop: Shop) -> None:
    before = running(shop.patient.aws)
    assert (before.versions, before.task) == ({}, None)


def is_protected(standing: Standing) -> bool:
    table = standing.tables.describe_table(TableName=CALLS)["Table"]
    return bool(table.get("DeletionProtectionEnabled"))


class Strict:
    """A DynamoDB that refuses, as AWS's may, an update that changes nothing."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tables, name)

    def update_table(self, **change: Any) -> Any:
        table = self._tables.describe_table(TableName=change["TableName"])["Table"]
        if table.get("DeletionProtectionEnabled") == change["DeletionProtectionEnabled"]:
            same = {"Error": {"Code": "ValidationException", "Message": "nothing changes"}}
            raise ClientError(same, "UpdateTable")
        return self._tables.update_table(**change)


def test_tables_are_protected_once_the_stage_stands(shop: Shop, standing: Standing) -> None:
    shop.session.own["dynamodb"] = Strict(standing.tables)
    for _ in range(2):
        assert protect(shop.patient.aws, print)
        assert is_protected(standing)
    assert standing.stacks.protected == []


def test_in_prod_the_tables_stack_and_the_balancer_are_protected_too(
    shop: Shop, standing: Standing, aws: Any
) -> None:
    balancers = aws.client("elbv2")
    made = balancers.create_load_balancer(Name="internal-x", Subnets=["subnet-1"])
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    standing.stacks.held["callwright-prod-media"] = [held(kind, arn)]
    stage = shop.stage.model_copy(update={"name": "prod"})

    assert protect(Aws(stage, shop.session), print)

    found = balancers.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    assert {"Key": "deletion_protection.enabled", "Value": "true"} in found
    assert standing.stacks.protected == ["callwright-prod-data"]


def test_what_cannot_be_protected_is_told_and_the_smoke_call_is_placed_all_the_same(
    shop: Shop, standing: Standing
) -> None:
    shop.session.own["dynamodb"] = Refusing()
    steps = Steps(then=standing.a_new_version)
    assert deploy(shop.patient, steps.operator) is False
    assert "tables: NOT protected from deletion: AWS refused ListTables: AccessDenied" in steps.said
    assert "smoke" in steps.ran[-1]


class Refusing:
    """DynamoDB for whoever may not see its tables."""

    def get_paginator(self, operation: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "ListTables")


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


def test_old_versions_of_the_bridges_task_go_and_the_live_one_stays(
    shop: Shop, standing: Standing
) -> None:
    for _ in range(KEPT + 2):
        standing.a_new_version()
    oldest = standing.tasks[0]
    standing.ecs.update_service(cluster=TASK, service=TASK, taskDefinition=oldest)

    prune(shop.patient.aws, print)

    known = standing.ecs.list_task_definitions(familyPrefix=TASK, status="ACTIVE")
    assert set(known["taskDefinitionArns"]) == {oldest, *standing.tasks[-KEPT:]}
