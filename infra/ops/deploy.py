"""`python -m infra.ops.deploy --stage NAME`: deploy a stage, and show that it answers.

    doctor ---> cdk deploy ---> as in the stacks ---> protect ---> smoke call ---> old versions
      |             |              |                                   |               pruned
      refuses       CloudFormation |                        not answered: functions and
                    rolls back     a bridge that is moved is waited for   bridge as before

--only functions leaves the bridge alone, which takes half an hour: its calls are let finish.
A stage that is not ready is refused with the list of what is in the way; --unready deploys it all
the same. The exit status is 0 only when the smoke call was answered.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage
from infra.ops import doctor, fallback_lines
from infra.ops.doctor import Patient
from infra.ops.live import (
    FUNCTIONS,
    Before,
    Say,
    Wait,
    as_in_the_stacks,
    put_back,
    resources,
    running,
    task_of,
    version_of,
)
from infra.ops.published import businesses_of
from infra.ops.stage import Aws, Unready, reason

# Versions of a function, and of the bridge's task. Each of /incoming's keeps a paid snapshot.
KEPT = 3
SMOKE = ("services.simulator", "smoke")
NOT_ANSWERED = 3  # the smoke call's exit status; any other: it tells nothing of the stage
# What `--only` takes: the stacks that hold it, those they stand on left alone.
PARTS = {"functions": ("api",), "bridge": ("media",), "alarms": ("observability",)}
# part -> those whose outputs it reads, which therefore have to stand before it comes alone
STANDS_ON = {
    "media": ("data",),
    "api": ("data", "media"),
    "observability": ("data", "media", "api"),
}
ORDER = ("data", "media", "api", "analytics", "observability")

Run = Callable[[Sequence[str]], int]


def protect(aws: Aws, say: Say) -> bool:
    """Nobody deletes tables, balancer or the stack of the tables by mistake, from now on.

    Not in the templates: what a failed first deployment made could then not be rolled back. cdk
    takes a stack's protection off with each deployment, because the template has none. Returns
    whether all of it is protected; what is not was said.
    """
    steps = [("tables", _protect_tables)]
    if aws.stage.name == "prod":
        steps += [("stack of the tables", _protect_stack), ("balancer", _protect_balancer)]
    well = True
    for what, step in steps:
        try:
            step(aws)
        except (ClientError, BotoCoreError) as exc:
            well = False
            say(f"{what}: NOT protected from deletion: {reason(exc)}")
        else:
            say(f"{what}: protected from deletion")
    return well


def _protect_tables(aws: Aws) -> None:
    tables = aws.client("dynamodb")
    for table in _own_tables(aws):
        found = tables.describe_table(TableName=table)["Table"]
        # DynamoDB refuses an update that changes nothing.
        if not found.get("DeletionProtectionEnabled"):
            tables.update_table(TableName=table, DeletionProtectionEnabled=True)


def _protect_stack(aws: Aws) -> None:
    aws.client("cloudformation").update_termination_protection(
        StackName=f"{aws.stage.prefix}data", EnableTerminationProtection=True
    )


def _protect_balancer(aws: Aws) -> None:
    attribute = {"Key": "deletion_protection.enabled", "Value": "true"}
    for arn in resources(aws, "media", "AWS::ElasticLoadBalancingV2::LoadBalancer"):
        aws.client("elbv2").modify_load_balancer_attributes(
            LoadBalancerArn=arn, Attributes=[attribute]
        )


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
    wait: Wait = time.sleep


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
        Unready: it is not ready, `only` has nothing to stand on, or cdk failed; CloudFormation has
            then rolled back by itself.
    """
    aws, say = patient.aws, operator.say
    image = only in (None, "bridge")
    if not doctor.told(patient, say, image=image) and not unready:
        raise Unready("nothing was deployed; --unready does it all the same")
    _stands_on_what_is_there(aws, only)
    before = running(aws)
    if not _cdk(aws, operator, only, [*_read_anew(patient, say), *more]):
        _as_before(aws, before, say)
        raise Unready("cdk deploy failed: what it says above; CloudFormation rolled it back")
    parts = PARTS[only] if only else ORDER
    if not as_in_the_stacks(aws, parts, say, operator.wait):
        put_back(aws, before, say)
        return False
    protected = protect(aws, say)
    fallback_lines.fill(aws, businesses_of(aws).values(), say)
    ended = operator.run([sys.executable, "-m", *SMOKE, "--stage", aws.stage.name])
    if ended == NOT_ANSWERED:
        say("the smoke call was not answered as it should be")
        put_back(aws, before, say)
        return False
    if ended:
        say(
            "the smoke call could not be placed or looked at, so nobody knows whether the stage "
            "answers; it was left as deployed. Mend what it says above, then "
            f"make smoke STAGE={aws.stage.name}"
        )
        return False
    prune(aws, say)
    return protected


def _as_before(aws: Aws, before: Before, say: Say) -> None:
    """After a cdk that failed half way: the stacks it had done have had no smoke call, and in one
    that was rolled back an alias is where that stack last had it, not where a rollback put it."""
    if not before.stood:
        return
    protect(aws, say)
    if running(aws) != before:
        put_back(aws, before, say)


def _stands_on_what_is_there(aws: Aws, only: str | None) -> None:
    for part in PARTS[only] if only else ():
        missing = [each for each in STANDS_ON[part] if not aws.stands(each)]
        if missing:
            names = ", ".join(f"{aws.stage.prefix}{each}" for each in missing)
            raise Unready(f"{only} cannot be deployed alone: there is no {names} yet")


def _cdk(aws: Aws, operator: Operator, only: str | None, more: Iterable[str]) -> bool:
    # A stack deployed alone would pull the ones it stands on with it.
    chosen = ["--exclusively", *stacks_of(aws, only)] if only else ["--all"]
    # --force: whether there is anything to change is for CloudFormation to say.
    arguments = ["deploy", *chosen, "--strict", "--force", "-c", f"stage={aws.stage.name}", *more]
    return operator.run(["npx", "--no-install", "cdk", *arguments]) == 0


def _read_anew(patient: Patient, say: Say) -> list[str]:
    """cdk's arguments where the bridge's stack is made anew under those that read its addresses.

    A reference to another stack is read when the text around it changes: else CloudFormation finds
    "no changes", --force or not, and callers are sent to where the bridge was.
    """
    aws = patient.aws
    if aws.stands("media") or not aws.stands("api"):
        return []
    say("the bridge's stack is not there: what others read of it will be read anew")
    return ["-c", f"read_anew={patient.now:%Y-%m-%dT%H:%M:%SZ}"]


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
    except KeyboardInterrupt:
        print("deploy: interrupted, nothing was put back; deploy again", file=sys.stderr)
        return 130
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
