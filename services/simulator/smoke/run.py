"""The smoke call on a local stack: the whole booking of the specification, spoken as text."""

import time

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.scenarios.businesses import SMOKE_CALLER
from services.simulator.scenarios.scenario import Scenario
from services.simulator.smoke.checks import (
    CallRows,
    SmokeStep,
    call_steps,
    disclosed,
    quiet_steps,
    row_steps,
    stripe_steps,
)
from services.simulator.smoke.ringing import MARKED, Say, Timeline, bounded
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack, Watch


async def against_local(say: Say, spec: Scenario, *, speed: float) -> list[SmokeStep]:
    """Start the local stack and place the call in text mode, to the business of the script."""
    script, timeline = spec.model_copy(update={"caller": SMOKE_CALLER}), Timeline()
    speech = open_speech("text")
    watch = Watch(progress=say, phone=timeline.take)
    async with Stack(speech, at=script.at, speed=speed, watch=watch) as stack:
        caller = ScriptedCaller(script, speech, lambda _: None)
        try:
            timeline.began = time.monotonic()
            network = stack.network
            call = await bounded(network.place_call(SMOKE_CALLER, script.dialed, caller, MARKED))
        finally:
            caller.close()
        await stack.network.settled()
        await stack.settled_rows()
        await stack.stop_bridge()  # and with it the last writes are done
        await stack.stripe.delivered()
        left = CallRows.of(call.sid, await stack.rows())
        return [
            *call_steps(call, timeline.at),
            disclosed(call),
            *row_steps(left),
            *stripe_steps(left, stack.stripe.account.sessions),
            *quiet_steps(stack.network.sms.taken, stack.logs.metrics),
        ]
