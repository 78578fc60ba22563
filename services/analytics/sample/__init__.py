"""Four weeks of made-up calls, written as real ones are: through the actions and the adapters.

The same seed gives the same calls, whatever the machine. No audio, no model, no network but the
tables'.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.analytics.sample import days, scripts
from services.analytics.sample.callers import caller
from services.analytics.sample.conversation import SampleConversation
from services.analytics.sample.done import after_visit
from services.analytics.sample.money import after_booking
from services.analytics.sample.stand_ins import (
    ArrivedMail,
    NoCalendars,
    NoMetrics,
    NoRecordings,
    OpenCheckout,
    TakenTexts,
)
from shared.actions import smoke
from shared.actions.ports import Ports
from shared.actions.smoke import Unrung
from shared.adapters.dynamo.admissions import DynamoAdmissions
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.clips import DynamoClips
from shared.adapters.dynamo.customers import DynamoCustomers
from shared.adapters.dynamo.follow_ups import DynamoFollowUps
from shared.adapters.dynamo.inbox import DynamoInbox
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.payments import DynamoPayments
from shared.adapters.dynamo.texting import DynamoTexting
from shared.adapters.dynamo.turns import DynamoTurns
from shared.domain.business import Business

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CALLS = 510  # of all businesses
SMOKE_CALLS = 4  # of each business, besides
SEED = 2025
CHANGED = 0.08  # of the visits booked: moved or called off in another call


def tables(client: "DynamoDBClient", prefix: str) -> Ports:
    """Ports over real tables, with nobody at the other end of Stripe and the phone network."""
    return Ports(
        calls=DynamoCalls(client, prefix),
        turns=DynamoTurns(client, prefix),
        customers=DynamoCustomers(client, prefix),
        jobs=DynamoJobs(client, prefix),
        payments=DynamoPayments(client, prefix),
        checkout=OpenCheckout(),
        texts=TakenTexts(),
        rings=Unrung(),
        recordings=NoRecordings(),
        mail=ArrivedMail(),
        calendars=NoCalendars(),
        follow_ups=DynamoFollowUps(client, prefix),
        inbox=DynamoInbox(client, prefix),
        texting=DynamoTexting(client, prefix),
        clips=DynamoClips(client, prefix),
        admissions=DynamoAdmissions(client, prefix),
        metrics=NoMetrics(),
    )


def write(
    ports: Ports,
    businesses: Mapping[str, Business],
    *,
    calls: int = CALLS,
    seed: int = SEED,
    said: Callable[[str], None] = lambda _: None,
    played: Callable[[], None] = lambda: None,
) -> None:
    """Play every business's four weeks. Businesses share no row, so they run side by side.

    `played` is told each call, from several threads.
    """
    share = -(-calls // len(businesses))
    with ThreadPoolExecutor(len(businesses)) as threads:
        weeks = [
            threads.submit(_weeks, ports, business, share, seed, played)
            for business in businesses.values()
        ]
        for business, week in zip(businesses.values(), weeks, strict=True):
            week.result()
            said(f"{business.name}: {share} calls")


def _weeks(
    ports: Ports, business: Business, calls: int, seed: int, played: Callable[[], None]
) -> None:
    """In the order of time: a window given back may be booked by a later call."""
    rng = random.Random(f"{seed}:{business.id}")
    second_thoughts = random.Random(f"{seed}:{business.id}:changes")
    order = itertools.count()
    waiting: list[tuple[datetime, int, Callable[[], object]]] = []

    def later(at: datetime, act: Callable[[], object]) -> None:
        heapq.heappush(waiting, (at, next(order), act))

    def play(at: datetime, *, synthetic: bool) -> None:
        call = _play(ports, business, at, rng, synthetic=synthetic)
        if synthetic:
            smoke.tidy(ports, call.call_sid, now=call.now)
            return
        played()
        for job_id in call.jobs:
            job = ports.jobs.get(job_id)
            if job is not None:
                if second_thoughts.random() < CHANGED:
                    back = call.now + timedelta(minutes=second_thoughts.randrange(20, 240))
                    later(back, lambda at=back, id=job_id: returns(call, at, id))  # type: ignore[misc]
                for when, act in (*after_booking(ports, job, rng), *after_visit(ports, job)):
                    later(when, act)

    def returns(first: SampleConversation, at: datetime, job_id: str) -> None:
        again = SampleConversation(ports, business, first.caller, at, second_thoughts)
        scripts.changes_a_visit(again, job_id)

    for at in days.moments(business, rng, calls):
        later(at, lambda at=at: play(at, synthetic=False))  # type: ignore[misc]
    for at in days.moments(business, rng, SMOKE_CALLS):
        later(at, lambda at=at: play(at, synthetic=True))  # type: ignore[misc]
    while waiting:
        heapq.heappop(waiting)[2]()


def _play(
    ports: Ports, business: Business, at: datetime, rng: random.Random, *, synthetic: bool
) -> SampleConversation:
    used = smoke.quiet(ports) if synthetic else ports
    call = SampleConversation(used, business, caller(rng), at, rng, synthetic=synthetic)
    script = scripts.books if synthetic else scripts.chosen(rng)
    script(call)
    return call
