"""One synthetic call to a deployment: a recorded sentence is played, and a voice has to come back.

It is marked synthetic: no text is sent, no window stays held, no Stripe session can be paid
afterwards, and no KPI and no alarm counts it. Imports nothing of the local stack, so that it also
runs where that is not: in the function that places it every hour.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.simulator.caller.recordings import Recordings
from services.simulator.phone.calls import CallRecord, PhoneEvent
from services.simulator.phone.network import PhoneNetwork
from services.simulator.scenarios.businesses import SMOKE_CALLER
from services.simulator.smoke.checks import CallRows, SmokeStep, call_steps, row_steps
from services.simulator.smoke.phone import SmokePhone
from services.simulator.speech import Speech, open_speech
from services.simulator.speech.textline import encode

VOICE, SENTENCE = "af_heart", "My AC stopped cooling and the outdoor unit is rattling."
# Signed with the rest of the form: that, and not a caller id anybody can forge, marks the call.
MARKED = {"SmokeCall": "true"}
ROWS_WITHIN_S = 20.0
LONGEST_S = 180.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A deployment to ring. `read` looks at the rows of a call; without it they are left alone."""

    public_url: str
    number: str  # a business's
    account_sid: str
    auth_token: str
    read: Callable[[str], CallRows] | None = None
    draft: str | None = None  # "<business>@<version>": what is not in force is to answer

    @property
    def marks(self) -> dict[str, str]:
        """What the form of the call has besides, signed with it."""
        return MARKED if self.draft is None else {**MARKED, "SmokeDraft": self.draft}


@dataclass(slots=True)
class Timeline:
    """When things happened, in ms since the phone rang."""

    began: float = field(default_factory=time.monotonic)
    at: dict[str, int] = field(default_factory=dict)

    def take(self, event: PhoneEvent) -> None:
        if event.kind == "stream":
            self.at.setdefault(event.text, round((time.monotonic() - self.began) * 1000))


async def against(target: Target, say: Say, sentence: bytes | None = None) -> list[SmokeStep]:
    """Place the call against what is deployed; the caller says `sentence`, or her recording."""
    timeline = Timeline()
    async with _network(target, timeline) as network:
        say(f"ringing {target.number} from {SMOKE_CALLER} at {target.public_url}")
        phone = SmokePhone(sentence or Recordings(VOICE).sound(SENTENCE))
        timeline.began = time.monotonic()
        call = await bounded(network.place_call(SMOKE_CALLER, target.number, phone, target.marks))
        await network.settled()
    steps = call_steps(call, timeline.at)
    if target.read is None:
        return [*steps, SmokeStep("rows", True, "not looked at: no stage was named")]
    return [*steps, *row_steps(await _settled(target.read, call))]


def as_data() -> bytes:
    """The sentence for a stack in text mode."""
    return encode(SENTENCE)


@asynccontextmanager
async def _network(target: Target, timeline: Timeline) -> AsyncIterator[PhoneNetwork]:
    speech: Speech = open_speech("text")  # should Twilio's own voice speak, its words are enough
    network = PhoneNetwork(
        speech,
        account_sid=target.account_sid,
        auth_token=target.auth_token,
        notify=timeline.take,
    )
    network.account.voice_url = f"{target.public_url}/incoming"
    network.account.status_callback = f"{target.public_url}/call-status"
    network.account.api_url = f"https://smoke.invalid/{secrets.token_hex(4)}"
    try:
        yield network
    finally:
        await network.close()


async def _settled(read: Callable[[str], CallRows], call: CallRecord) -> CallRows:
    """What the call left, once its row has an outcome and its jobs are closed, or time is up."""
    deadline = time.monotonic() + ROWS_WITHIN_S
    while True:
        left = await asyncio.to_thread(read, call.sid)
        if left.is_settled or time.monotonic() > deadline:
            return left
        await asyncio.sleep(0.5)


async def bounded(call: Awaitable[CallRecord]) -> CallRecord:
    """The call; raises TimeoutError when it does not come to an end."""
    return await asyncio.wait_for(call, LONGEST_S)


def report(steps: list[SmokeStep], say: Say) -> bool:
    """Say each step, and whether all are right."""
    for step in steps:
        took = f"{step.ms} ms" if step.ms is not None else ""
        say(f"{'ok' if step.ok else 'FAILED':<8}{step.what:<28}{took:>10}  {step.detail}".rstrip())
    wrong = [step.what for step in steps if not step.ok]
    say(f"FAILED: {', '.join(wrong)}" if wrong else "PASSED: this deployment answers the phone")
    return not wrong
