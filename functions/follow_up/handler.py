"""The composition root of the schedule: every minute what is due, every night a check.

The nightly rules give `{"work": "check_slots"}` and `{"work": "check_models"}`, one that comes
every quarter of an hour `{"work": "find_voicemails"}`; any other input is the ordinary run.
"""

import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from functions.follow_up.settings import FollowUpSettings, settings_of
from shared import businesses
from shared.actions import holiday_watch, model_watch, slot_audit, voicemails
from shared.actions.follow_ups import run
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.ports import Ports
from shared.adapters import business_store, wiring
from shared.adapters.business_store import BusinessStore
from shared.adapters.openai_models import OpenAiModels
from shared.adapters.secrets import Secrets
from shared.adapters.settings import AdapterSettings
from shared.domain.call_time import CallTime
from shared.logs import by_kind

logger = logging.getLogger(__name__)

CHECK_SLOTS, CHECK_MODELS, FIND_VOICEMAILS = "check_slots", "check_models", "find_voicemails"
KEYS = ("TWILIO_AUTH_TOKEN", "STRIPE_API_KEY")
# One more follow-up may take Stripe's 7 s and Twilio's 5 s, and the last writes.
LAST_START_MS = 20_000


def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """Do one run and return how many follow-ups came to which end, by the end's name.

    Of the nightly checks: how many hours of each business, by its id, are not as they should be
    (whose list of holidays ends is told so then, too); and the models that end soon.

    Raises:
        FunctionBroke: a variable cannot be right, the table is down, a secret is not to be had.
    """
    with by_kind(logger):
        return _handled(event, context)


def _handled(event: Mapping[str, Any], context: Any) -> dict[str, int]:
    settings, secrets, real_now = settings_of(os.environ), _secrets(), datetime.now(UTC)
    at = CallTime(now=real_now + settings.clock_offset, real=real_now)
    for name in KEYS:
        secrets.get(name)  # without its keys a run would only use up the attempts of what is due
    ports = _opened(settings.adapters)
    _store(settings.adapters.business_store).keep_current(real_now, ports.metrics)
    for business_id in businesses.unusable():
        ports.metrics.count(business_store.MISSED, business=business_id)

    def more_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > LAST_START_MS)

    if event.get("work") == CHECK_SLOTS:
        return check_slots(ports, at)
    if event.get("work") == FIND_VOICEMAILS:
        return find_voicemails(ports, at)
    if event.get("work") == CHECK_MODELS:
        return check_models(ports, settings, secrets, at)
    return work(ports, settings.adapters.public_url, at, more_time)


def work(
    ports: Ports, public_url: str, at: CallTime, more_time: Callable[[], bool]
) -> dict[str, int]:
    tally = dict(run.run(FollowUpRun(ports, businesses.by_id, public_url, at), more_time))
    if tally:
        logger.info("follow-ups", extra=tally)
    return tally


def check_slots(ports: Ports, at: CallTime) -> dict[str, int]:
    holiday_watch.check(ports, businesses.all_businesses().values(), at)
    return {
        each.id: slot_audit.check(ports.jobs, each, ports.metrics, now=at.now)
        for each in businesses.all_businesses().values()
    }


def find_voicemails(ports: Ports, at: CallTime) -> dict[str, int]:
    owners = {n: each for each in businesses.all_businesses().values() for n in each.numbers}
    told = voicemails.tell(ports, owners.get, at)
    if told:
        logger.warning("voicemails nobody was told of", extra={"told": told})
    return {"told": told}


def check_models(
    ports: Ports, settings: FollowUpSettings, secrets: Secrets, at: CallTime
) -> dict[str, int]:
    openai = OpenAiModels(
        lambda: secrets.get("OPENAI_API_KEY")[0], api_base=settings.openai_api_base
    )
    # Shutdowns are days of the real calendar.
    found = model_watch.check(settings.models, openai.ends, ports.metrics, today=at.real.date())
    return dict.fromkeys(found, 1)


@cache
def _opened(settings: AdapterSettings) -> Ports:
    """The clients, made by the first run of this process and then kept."""
    return wiring.open_ports(settings, _secrets().get)


@cache
def _store(bucket: str) -> BusinessStore:
    return business_store.opened(bucket, os.environ)


@cache
def _secrets() -> Secrets:
    return Secrets(os.environ, lambda: datetime.now(UTC))
