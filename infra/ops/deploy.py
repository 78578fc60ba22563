"""`python -m infra.ops.deploy --stage NAME`: deploy a stage, and show that it answers.

    doctor ---> cdk deploy ---> protect ---> smoke call ---> old versions pruned
      |             |                             |
      refuses       CloudFormation rolls back     failed: functions and bridge as they were before

--only functions leaves the bridge alone, which takes half an hour: its calls are let finish.
A stage that is not ready is refused with the list of what is in the way; --unready deploys it all
the same. The exit status is 0 only when the smoke call was answered.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage
from infra.ops import doctor
from infra.ops.doctor import Patient
from infra.ops.stage import Aws, Unready, reason

FUNCTIONS = ("incoming", "stripe-webhook", "follow-up")
ALIAS = "live"
KEPT = 5  # versions of a function behind its alias
# What `--only` takes: the stacks that hold it, those they stand on left alone.
PARTS = {"functions": ("api",), "bridge": ("media",), "alarms": ("observability",)}
ORDER = ("data", "media", "api", "analytics", "observability")

Run = Callable[[Sequence[str]], int]
Say = Callable[[str], object]


@dataclass(slots=True)
class Before:
    """What carried the calls before a deployment: versions by function, and the bridge's task."""

    versions: dict[str, str] = field(default_factory=dict)
    task: str | None = None


def running(aws: Aws) -> Before:
    """What stands now; nothing of it before the first deployment."""
    before = Before()
    functions, services = aws.client("lambda"), aws.client("ecs")
    for name in FUNCTIONS:
        function = f"{aws.stage.prefix}{name}"
        try:
            alias = functions.get_alias(FunctionName=function, Name=ALIAS)
        except ClientError as exc:
            _only_missing(exc, "ResourceNotFoundException")
            continue
        before.versions[function] = alias["FunctionVersion"]
    cluster = f"{aws.stage.prefix}bridge"
    try:
        found = services.describe_services(cluster=cluster, services=[cluster])["services"]
    except ClientError as exc:
        _only_missing(exc, "ClusterNotFoundException")
        return before
    before.task = next((each["taskDefinition"] for each in found), None)
    return before


def put_back(aws: Aws, before: Before, say: Say) -> None:
    """Let the functions and the bridge of `before` take the calls again.

    The next deployment undoes it: the commit that was good has to be deployed after this.
    """
    for function, version in before.versions.items():
        aws.client("lambda").update_alias(
            FunctionName=function, Name=ALIAS, FunctionVersion=version
        )
        say(f"{function}: back to version {version}")
    if before.task is not None:
        cluster = f"{aws.stage.prefix}bridge"
        aws.client("ecs").update_service(
            cluster=cluster, service=cluster, taskDefinition=before.task
        )
        say(f"bridge: back to {before.task.rpartition('/')[2]}; its calls are let finish")


def protect(aws: Aws, say: Say) -> None:
    """Nobody deletes tables or balancer by mistake, from now on.

    Not in the templates: what a failed first deployment made could then not be rolled back.
    """
    tables, balancers = aws.client("dynamodb"), aws.client("elbv2")
    for table in _own_tables(aws):
        tables.update_table(TableName=table, DeletionProtectionEnabled=True)
    say("tables: protected from deletion")
    if aws.stage.name != "prod":
        return
    for arn in _own_balancers(aws):
        balancers.modify_load_balancer_attributes(
            LoadBalancerArn=arn,
            Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}],
        )
        say("balancer: protected from deletion")


def prune(aws: Aws, say: Say) -> None:
    """Delete versions of functions that are older than the last few; what an alias names stays."""
    client = aws.client("lambda")
    for name in FUNCTIONS:
        function = f"{aws.stage.prefix}{name}"
        numbers = sorted(_versions(client, function), reverse=True)
        live = int(client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"])
        gone = [number for number in numbers[KEPT:] if number != live]
        for number in gone:
            client.delete_function(FunctionName=function, Qualifier=str(number))
        if gone:
            say(f"{function}: {len(gone)} old versions deleted")


def stacks_of(aws: Aws, only: str | None) -> list[str]:
    """The stacks to deploy, in order."""
    parts = PARTS[only] if only else ORDER
    return [f"{aws.stage.prefix}{part}" for part in parts]


@dataclass(frozen=True, slots=True)
class Operator:
    """How the steps that are other programs are run, and where it is said what comes of them."""

    run: Run
    say: Say


def deploy(
    patient: Patient,
    operator: Operator,
    *,
    only: str | None = None,
    unready: bool = False,
    more: Iterable[str] = (),
) -> bool:
    """Do all of it; whether the stage answers now.

    `more` are further arguments of `cdk deploy`.

    Raises:
        Unready: it is not ready, or cdk failed; CloudFormation has then rolled back by itself.
    """
    aws, say = patient.aws, operator.say
    if not doctor.told(patient, say) and not unready:
        raise Unready("nothing was deployed; --unready does it all the same")
    before = running(aws)
    stacks = stacks_of(aws, only)
    # A stack deployed alone would pull the ones it stands on with it.
    chosen = ["--exclusively", *stacks] if only else ["--all"]
    arguments = ["deploy", *chosen, "--strict", "-c", f"stage={aws.stage.name}", *more]
    if operator.run(["npx", "--no-install", "cdk", *arguments]):
        raise Unready("cdk deploy failed: what it says above; CloudFormation rolled it back")
    protect(aws, say)
    smoke = [sys.executable, "-m", "services.simulator", "smoke", "--stage", aws.stage.name]
    if operator.run(smoke):
        say("the smoke call was not answered as it should be")
        put_back(aws, before, say)
        return False
    prune(aws, say)
    return True


def _own_tables(aws: Aws) -> list[str]:
    prefix = aws.stage.prefix
    pages = aws.client("dynamodb").get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"] if name.startswith(prefix)]


def _own_balancers(aws: Aws) -> list[str]:
    """By what made them: a balancer's own name is CloudFormation's to choose."""
    found = aws.client("cloudformation").describe_stack_resources(
        StackName=f"{aws.stage.prefix}media"
    )["StackResources"]
    kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    return [each["PhysicalResourceId"] for each in found if each["ResourceType"] == kind]


def _versions(client: Any, function: str) -> list[int]:
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    named = [version["Version"] for page in pages for version in page["Versions"]]
    return [int(number) for number in named if number != "$LATEST"]


def _only_missing(exc: ClientError, code: str) -> None:
    if exc.response["Error"]["Code"] != code:
        raise exc


def _run(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False).returncode


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.ops.deploy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stage", required=True, metavar="NAME", help="dev, staging or prod")
    parser.add_argument("--only", choices=sorted(PARTS), help="the stacks that hold this, alone")
    parser.add_argument("--unready", action="store_true", help="deploy although the doctor says no")
    arguments, more = parser.parse_known_args(argv)
    try:
        patient = doctor.patient_of(arguments.stage, environ)
        operator = Operator(_run, print)
        done = deploy(patient, operator, only=arguments.only, unready=arguments.unready, more=more)
    except (BadStage, Unready) as exc:
        print(f"deploy: {exc}", file=sys.stderr)
        return 1
    except (ClientError, BotoCoreError) as exc:
        print(f"deploy: {reason(exc)}", file=sys.stderr)
        return 1
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
