"""The business around a call: ports in memory, a pinned clock, a calendar filled beforehand."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from services.media_bridge.call.backend import CallBackend, Clock, Dependencies
from services.media_bridge.call.opening.setup import ModelVoice
from services.media_bridge.call.word_models import WordModels
from services.media_bridge.core.events import Clip
from services.media_bridge.process import claim_weights
from shared.actions import calls
from shared.actions.admission import Admission
from shared.actions.ports import Jobs
from shared.adapters import hazard_weights
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.errors import WindowTaken
from shared.domain.models import Contact, Customer, Job, Priority, Window
from shared.domain.money import Cents
from shared.domain.stream_token import mint
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.stage.sound import Sounds
from tests.fakes import FakeWorld

CALL_SID, STREAM_SID = "CA" + "5" * 32, "MZ" + "5" * 32
LANDLINE = 30006  # how Twilio refuses a text to one
SECRET = "stream-secret"
MODEL = ModelVoice("gpt-realtime-2.1", "marin")
PUBLIC_URL = "https://example.com"


@cache
def word_models() -> WordModels:
    """What reads words, as a bridge has it; loaded once for all calls."""
    return WordModels(hazard_weights.load().verdict, claim_weights.load().read)


@dataclass(frozen=True, slots=True)
class Clips:
    """Every fixed sentence is ready as sound, as it is an hour after a deployment."""

    sounds: Sounds

    def get(self, words: str) -> Clip | None:
        return Clip(words, self.sounds.clip(words))


class World:
    """What one call finds, and what it leaves behind."""

    def __init__(self, scenario: Scenario, sounds: Sounds, now_ms: Callable[[], int]) -> None:
        found = by_id(scenario.business)
        assert found is not None, "checked when the file was read"
        self.business: Business = found
        self.scenario = scenario
        self.fakes = FakeWorld()
        began = scenario.now.astimezone(UTC)
        self.clock = Clock(lambda: began + timedelta(milliseconds=now_ms()))
        self.backend = CallBackend(
            Dependencies(
                ports=self.fakes.ports,
                business=lambda business_id: found if business_id == found.id else None,
                token_secrets=lambda: (SECRET,),
                clock=self.clock,
                voice=MODEL,
                clips=lambda _: Clips(sounds),
                public_url=lambda: PUBLIC_URL,
                pause=lambda _: None,
                admission=Admission(self.fakes.admissions),
                words=word_models(),
            )
        )
        self.token = mint(
            SECRET,
            call_sid=CALL_SID,
            business_id=found.id,
            caller=scenario.caller_id,
            synthetic=False,
            expires=int(began.timestamp()) + 60,
            nonce="n",
        )
        if scenario.setup.line_type == "landline":
            self.fakes.texts.failing[scenario.caller_id or ""] = LANDLINE
        seed(self.fakes.jobs, scenario)

    def dialled(self) -> None:
        """What the webhook of the phone network tells once a person was rung."""
        call = self.fakes.calls.get(CALL_SID)
        if call is not None and call.escalation is not None and call.escalation.result == "pending":
            answered = not self.scenario.setup.nobody_answers
            calls.dialled(self.fakes.calls, CALL_SID, answered=answered, now=self.clock.business())


def seed(jobs: Jobs, scenario: Scenario) -> None:
    """Fill the calendar as the scenario's setup has it."""
    setup = scenario.setup
    for number, start in enumerate(setup.held):
        job = _job(scenario, f"held-{number}", "Somebody Else", "+19375550199", start)
        with suppress(WindowTaken):  # named twice, it is held once
            jobs.book(job, _customer(job))
    if (known := setup.existing_job) is not None:
        job = _job(scenario, known.id, known.customer, known.phone, known.window_start)
        paid = {"deposit_paid": known.deposit_paid}
        jobs.book(job.model_copy(update=paid), _customer(job))


def _job(scenario: Scenario, job_id: str, name: str, phone: str, start: datetime) -> Job:
    """A visit that stood before the call; at a time the calendar can hold."""
    business = by_id(scenario.business)
    assert business is not None, "checked when the file was read"
    return Job(
        job_id=job_id,
        business_id=business.id,
        call_sid="CA" + "4" * 32,
        customer_name=name,
        phone=Contact(raw=phone, normalised=phone, confirmed=True),
        address=Contact(raw="", normalised="8 Elm St, Springfield, OH", confirmed=True),
        service_type="repair",
        description="booked before",
        window=Window.at(start),
        time_zone=business.time_zone,
        crew=business.crews[0],
        rate="regular",
        after_hours=False,
        is_emergency=False,
        priority=Priority.NORMAL,
        estimate=Cents(55_000),
        visit_fee=Cents(16_500),
        deposit=Cents(13_800),
        created_at=scenario.now.astimezone(UTC) - timedelta(days=3),
    )


def _customer(job: Job) -> Customer:
    return Customer(
        business_id=job.business_id,
        phone=job.phone.normalised,
        name=job.customer_name,
        created_at=job.created_at,
        updated_at=job.created_at,
    )
