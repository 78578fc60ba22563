"""What carries a stage's calls: versions of functions behind their alias, and the bridge's task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.ops.stage import Aws, reason

# A small stage has no synthetic call; the nightly index is the analytics stack's.
FUNCTIONS = (
    *("incoming", "stripe-webhook", "office", "follow-up", "deliver"),
    *("synthetic-call", "index-export"),
)
ALIAS = "live"
# A task that is replaced keeps its calls for half an hour, and ECS is not done before it has gone.
LOOK_S: Final = 15.0
LOOKS: Final = 180

Say = Callable[[str], object]
Wait = Callable[[float], object]  # that many seconds


@dataclass(slots=True)
class Before:
    """What carried the calls before a deployment: versions by function, and the bridge's task."""

    versions: dict[str, str] = field(default_factory=dict)
    task: str | None = None

    @property
    def stood(self) -> bool:
        """Whether there was anything: false before the first deployment."""
        return bool(self.versions) or self.task is not None


def running(aws: Aws) -> Before:
    """What stands now; nothing of it before the first deployment."""
    before = Before()
    functions = aws.client("lambda")
    for name in FUNCTIONS:
        function = f"{aws.stage.prefix}{name}"
        version = version_of(functions, function)
        if version is not None:
            before.versions[function] = version
    before.task = task_of(aws)
    return before


def as_in_the_stacks(aws: Aws, parts: Sequence[str], say: Say, wait: Wait) -> bool:
    """Let what these stacks hold take the calls, where something else does; whether it does now.

    After a smoke call that failed, alias and service name what was before, and the stacks do not
    know: the same commit deployed again changes no template, so CloudFormation leaves it at that.
    """
    functions = aws.client("lambda")
    for part in parts:
        for version in resources(aws, part, "AWS::Lambda::Version"):
            function, _, number = version.split(":function:")[1].partition(":")
            live = version_of(functions, function)
            if live is not None and live != number:
                functions.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=number)
                say(f"{function}: version {number} again, as deployed; it was at {live}")
    tasks = resources(aws, "media", "AWS::ECS::TaskDefinition") if "media" in parts else []
    live = task_of(aws)
    if live is None or not tasks or live in tasks:
        return True
    (task,) = tasks
    _set_task(aws, task)
    say(f"bridge: {_short(task)} again, as deployed; it was at {_short(live)}")
    return _has_taken_over(aws, task, say, wait)


def _has_taken_over(aws: Aws, task: str, say: Say, wait: Wait) -> bool:
    """Wait until the service runs `task` alone: a call placed before that tells of another.

    False where ECS went back by itself, as it does from tasks that do not start.
    """
    for _ in range(LOOKS):
        primary = next((d for d in _deployments(aws) if d["status"] == "PRIMARY"), {})
        if primary.get("taskDefinition") != task or primary.get("rolloutState") == "FAILED":
            say(f"bridge: {_short(task)} does not start; ECS went back")
            return False
        if primary.get("rolloutState") == "COMPLETED":
            return True
        wait(LOOK_S)
    say(f"bridge: {_short(task)} has not taken over in {LOOKS * LOOK_S / 60:.0f} minutes")
    return False


def put_back(aws: Aws, before: Before, say: Say) -> bool:
    """Let the functions and the bridge of `before` take the calls again; whether all of it worked.

    Each is a step of its own. The next deployment undoes it: the commit that was good has to be
    deployed after this.
    """
    if not before.stood:
        say("nothing stood before: there is nothing to go back to")
        return True
    well = True
    for function, version in before.versions.items():
        try:
            aws.client("lambda").update_alias(
                FunctionName=function, Name=ALIAS, FunctionVersion=version
            )
            say(f"{function}: back to version {version}")
        except (ClientError, BotoCoreError) as exc:
            well = False
            say(f"{function}: NOT put back to version {version}: {reason(exc)}")
    if before.task is not None:
        try:
            _set_task(aws, before.task)
            say(f"bridge: back to {_short(before.task)}; its calls are let finish")
        except (ClientError, BotoCoreError) as exc:
            well = False
            say(f"bridge: NOT put back to {_short(before.task)}: {reason(exc)}")
    return well


def version_of(client: Any, function: str) -> str | None:
    """The version behind the alias; None where there is no such function."""
    try:
        alias = client.get_alias(FunctionName=function, Name=ALIAS)
    except ClientError as exc:
        _only_missing(exc, "ResourceNotFoundException")
        return None
    return str(alias["FunctionVersion"])


def task_of(aws: Aws) -> str | None:
    """The task definition that the bridge's service runs."""
    return next((str(each["taskDefinition"]) for each in _services(aws)), None)


def _deployments(aws: Aws) -> list[dict[str, Any]]:
    return [each for service in _services(aws) for each in service["deployments"]]


def _services(aws: Aws) -> list[dict[str, Any]]:
    """The bridge's one; none before it was deployed."""
    cluster = f"{aws.stage.prefix}bridge"
    try:
        found = aws.client("ecs").describe_services(cluster=cluster, services=[cluster])
    except ClientError as exc:
        _only_missing(exc, "ClusterNotFoundException")
        return []
    return list(found["services"])


def _set_task(aws: Aws, task: str) -> None:
    cluster = f"{aws.stage.prefix}bridge"
    aws.client("ecs").update_service(cluster=cluster, service=cluster, taskDefinition=task)


def _short(task: str) -> str:
    return task.rpartition("/")[2]


def resources(aws: Aws, part: str, kind: str) -> list[str]:
    """The physical ids of one kind in a stack; none where the stack is not there.

    Balancer, versions and task definitions have names of CloudFormation's choosing. What an update
    replaced and kept may still be listed, as DELETE_SKIPPED.
    """
    pages = aws.client("cloudformation").get_paginator("list_stack_resources")
    try:
        found = [
            str(each["PhysicalResourceId"])
            for page in pages.paginate(StackName=f"{aws.stage.prefix}{part}")
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] == kind
            and each.get("PhysicalResourceId")
            and not each["ResourceStatus"].startswith("DELETE_")
        ]
    except ClientError as exc:
        _only_missing(exc, "ValidationError")
        return []
    return found


def _only_missing(exc: ClientError, code: str) -> None:
    if exc.response["Error"]["Code"] != code:
        raise exc
