"""Every event reaches everybody who is to hear of it, those of one job in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from shared.actions.events.deliver import DeliveryRun, run
from shared.actions.events.ports import NotDelivered
from shared.adapters.secrets import SecretUnavailable
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.integrations import Integrations, Webhook
from shared.domain.models import Job, JobStatus, Outcome
from shared.domain.models.event import Event, EventType, event_of
from tests.examples import NOW, TONIGHT, a_call, a_customer, a_job, a_turn
from tests.fakes import FakeFollowUps, FakeWorld

URL, BOARD = "https://hooks.example.com/in", "https://board.example.com/"
LATER = NOW + timedelta(seconds=5)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Endpoints:
    """Owners' systems. `down` answer nothing; `refused` ids are answered with an error."""

    taken: list[tuple[str, str]] = field(default_factory=list)  # url, event id
    asked: list[str] = field(default_factory=list)  # urls
    down: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        self.asked.append(url)
        event = event_of(body.decode())
        assert headers["webhook-id"] == event.id
        if url in self.down or event.id in self.refused:
            raise NotDelivered("it answered 500")
        self.taken.append((url, event.id))

    def ids(self, url: str = URL) -> list[str]:
        return [event_id for at, event_id in self.taken if at == url]


@dataclass
class Bus:
    events: list[Event] = field(default_factory=list)
    down: bool = False

    def put(self, event: Event, body: str) -> None:
        if self.down:
            raise PortError("EventBridge: InternalFailure")
        assert event_of(body) == event
        self.events.append(event)


class World:
    def __init__(self, *webhooks: Webhook) -> None:
        self.fakes, self.posts, self.bus = FakeWorld(), Endpoints(), Bus()
        found = by_id("coolcare_hvac")
        assert found is not None
        self.business: Business | None = found.model_copy(
            update={"integrations": Integrations(webhooks=webhooks or (hook(),))}
        )
        self.missing = False  # the signing key

    def at(self, now: datetime) -> None:
        self.fakes.outbox.now = now

    def run(self, now: datetime = LATER, *, times: int = 1_000_000) -> Mapping[str, int]:
        left = iter(range(times))
        return run(
            DeliveryRun(
                ports=self.fakes.ports,
                outbox=self.fakes.outbox,
                bus=self.bus,
                post=self.posts,
                secret=self._secret,
                business=lambda _: self.business,
                organizer="agent@callwright.example",
                recording_link=lambda sid: f"https://voice.example.com/voicemail/{sid}",
                real_now=now,
            ),
            lambda: next(left, None) is not None,
        )

    def _secret(self, name: str) -> tuple[str, ...]:
        if self.missing:
            raise SecretUnavailable("not set")
        return (f"key of {name}",)


def hook(name: str = "crm", url: str = URL, **changes: object) -> Webhook:
    return Webhook.model_validate({"name": name, "url": url, "secret": "crm-key"} | changes)


def booked(world: World, job_id: str = "job1", hours: int = 0) -> Job:
    job = a_job(job_id, start=TONIGHT + hours * HOUR)
    world.fakes.jobs.book(job, a_customer())
    return job


def test_bus_and_webhook_are_told_once() -> None:
    world = World()
    booked(world)

    assert world.run() == {"events": 1, "delivered": 2}
    assert world.posts.ids() == ["evt:job1:0:created"]
    assert [event.type for event in world.bus.events] == [EventType.BOOKING_CREATED]
    assert world.run() == {}
    assert world.fakes.metrics.total("EventsDelivered") == 2


def test_a_webhook_hears_of_what_it_asked_for() -> None:
    world = World(hook(events=["emergency.raised"]), hook("board", BOARD))
    booked(world)
    world.fakes.calls.open(a_call())
    world.fakes.calls.note("CA1", hazard="gas_leak")
    world.run()

    assert world.posts.ids() == ["evt:CA1:emergency:gas_leak"]
    assert len(world.posts.ids(BOARD)) == 2


def test_what_comes_after_waits_for_what_was_not_taken() -> None:
    world = World()
    job = booked(world)
    world.posts.down.add(URL)
    assert world.run() == {"events": 1, "delivered": 1, "failed": 1}
    world.at(LATER)
    world.fakes.jobs.move(job, a_job(start=TONIGHT + HOUR, version=1))
    world.at(LATER + MINUTE)
    world.fakes.jobs.close("job1", JobStatus.CANCELLED, at=LATER)
    world.posts.down.clear()
    assert world.run(LATER + 2 * MINUTE)["waiting"] == 1  # ten minutes after the first try
    assert world.posts.ids() == []

    assert world.run(LATER + 10 * MINUTE)["delivered"] == 3
    assert world.posts.ids() == [
        "evt:job1:0:created",
        "evt:job1:1:rescheduled",
        "evt:job1:1:cancelled",
    ]


def test_another_job_and_another_address_do_not_wait() -> None:
    world = World(hook(), hook("board", BOARD))
    booked(world)
    booked(world, "job2", hours=4)
    world.posts.refused.add("evt:job1:0:created")
    world.run()

    assert world.posts.ids() == world.posts.ids(BOARD) == ["evt:job2:0:created"]


def test_an_address_that_is_down_costs_a_run_three_tries() -> None:
    world = World(hook(), hook("board", BOARD))
    for n in range(8):
        booked(world, f"job{n}", hours=2 * n)
    world.posts.down.add(URL)
    world.run()

    assert world.posts.asked.count(URL) == 3
    assert len(world.posts.ids(BOARD)) == 8


def test_an_address_that_keeps_failing_is_paused_and_comes_back_by_one_try() -> None:
    world = World()
    for n in range(8):
        booked(world, f"job{n}", hours=2 * n)
    world.posts.down.add(URL)
    now = LATER
    for _ in range(40):
        world.run(now)
        now += 10 * MINUTE
    assert world.fakes.metrics.total("EndpointsPaused") > 1
    before = len(world.posts.asked)
    booked(world, "new", hours=40)
    world.run(now)
    assert len(world.posts.asked) - before <= 1

    world.posts.down.clear()
    for _ in range(40):
        world.run(now)
        now += 10 * MINUTE
    assert sorted(world.posts.ids()) == sorted(
        [*(f"evt:job{n}:0:created" for n in range(8)), "evt:new:0:created"]
    )


def test_what_nobody_takes_for_a_day_is_parked_and_what_follows_goes_on() -> None:
    world = World()
    job = booked(world)
    world.posts.refused.add("evt:job1:0:created")
    world.run()
    world.at(LATER)
    world.fakes.jobs.move(job, a_job(start=TONIGHT + HOUR, version=1))
    tally = world.run(NOW + DAY + HOUR)

    assert (tally["parked"], tally["delivered"]) == (1, 2)
    assert world.posts.ids() == ["evt:job1:1:rescheduled"]
    (parked,) = world.fakes.outbox.parked()
    assert parked.follow_up_id == "webhook:crm:evt:job1:0:created"
    assert world.fakes.metrics.total("EventsParked") == 1


def test_what_was_parked_is_told_again_when_it_is_asked_for_and_has_a_day_anew() -> None:
    world = World()
    booked(world)
    world.posts.down.add(URL)
    now = NOW + DAY + HOUR
    world.run()
    assert world.run(now)["parked"] == 1
    (parked,) = world.fakes.outbox.parked()

    assert world.fakes.outbox.again(parked.follow_up_id, at=now)
    assert world.run(now) == {"failed": 1}
    world.posts.down.clear()
    assert world.run(now + 23 * HOUR) == {"delivered": 1}
    assert world.posts.ids() == ["evt:job1:0:created"]


def test_after_a_day_without_us_everything_is_still_tried() -> None:
    world = World()
    booked(world)

    assert world.run(NOW + 3 * DAY)["delivered"] == 2


def test_a_webhook_that_the_file_names_no_more_is_dropped() -> None:
    world = World()
    booked(world)
    world.posts.down.add(URL)
    world.run()
    world.business = None

    assert world.run(NOW + HOUR) == {"dropped": 1}


def test_without_its_key_or_the_bus_an_event_waits() -> None:
    world = World()
    world.missing = world.bus.down = True
    booked(world)
    assert world.run() == {"events": 1, "failed": 2}

    world.missing = world.bus.down = False
    assert world.run(NOW + HOUR) == {"delivered": 2}


def test_a_run_ends_when_its_time_is_up_and_the_next_goes_on() -> None:
    world = World()
    booked(world)
    assert world.run(times=1) == {"events": 1, "delivered": 1}
    assert world.run() == {"delivered": 1}


def test_each_address_of_a_crew_is_invited_and_the_crew_that_is_not_sent_any_more_is_told() -> None:
    world = World()
    calendars = {
        "crew-1": {"invite": ["one@coolcare.example", "boss@coolcare.example"]},
        "crew-2": {"invite": ["two@coolcare.example", "boss@coolcare.example"]},
    }
    found = by_id("coolcare_hvac")
    assert found is not None
    world.business = found.model_copy(
        update={"integrations": Integrations.model_validate({"calendars": calendars})}
    )
    job = booked(world)
    world.run()
    assert sorted((to, method) for to, method, _ in world.fakes.mail.invitations) == [
        ("boss@coolcare.example", "REQUEST"),
        ("one@coolcare.example", "REQUEST"),
    ]
    world.fakes.mail.invitations.clear()
    world.at(LATER)
    world.fakes.jobs.move(job, a_job(crew="crew-2", version=1))
    world.fakes.mail.fails = True
    assert world.run(LATER + MINUTE)["failed"] == 3
    world.fakes.mail.fails = False
    world.run(LATER + HOUR)

    assert sorted((to, method) for to, method, _ in world.fakes.mail.invitations) == [
        ("boss@coolcare.example", "REQUEST"),
        ("one@coolcare.example", "CANCEL"),
        ("two@coolcare.example", "REQUEST"),
    ]
    assert not [each for each in world.fakes.follow_ups.rows if "@" in each]


def ended(world: World, **changes: object) -> None:
    call = a_call(ended_at=NOW, outcome=Outcome.QUOTE_ONLY).model_copy(update=changes)
    world.fakes.calls.open(call.model_copy(update={"outcome": None}))
    world.fakes.calls.conclude(call, final=True)


def reporting(world: World, **report: object) -> None:
    found = by_id("coolcare_hvac")
    assert found is not None
    wanted = Integrations.model_validate({"report": report})
    mailbox = {"office_email": "office@coolcare.example", "integrations": wanted}
    world.business = found.model_copy(update=mailbox)


def test_the_office_is_mailed_a_call_once_its_words_are_written() -> None:
    world = World()
    reporting(world, by="mail")
    ended(world)
    assert world.run() == {"events": 1, "delivered": 1, "waiting": 1}
    world.fakes.turns.add([a_turn(text="How much is it?")])
    world.run(LATER + 2 * MINUTE)

    ((to, subject, body),) = world.fakes.mail.sent
    assert (to, subject) == (
        "office@coolcare.example",
        "CoolCare HVAC: 555-123-0000, a quote, not booked",
    )
    assert "Caller: How much is it?" in body


def test_a_call_whose_outcome_is_not_wanted_is_not_reported() -> None:
    world = World()
    reporting(world, by="mail", outcomes=["booked"])
    ended(world)
    assert world.run() == {"events": 1, "delivered": 1}


def test_slack_is_posted_to_and_a_refusal_is_tried_again() -> None:
    world = World()
    reporting(world, by="slack", webhook="office-slack")
    ended(world)
    world.run()
    posted: list[tuple[str, bytes]] = []

    class Slack:
        down = True

        def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
            if self.down:
                raise NotDelivered("it answered 500")
            posted.append((url, body))

    world.posts = slack = Slack()  # type: ignore[assignment]
    assert world.run(LATER + 2 * MINUTE)["failed"] == 1
    slack.down = False
    world.run(LATER + HOUR)
    ((url, body),) = posted
    assert url == "key of office-slack"
    assert b"a quote, not booked" in body


def test_who_dies_between_telling_and_noting_it_tells_it_again() -> None:
    world = World()
    booked(world)

    class Dying(FakeFollowUps):
        def done(self, follow_up_id: str) -> None:
            raise PortError("the fake table is down")

    dying = Dying()
    dying.rows = world.fakes.follow_ups.rows
    alive, world.fakes.follow_ups = world.fakes.follow_ups, dying
    with pytest.raises(PortError):
        world.run()
    with pytest.raises(PortError):
        world.run()
    world.fakes.follow_ups = alive

    assert world.run(LATER + MINUTE)["waiting"] == 2
    assert world.run(LATER + 11 * MINUTE) == {"delivered": 2}
    assert world.posts.ids() == ["evt:job1:0:created"] * 2
