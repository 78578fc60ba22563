"""`python -m infra.ops.doctor --stage NAME`: whether a stage can be deployed, in one list.

Every line says what was looked at: `ok`; `NOT READY` with what to do, and then the exit status is
1; `soon`, which can wait until callers come; `cannot see`, with where to look. It changes nothing.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage, Stage
from infra.ops.checks import here, in_aws, outside
from infra.ops.checks.finding import Finding, blocked, unseen
from infra.ops.checks.here import Machine
from infra.ops.checks.outside import Services
from infra.ops.entries import OPENAI, STRIPE, TWILIO
from infra.ops.stage import CDK_JSON, Aws, Unready, load, reason
from infra.ops.vault import Vault
from shared.businesses import BadBusiness, all_businesses
from shared.domain.business import Business

# Addresses that replace the services' own, by the variable that has them.
BASES = {
    "twilio": "TWILIO_API_BASE",
    "twilio_voice": "TWILIO_API_BASE",
    "twilio_messaging": "TWILIO_API_BASE",
    "openai": "OPENAI_API_BASE",
    "stripe": "STRIPE_API_BASE",
}


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined."""

    aws: Aws
    machine: Machine
    environ: Mapping[str, str]
    businesses: Callable[[], Mapping[str, Business]]
    now: datetime


def examine(patient: Patient, *, image: bool = True) -> Iterator[Finding]:
    """Every finding, in the order in which a deployment would meet them; `image`: one is built."""
    stage = patient.aws.stage
    yield from here.stage_is_filled_in(stage)
    try:
        businesses = list(patient.businesses().values())
    except BadBusiness as exc:
        yield blocked("businesses", str(exc))
        businesses = []
    else:
        yield from here.businesses_are_real(businesses)
    if image:
        yield from here.image_can_be_built(patient.machine)
    account = list(in_aws.account(patient.aws))
    yield from account
    services, deployed = Services(_bases(patient.environ), {}), dict[str, str]()
    if all(finding.state == "ok" for finding in account):
        for look in (
            in_aws.bootstrapped,
            in_aws.secrets,
            in_aws.quotas,
            in_aws.addresses,
            in_aws.alarms_are_heard,
        ):
            yield from look(patient.aws)
        deployed = _outputs(patient.aws)
        yield from here.own_names_lead_here(stage, patient.machine, deployed)
        yield from in_aws.secrets_of_businesses(patient.aws, businesses)
        yield from in_aws.mails_can_be_sent(patient.aws, businesses)
        services = Services(services.bases, _keys(patient.aws))
    else:
        yield unseen("the rest of AWS", "secrets, quotas, mails, alarms: once that is mended")
    yield from outside.numbers(stage, services, businesses, _own_addresses(stage, deployed))
    yield from outside.permissions(stage, services)
    yield from outside.models(stage, services, patient.now.date())
    yield from outside.payments(services)


def _bases(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[variable] for name, variable in BASES.items() if environ.get(variable)}


def _own_addresses(stage: Stage, deployed: Mapping[str, str]) -> set[str]:
    known = [deployed.get("PublicBaseUrl"), deployed.get("ApiBaseUrl")]
    if stage.api_domain:
        known.append(f"https://{stage.api_domain.name}")
    return {f"{url.rstrip('/')}/incoming" for url in known if url}


def _outputs(aws: Aws) -> dict[str, str]:
    """Of the api and media stacks; none before they were deployed."""
    found: dict[str, str] = {}
    for part in ("api", "media"):
        with suppress(Unready, BotoCoreError):
            found |= aws.outputs(part)
    return found


def _keys(aws: Aws) -> dict[str, str]:
    vault = Vault(aws.client("secretsmanager"), aws.stage)
    found = {}
    for service, entry in (("twilio", TWILIO), ("openai", OPENAI), ("stripe", STRIPE)):
        try:
            value = vault.read(entry.name).current
        except (Unready, ClientError):
            continue  # told already
        if value:
            found[service] = value
    return found


def told(patient: Patient, say: Callable[[str], object], *, image: bool = True) -> bool:
    """Say every finding; whether nothing is in the way."""
    stops = 0
    for finding in examine(patient, image=image):
        say(str(finding))
        stops += finding.state == "blocked"
    say(
        f"{stops} in the way: stage {patient.aws.stage.name} cannot be deployed yet"
        if stops
        else f"stage {patient.aws.stage.name} is ready"
    )
    return not stops


def patient_of(name: str, environ: Mapping[str, str], cdk_json: Path = CDK_JSON) -> Patient:
    """Raises BadStage."""
    return Patient(
        Aws.of(load(name, cdk_json)),
        here.this_machine(),
        environ,
        all_businesses,
        datetime.now(UTC),
    )


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.ops.doctor",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stage", required=True, metavar="NAME", help="dev, staging or prod")
    arguments = parser.parse_args(argv)
    try:
        return 0 if told(patient_of(arguments.stage, environ), print) else 1
    except (BadStage, Unready) as exc:
        print(f"doctor: {exc}", file=sys.stderr)
    except (ClientError, BotoCoreError) as exc:
        print(f"doctor: {reason(exc)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
