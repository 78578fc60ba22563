"""What becomes of the caller's line and its token: opened, redeemed or refused, closed."""

from collections.abc import Iterator
from typing import Final

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import on_model, reopening, waiting
from services.media_bridge.core.phases import ModelState, Phase
from services.media_bridge.core.speaking import announcing, disclosure
from services.media_bridge.core.speaking.announcements import DISCLOSURE, Announcement
from services.media_bridge.core.speaking.playback import byte_length
from services.media_bridge.core.state import CallState
from services.media_bridge.core.timers import Timer
from shared.domain.outcomes import EndReason, Failure

# A call that is one, and that the model does not take.
_A_PERSON_INSTEAD: Final = {
    "unavailable": Failure.REDEMPTION_UNAVAILABLE,
    "model_down": Failure.MODEL_DOWN,
    "calls_often": Failure.CALLS_OFTEN,
    "over_budget": Failure.OVER_BUDGET,
}

# -- opening ----------------------------------------------------------------------


def opened(call: CallState, event: ev.LineOpened) -> Iterator[do.Command]:
    if call.phase is not Phase.NEW:
        return
    call.phases.enter(Phase.REDEEMING)
    call.ending.opened_ms = event.at_ms
    call.audio_out.first_sounds.line_opened(event.at_ms)
    call.timers.clear(Timer.START)
    call.timers.set(Timer.REDEEM, event.at_ms + waiting.REDEEM_MS)
    yield do.RedeemToken(event.token, event.call_sid, event.stream_sid)


def redeemed(call: CallState, event: ev.TokenRedeemed) -> Iterator[do.Command]:
    setup = event.setup
    if call.phase is not Phase.REDEEMING:
        return
    call.phases.enter(Phase.LIVE)
    call.setup = setup
    own = (setup.instructions, setup.disclosure, *setup.guidance.values())
    call.guards.claims.begin(own, setup.now, event.at_ms)
    call.timers.clear(Timer.REDEEM)
    call.set_cap()
    waiting.watch_frames(call, event.at_ms)
    call.timers.set(Timer.MODEL, event.at_ms + waiting.MODEL_MS)
    clip = setup.disclosure_clip
    if clip is not None and byte_length(clip.audio):
        yield from announcing.announce(
            call, event.at_ms, Announcement(DISCLOSURE, clip.text, clip.audio)
        )
    else:
        yield from announcing.announce(
            call, event.at_ms, Announcement(DISCLOSURE, setup.disclosure, None)
        )
    if call.phases.model is ModelState.LOST:
        yield from reopening.reopen(call, event.at_ms, Failure.MODEL_LOST)
    else:
        yield from on_model.start_session(call)


def refused(call: CallState, event: ev.TokenRefused) -> Iterator[do.Command]:
    if call.phase is not Phase.REDEEMING:
        return
    failure = _A_PERSON_INSTEAD.get(event.reason)
    if failure is not None:
        yield from call.fail(event.at_ms, failure, failure=failure)
    else:
        yield from call.finish(EndReason.REFUSED)


# -- closing ----------------------------------------------------------------------


def drain(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """The container is being stopped: a call is not moved, it is handed to a person."""
    why, failure = EndReason.DRAINING, Failure.DRAINING
    if call.phase is Phase.NEW:
        yield from call.finish(why, failure)
    elif call.phase is not Phase.ENDING:
        yield from call.hand_over(at_ms, failure, reason=why, failure=failure)


def closed(call: CallState, event: ev.LineClosed) -> Iterator[do.Command]:
    """The caller is gone. During our goodbye that is how the call was to end."""
    yield from disclosure.note(call, event.at_ms)
    if event.reason == "protocol":
        yield from call.finish(EndReason.FAILED, Failure.PROTOCOL, line_gone=True)
    elif call.closing is not None and call.closing.reason is EndReason.GOODBYE:
        yield from call.finish(EndReason.GOODBYE, call.closing.failure, line_gone=True)
    elif event.reason == "dropped":
        # Nobody hung up: the caller is still there, and Twilio asks what to do with them.
        yield from call.finish(EndReason.DROPPED, Failure.DROPPED, line_gone=True)
    else:
        yield from call.finish(EndReason(event.reason), line_gone=True)
