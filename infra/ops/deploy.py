"""`python -m infra.ops.deploy --stage NAME`: deploy a stage, and show that it answers.

    doctor ---> cdk deploy ---> as in the stacks ---> protect ---> smoke call ---> old versions
      |             |                                                  |               pruned
      refuses       CloudFormation rolls back          not answered: functions and bridge as before

--only functions leaves the bridge alone, which takes half an hour: its calls are let finish.
A stage that is not ready is refused with the list of what is in the way; --unready deploys it all
the same. The exit status is 0 only when the smoke call was answered.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage
from infra.ops import doctor
from infra.ops.doctor import Patient
from infra.ops.live import (
    FUNCTIONS,
    Say,
    as_in_the_stacks,
    put_back,
    resources,
    running,
    task_of,
    version_of,
)
from infra.ops.stage import Aws, Unready, reason

# Versions of a function, and of the bridge's task. Each of /incoming's keeps a paid snapshot.
KEPT = 3
NOT_ANSWERED = 1  # the smoke call's exit status; any other: it was not placed at all
# What `--only` takes: the stacks that hold it, those they stand on left alone.
PARTS = {"functions": ("api",), "bridge": ("media",), "alarms": ("observability",)}
ORDER = ("data", "media", "api", "analytics", "observability")

Run = Callable[[Sequence[str]], int]


def protect(aws: Aws, say: Say) -> None:
    """Nobody deletes tables, balancer or the stack of the tables by mistake, from now on.

    Not in the templates: what a failed first deployment made could then not be rolled back.
    """
    tables, balancers = aws.client("dynamodb"), aws.client("elbv2")
    for table in _own_tables(aws):
        found = tables.describe_table(TableName=table)["Table"]
        if not found.get("DeletionProtectionEnabled"):
            tables.update_table(TableName=table, DeletionProtectionEnabled=True)
    say("tables: protected from deletion")
    if aws.stage.name != "prod":
        return
    aws.client("cloudformation").update_termination_protection(
        StackName=f"{aws.stage.prefix}data", EnableTerminationProtection=True
    )
    say("stack of the tables: protected from deletion")
    for arn in resources(aws, "media", "AWS::ElasticLoadBalancingV2::LoadBalancer"):
        balancers.modify_load_balancer_attributes(
            LoadBalancerArn=arn,
            Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}],
        )
        say("balancer: protected from deletion")


def prune(aws: Aws, say: Say) -> None:
    """Delete versions of functions, and of the bridge's task, that are older than the last few;
    what is live stays."""
    client = aws.client("lambda")
    for name in FUNCTIONS:
        function = f"{aws.stage.prefix}{name}"
        live = version_of(client, function)
        if live is None:
            continue
        numbers = sorted(_versions(client, function), reverse=True)
        gone = [number for number in numbers[KEPT:] if number != int(live)]
        for number in gone:
            client.delete_function(FunctionName=function, Qualifier=str(number))
        if gone:
            say(f"{function}: {len(gone)} old versions deleted")
    _prune_tasks(aws, say)


def _prune_tasks(aws: Aws, say: Say) -> None:
    services, live = aws.client("ecs"), task_of(aws)
    pages = services.get_paginator("list_task_definitions").paginate(
        familyPrefix=f"{aws.stage.prefix}bridge", status="ACTIVE", sort="DESC"
    )
    known = [arn for page in pages for arn in page["taskDefinitionArns"]]
    gone = [arn for arn in known[KEPT:] if arn != live]
    for arn in gone:
        services.deregister_task_definition(taskDefinition=arn)
    if gone:
        say(f"bridge: {len(gone)} old versions of its task deregistered")


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
    # --force: a stack whose own text is unchanged may read another's new value. cdk skips it.
    arguments = ["deploy", *chosen, "--strict", "--force", "-c", f"stage={aws.stage.name}", *more]
    if operator.run(["npx", "--no-install", "cdk", *arguments]):
        raise Unready("cdk deploy failed: what it says above; CloudFormation rolled it back")
    as_in_the_stacks(aws, PARTS[only] if only else ORDER, say)
    protect(aws, say)
    smoke = [sys.executable, "-m", "services.simulator", "smoke", "--stage", aws.stage.name]
    ended = operator.run(smoke)
    if ended == NOT_ANSWERED:
        say("the smoke call was not answered as it should be")
        put_back(aws, before, say)
        return False
    if ended:
        say(
            "the smoke call could not be placed, so nobody knows whether the stage answers; it "
            f"was left as deployed. Mend what it says above, then make smoke STAGE={aws.stage.name}"
        )
        return False
    prune(aws, say)
    return True


def _own_tables(aws: Aws) -> list[str]:
    prefix = aws.stage.prefix
    pages = aws.client("dynamodb").get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"] if name.startswith(prefix)]


def _versions(client: Any, function: str) -> list[int]:
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    named = [version["Version"] for page in pages for version in page["Versions"]]
    return [int(number) for number in named if number != "$LATEST"]


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
