"""The composition root of what leaves the tables: every minute, whoever is to hear of events does.

Apart from the other functions: it speaks to addresses that owners name, and holds neither Twilio's
nor Stripe's keys; of ours only the one that signs the links to recordings.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from functions.deliver.settings import DeliverSettings, settings_of
from shared import businesses
from shared.actions import recording_link
from shared.actions.calendars.refresh import refresh
from shared.actions.events import deliver
from shared.actions.events.deliver import DeliveryRun
from shared.actions.events.ports import EventBus, HttpsPost, Outbox
from shared.actions.ports import Ports
from shared.adapters import business_store, wiring
from shared.adapters.business_store import BusinessStore
from shared.adapters.busy_calendars import KeptBusyCalendars
from shared.adapters.dynamo.outbox import DynamoOutbox
from shared.adapters.event_bus import EventBridgeBus
from shared.adapters.https_post import GuardedHttp
from shared.adapters.secrets import Secrets
from shared.domain.calendar.busy import FRESH_FOR
from shared.logs import by_kind

logger = logging.getLogger(__name__)

# One more endpoint may take its 5 s, and the last writes.
LAST_START_MS = 10_000
EVERY = timedelta(minutes=1)  # its schedule


@dataclass(frozen=True, slots=True)
class Outward:
    """What the function speaks to."""

    ports: Ports
    outbox: Outbox
    bus: EventBus | None
    post: HttpsPost
    organizer: str  # whose address invitations come from
    recording_link: Callable[[str, datetime], str | None]


def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """Do one run and return how many events and deliveries came to which end, by the end's name.

    Raises:
        FunctionBroke: a variable cannot be right, the table is down.
    """
    with by_kind(logger):
        settings, real_now = settings_of(os.environ), datetime.now(UTC)
        outside = _opened(settings)
        _store(settings.adapters.business_store).keep_current(real_now, outside.ports.metrics)

        def more_time() -> bool:
            return bool(context.get_remaining_time_in_millis() > LAST_START_MS)

        return work(outside, _secrets().of_business, real_now, more_time)


def work(
    outside: Outward,
    secret: Callable[[str], tuple[str, ...]],
    real_now: datetime,
    more_time: Callable[[], bool],
) -> dict[str, int]:
    run = DeliveryRun(
        ports=outside.ports,
        outbox=outside.outbox,
        bus=outside.bus,
        post=outside.post,
        secret=secret,
        business=businesses.by_id,
        organizer=outside.organizer,
        recording_link=lambda sid: outside.recording_link(sid, real_now),
        real_now=real_now,
    )
    tally = dict(deliver.run(run, more_time))
    tally |= refresh(outside.ports, businesses.all_businesses().values(), more_time)
    if tally:
        logger.info("told others", extra=tally)
    return tally


@cache
def _opened(settings: DeliverSettings) -> Outward:
    """The clients, made by the first run of this process and then kept."""
    adapters = settings.adapters
    client = wiring.dynamo_client(region=adapters.region, endpoint_url=adapters.aws_endpoint_url)
    bus = (
        EventBridgeBus(settings.bus, region=adapters.region, endpoint_url=adapters.aws_endpoint_url)
        if settings.bus
        else None
    )
    http = GuardedHttp(loopback=settings.loopback)
    calendars = KeptBusyCalendars(
        client,
        adapters.table_prefix,
        _secrets().of_business,
        get=http.get,
        fresh_for=FRESH_FOR - EVERY,  # a caller need not wait for what is read here
        offset=adapters.clock_offset,
    )
    return Outward(
        replace(wiring.open_ports(adapters, _secrets().get), calendars=calendars),
        DynamoOutbox(client, adapters.table_prefix),
        bus,
        http,
        adapters.mail_from,
        lambda sid, now: recording_link.address(
            sid, _secrets().get, public_url=adapters.public_url, now=now
        ),
    )


@cache
def _store(bucket: str) -> BusinessStore:
    return business_store.opened(bucket, os.environ)


@cache
def _secrets() -> Secrets:
    return Secrets(os.environ, lambda: datetime.now(UTC))
