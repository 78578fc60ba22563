"""What carries a stage's calls: versions of functions behind their alias, and the bridge's task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.ops.stage import Aws, reason

# A small stage has no synthetic call; the nightly index is the analytics stack's.
FUNCTIONS = ("incoming", "stripe-webhook", "follow-up", "synthetic-call", "index-export")
ALIAS = "live"

Say = Callable[[str], object]


@dataclass(slots=True)
class Before:
    """What carried the calls before a deployment: versions by function, and the bridge's task."""

    versions: dict[str, str] = field(default_factory=dict)
    task: str | None = None


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


def as_in_the_stacks(aws: Aws, parts: Sequence[str], say: Say) -> None:
    """Let what these stacks hold take the calls, where something else does.

    After a smoke call that failed, alias and service name what was before, and the stacks do not
    know: the same commit deployed again changes no template, so cdk would leave it at that.
    """
    if "api" in parts or "analytics" in parts:
        functions = aws.client("lambda")
        for part in parts:
            for version in resources(aws, part, "AWS::Lambda::Version"):
                function, _, number = version.split(":function:")[1].partition(":")
                live = version_of(functions, function)
                if live is not None and live != number:
                    functions.update_alias(
                        FunctionName=function, Name=ALIAS, FunctionVersion=number
                    )
                    say(f"{function}: version {number} again, as deployed; it was at {live}")
    if "media" in parts:
        tasks = resources(aws, "media", "AWS::ECS::TaskDefinition")
        live = task_of(aws)
        if live is not None and tasks and live not in tasks:
            _set_task(aws, tasks[-1])
            say(f"bridge: {_short(tasks[-1])} again, as deployed; it was at {_short(live)}")


def put_back(aws: Aws, before: Before, say: Say) -> bool:
    """Let the functions and the bridge of `before` take the calls again; whether all of it worked.

    Each is a step of its own. The next deployment undoes it: the commit that was good has to be
    deployed after this.
    """
    if not before.versions and before.task is None:
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
    cluster = f"{aws.stage.prefix}bridge"
    try:
        found = aws.client("ecs").describe_services(cluster=cluster, services=[cluster])["services"]
    except ClientError as exc:
        _only_missing(exc, "ClusterNotFoundException")
        return None
    return next((str(each["taskDefinition"]) for each in found), None)


def _set_task(aws: Aws, task: str) -> None:
    cluster = f"{aws.stage.prefix}bridge"
    aws.client("ecs").update_service(cluster=cluster, service=cluster, taskDefinition=task)


def _short(task: str) -> str:
    return task.rpartition("/")[2]


def resources(aws: Aws, part: str, kind: str) -> list[str]:
    """The physical ids of one kind in a stack; none where the stack is not there.

    Balancer, versions and task definitions have names of CloudFormation's choosing.
    """
    pages = aws.client("cloudformation").get_paginator("list_stack_resources")
    try:
        found = [
            str(each["PhysicalResourceId"])
            for page in pages.paginate(StackName=f"{aws.stage.prefix}{part}")
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] == kind and each.get("PhysicalResourceId")
        ]
    except ClientError as exc:
        _only_missing(exc, "ValidationError")
        return []
    return found


def _only_missing(exc: ClientError, code: str) -> None:
    if exc.response["Error"]["Code"] != code:
        raise exc
