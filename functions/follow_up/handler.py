"""The composition root of the schedule: every five minutes what is due, every night a check.

The nightly rule gives `{"work": "check_slots"}`; any other input is the ordinary run.
"""

import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from functions.follow_up.settings import Settings, settings_of
from shared import businesses
from shared.actions import slot_audit
from shared.actions.follow_ups import run
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.ports import Ports
from shared.adapters import wiring
from shared.adapters.secrets import Secrets
from shared.domain.call_time import CallTime

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

CHECK_SLOTS = "check_slots"
# One more follow-up may take Stripe's 7 s and Twilio's 5 s, and the last writes.
LAST_START_MS = 20_000


def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """Do one run and return what became of it. Raises PortError when the table is down."""
    settings, secrets, real_now = settings_of(os.environ), _secrets(), datetime.now(UTC)
    at = CallTime(now=real_now + settings.clock_offset, real=real_now)
    twilio, stripe = (secrets.get(n)[0] for n in ("TWILIO_AUTH_TOKEN", "STRIPE_API_KEY"))
    ports = _opened(settings, twilio, stripe)

    def more_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > LAST_START_MS)

    if event.get("work") == CHECK_SLOTS:
        return check_slots(ports, at)
    return work(ports, settings.public_url, at, more_time)


def work(
    ports: Ports, public_url: str, at: CallTime, more_time: Callable[[], bool]
) -> dict[str, int]:
    tally = dict(run.run(FollowUpRun(ports, businesses.by_id, public_url, at), more_time))
    if tally:
        logger.info("follow-ups", extra=tally)
    return tally


def check_slots(ports: Ports, at: CallTime) -> dict[str, int]:
    return {
        each.id: slot_audit.check(ports.jobs, each, ports.metrics, now=at.now)
        for each in businesses.all_businesses().values()
    }


@cache
def _opened(settings: Settings, twilio: str, stripe: str) -> Ports:
    """The clients, kept while the keys are the same."""
    return wiring.open_ports(
        wiring.Settings(
            stage=settings.stage,
            table_prefix=settings.table_prefix,
            public_url=lambda: settings.public_url,
            region=settings.region,
            twilio_account_sid=settings.account_sid,
            twilio_auth_token=twilio,
            stripe_api_key=stripe,
            aws_endpoint_url=settings.aws_endpoint_url,
            twilio_api_base=settings.twilio_api_base,
            stripe_api_base=settings.stripe_api_base,
        )
    )


@cache
def _secrets() -> Secrets:
    return Secrets(os.environ, lambda: datetime.now(UTC))
