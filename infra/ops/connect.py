"""`python -m infra.ops.connect --stage NAME [--business ID] [--apply]`: point Twilio and Stripe at
a deployment, and tell the fallback whom to ring.

Every business's numbers get the voice address, the static fallback and the status callback; the
Stripe webhook endpoint gets its address, API version and events, and its signing secret goes to
Secrets Manager. Without --apply it only says what it would change. Run again, it changes nothing.

With --business only that one's numbers and fallback are looked at: so publishing does it.

Each number, and Stripe, is a step of its own: what one refuses leaves the others done, and is told
at the end with what there is to do. The examples that come with the product are left out.

STRIPE_ADMIN_KEY: a key that may write webhook endpoints, where the stage's own may not. It is used
for this run and kept nowhere.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import BadStage
from infra.fallback.code import path_of, value_of
from infra.ops import fallback_lines
from infra.ops.entries import STRIPE, TWILIO, WEBHOOK
from infra.ops.fallback_lines import FallbackLines
from infra.ops.published import businesses_of
from infra.ops.stage import CDK_JSON, Aws, Unready, load, reason
from infra.ops.stripe_endpoint import Endpoints
from infra.ops.twilio_numbers import Number, Numbers, lines, wanted_of
from infra.ops.vault import Vault
from shared.businesses import BadBusiness
from shared.domain.business import Business

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the stacks say of themselves. `own` are the addresses that are this stage's."""

    public_url: str
    fallback_base_url: str
    api_url: str = ""
    fallback_lines: str = ""  # the ARN of whom the fallback rings
    domain_url: str = ""  # the owner's, in use or not

    @property
    def own(self) -> tuple[str, ...]:
        known = (self.public_url, self.api_url, self.domain_url)
        return tuple(f"{url}/incoming" for url in known if url)


@dataclass(frozen=True, slots=True)
class Outside:
    """Twilio and Stripe, as the operator may change them."""

    numbers: Numbers
    endpoints: Endpoints
    lines: FallbackLines


@dataclass(slots=True)
class Done:
    """What came of a run."""

    differs: bool = False  # something was, or is, not as it must be
    refused: list[str] = field(default_factory=list)  # each with what there is to do


def outputs_of(aws: Aws) -> Outputs:
    """Raises Unready: a stack or an output is missing."""
    found = {**aws.outputs("api"), **aws.outputs("media")}
    named = {"PublicBaseUrl": "api", "FallbackBaseUrl": "media", "FallbackLines": "media"}
    for output, part in named.items():
        if not found.get(output):
            raise Unready(f"stack {aws.stage.prefix}{part} has no output {output}: deploy it")
    return Outputs(
        found["PublicBaseUrl"].rstrip("/"),
        found["FallbackBaseUrl"].rstrip("/"),
        found.get("ApiBaseUrl", "").rstrip("/"),
        found["FallbackLines"],
        f"https://{aws.stage.api_domain.name}" if aws.stage.api_domain else "",
    )


def connect(
    outside: Outside,
    vault: Vault,
    outputs: Outputs,
    businesses: Iterable[Business],
    *,
    apply: bool,
    say: Say,
    take_over: bool = False,
    stripe: bool = True,
) -> Done:
    """Say what differs and, with `apply`, change it, one step after the other."""
    done = Done()
    # Stripe first: a number that rings needs a deposit that can be settled.
    if stripe:
        _step(done, say, lambda: _stripe(outside.endpoints, vault, outputs, apply=apply, say=say))
    for business in businesses:
        # And whom to ring before the number that would ask for it.
        one = partial(_fallback, outside.lines, business, apply=apply, say=say)
        _step(done, say, one)
        for phone in business.numbers:

            def number(phone: str = phone, business: Business = business) -> bool:
                found = _look_up(outside.numbers, outputs, business, phone)
                _say_all(lines(found, business.name), say)
                _refuse_another_stage(found, outputs, take_over=take_over)
                if apply and found.differences:
                    outside.numbers.change(found)
                    say(f"Twilio {phone}: changed")
                return bool(found.differences)

            _step(done, say, number)
    return done


def _step(done: Done, say: Say, step: Callable[[], bool]) -> None:
    try:
        done.differs |= step()
    except Unready as exc:
        say(f"  REFUSED: {exc}")
        done.refused.append(str(exc))


def _stripe(endpoints: Endpoints, vault: Vault, outputs: Outputs, *, apply: bool, say: Say) -> bool:
    has_secret = vault.read(WEBHOOK.name).current is not None
    plan = endpoints.plan(f"{outputs.public_url}/stripe/webhook", has_secret=has_secret)
    _say_all(plan.lines(), say)
    if apply and plan.todo != "nothing":
        endpoints.apply(plan, lambda secret: vault.store(WEBHOOK.name, secret))
        say(f"Stripe webhook: {plan.todo}d")
    return plan.todo != "nothing"


def _fallback(lines: FallbackLines, business: Business, *, apply: bool, say: Say) -> bool:
    # Whom it rings is not said: a log may keep what an operator sees.
    differs = lines.now(business) != value_of(business)
    say(f"fallback of {business.id}: {'whom it rings differs' if differs else 'as it must be'}")
    if apply and differs:
        lines.set(business)
        say(f"fallback of {business.id}: changed")
    return differs


def _look_up(numbers: Numbers, outputs: Outputs, business: Business, phone: str) -> Number:
    path = path_of(business, numbers.account_sid)
    wanted = wanted_of(outputs.public_url, f"{outputs.fallback_base_url}{path}")
    return numbers.look_up(phone, wanted)


def _refuse_another_stage(number: Number, outputs: Outputs, *, take_over: bool) -> None:
    """A number that another stage answers has real callers."""
    at = number.answers_at
    if at and at not in outputs.own and not take_over:
        raise Unready(
            f"{number.phone} points at {at}, another stage's: its callers would come here. "
            "TAKE_OVER=1 (--take-over) does it all the same"
        )


def _say_all(lines: Iterable[str], say: Say) -> None:
    for line in lines:
        say(line)


def real(businesses: Iterable[Business], say: Say) -> list[Business]:
    """Those whose numbers somebody can own; the others are named and left out."""
    found: list[Business] = []
    examples: list[Business] = []
    for business in businesses:
        (examples if business.is_example else found).append(business)
    if examples:
        names = ", ".join(business.id for business in examples)
        say(f"left out, with example numbers: {names}")
    return found


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    cdk_json: Path = CDK_JSON,
    known: Callable[[Aws], Mapping[str, Business]] = businesses_of,
    lines_of: Callable[[Aws, str], FallbackLines] = fallback_lines.lines_of,
) -> int:
    arguments = _parser().parse_args(argv)
    try:
        aws = Aws.of(load(arguments.stage, cdk_json))
        if aws.stage.examples:
            raise Unready(f"cdk.json still has example values: {', '.join(aws.stage.examples)}")
        outputs = outputs_of(aws)
        vault = Vault(aws.client("secretsmanager"), aws.stage)
        outside = _outside(aws, vault, lines_of(aws, outputs.fallback_lines), environ)
        print(f"stage {aws.stage.name}: {outputs.public_url}")
        businesses = _asked(real(known(aws).values(), print), arguments.business)
        if not businesses:
            raise Unready("no business of your own: docs/operations.md, step 3")
        done = connect(
            outside,
            vault,
            outputs,
            businesses,
            apply=arguments.apply,
            say=print,
            take_over=arguments.take_over,
            stripe=arguments.business is None,
        )
    except (ClientError, BotoCoreError) as exc:
        print(f"connect: {reason(exc)}", file=sys.stderr)
        return 1
    except (BadStage, BadBusiness, Unready) as exc:
        print(f"connect: {exc}", file=sys.stderr)
        return 1
    if done.differs and not arguments.apply:
        print("nothing was changed; --apply does it")
    for refusal in done.refused:
        print(f"connect: not done: {refusal}", file=sys.stderr)
    if done.refused and arguments.apply:
        print("connect: everything else is done; run it again for the rest", file=sys.stderr)
    return 1 if done.refused else 0


def _asked(businesses: list[Business], business_id: str | None) -> list[Business]:
    if business_id is None:
        return businesses
    found = [each for each in businesses if each.id == business_id]
    if not found:
        raise Unready(f"no business {business_id} with a number that somebody can own")
    return found


def _outside(aws: Aws, vault: Vault, lines: FallbackLines, environ: Mapping[str, str]) -> Outside:
    # The running system's Stripe key is one that may not make endpoints.
    stripe_key = environ.get("STRIPE_ADMIN_KEY") or vault.current(STRIPE.name)
    return Outside(
        Numbers(
            aws.stage.twilio_account_sid,
            vault.current(TWILIO.name),
            api_base=environ.get("TWILIO_API_BASE") or None,
        ),
        Endpoints(stripe_key, aws.stage.name, api_base=environ.get("STRIPE_API_BASE") or None),
        lines,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.ops.connect",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stage", required=True, metavar="NAME", help="dev, staging or prod")
    parser.add_argument("--business", metavar="ID", help="only this one's numbers, and no Stripe")
    parser.add_argument("--apply", action="store_true", help="do it; without it, only say it")
    parser.add_argument(
        "--take-over", action="store_true", help="also numbers that another stage answers now"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
