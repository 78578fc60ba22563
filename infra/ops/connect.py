"""`python -m infra.ops.connect --stage NAME [--apply]`: point Twilio and Stripe at a deployment.

Every business's numbers get the voice address, the static fallback and the status callback; the
Stripe webhook endpoint gets its address, API version and events, and its signing secret goes to
Secrets Manager. Without --apply it only says what it would change. Run again, it changes nothing.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage
from infra.fallback import code
from infra.ops.secrets import STRIPE, TWILIO, WEBHOOK
from infra.ops.stage import CDK_JSON, Aws, Unready, load, reason
from infra.ops.stripe_endpoint import Endpoints, Plan
from infra.ops.twilio_numbers import Number, Numbers, lines, wanted_of
from infra.ops.vault import Vault
from shared.businesses import BadBusiness, all_businesses
from shared.domain.business import Business

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the stacks say of themselves."""

    public_url: str
    fallback_base_url: str


@dataclass(frozen=True, slots=True)
class Outside:
    """Twilio and Stripe, as the operator may change them."""

    numbers: Numbers
    endpoints: Endpoints


def outputs_of(aws: Aws) -> Outputs:
    """Raises Unready: a stack or an output is missing."""
    found = {**aws.outputs("api"), **aws.outputs("media")}
    named = {"PublicBaseUrl": "api", "FallbackBaseUrl": "media"}
    for output, part in named.items():
        if not found.get(output):
            raise Unready(f"stack {aws.stage.prefix}{part} has no output {output}: deploy it")
    return Outputs(found["PublicBaseUrl"].rstrip("/"), found["FallbackBaseUrl"].rstrip("/"))


def connect(
    outside: Outside,
    vault: Vault,
    outputs: Outputs,
    businesses: Iterable[Business],
    *,
    apply: bool,
    say: Say,
) -> bool:
    """Say what differs and, with `apply`, change it; whether anything differed.

    Everything is looked at before the first change, so that a wrong number changes nothing.

    Raises:
        Unready: something is missing, or does not belong to the account.
    """
    numbers = [
        (number, business.name)
        for business in businesses
        for number in _of_business(outside.numbers, outputs, business)
    ]
    has_secret = vault.read(WEBHOOK.name).current is not None
    url = f"{outputs.public_url}/stripe/webhook"
    plan = outside.endpoints.plan(url, has_secret=has_secret)
    for number, name in numbers:
        _say_all(lines(number, name), say)
    _say_all(plan.lines(), say)
    changed = [number for number, _ in numbers if number.differences]
    if apply:
        _do(outside, vault, changed, plan, say)
    return bool(changed) or plan.todo != "nothing"


def _of_business(numbers: Numbers, outputs: Outputs, business: Business) -> list[Number]:
    path = code.path_of(business, numbers.account_sid)
    address = f"{outputs.fallback_base_url}{path}"
    wanted = wanted_of(outputs.public_url, address)
    return [numbers.look_up(phone, wanted) for phone in business.numbers]


def _do(outside: Outside, vault: Vault, changed: Sequence[Number], plan: Plan, say: Say) -> None:
    # Stripe first: a number that rings needs a deposit that can be settled.
    if plan.todo != "nothing":
        outside.endpoints.apply(plan, lambda secret: vault.store(WEBHOOK.name, secret))
        say(f"Stripe webhook: {plan.todo}d")
    for number in changed:
        outside.numbers.change(number)
        say(f"Twilio {number.phone}: changed")


def _say_all(lines: Iterable[str], say: Say) -> None:
    for line in lines:
        say(line)


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    cdk_json: Path = CDK_JSON,
) -> int:
    arguments = _parser().parse_args(argv)
    try:
        aws = Aws.of(load(arguments.stage, cdk_json))
        if aws.stage.examples:
            raise Unready(f"cdk.json still has example values: {', '.join(aws.stage.examples)}")
        outputs = outputs_of(aws)
        vault = Vault(aws.client("secretsmanager"), aws.stage)
        outside = _outside(aws, vault, environ)
        businesses = all_businesses().values()
        print(f"stage {aws.stage.name}: {outputs.public_url}")
        differs = connect(outside, vault, outputs, businesses, apply=arguments.apply, say=print)
    except (ClientError, BotoCoreError) as exc:
        print(f"connect: {reason(exc)}", file=sys.stderr)
        return 1
    except (BadStage, BadBusiness, Unready) as exc:
        print(f"connect: {exc}; nothing more was changed", file=sys.stderr)
        return 1
    if differs and not arguments.apply:
        print("nothing was changed; --apply does it")
    return 0


def _outside(aws: Aws, vault: Vault, environ: Mapping[str, str]) -> Outside:
    # The running system's Stripe key may be a restricted one that may not make endpoints.
    stripe_key = environ.get("STRIPE_ADMIN_KEY") or vault.current(STRIPE.name)
    return Outside(
        Numbers(
            aws.stage.twilio_account_sid,
            vault.current(TWILIO.name),
            api_base=environ.get("TWILIO_API_BASE") or None,
        ),
        Endpoints(stripe_key, aws.stage.name, api_base=environ.get("STRIPE_API_BASE") or None),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.ops.connect", description=__doc__)
    parser.add_argument("--stage", required=True, metavar="NAME", help="dev, staging or prod")
    parser.add_argument("--apply", action="store_true", help="do it; without it, only say it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
