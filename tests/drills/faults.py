"""The faults: when each comes, what is done, and what has to become of the caller."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.simulator.scenarios.scenario import OnCall
from services.simulator.speech import Speech
from services.simulator.stack.local import Stack, Watch
from shared import schema
from tests.drills.edge import FallbackEdge
from tests.drills.front import TablesFront

ACCEPTS: Final = OnCall(answers="accepts")
NOBODY: Final = OnCall()


class DrillStack(Stack):
    """The whole stack, what stands before its tables, and the number's fallback as deployed."""

    def __init__(self, speech: Speech, *, at: datetime, speed: float, watch: Watch) -> None:
        self.front, self.fallback = TablesFront(), FallbackEdge()
        super().__init__(speech, at=at, speed=speed, watch=watch, front=self.front)


Act = Callable[[DrillStack], None]

GOES_ON: Final = "goes on"  # the agent goes on, and the call ends booked
PERSON: Final = "a person"  # the caller is rung through
MAILBOX: Final = "the mailbox"
FALLBACK: Final = "requests of the fallback"  # CloudFront's own metric
EITHER: Final = "goes on, or a person"


@dataclass(frozen=True, slots=True)
class Drill:
    """One fault. It comes when the caller says `line`, "" before the call; of a webhook when Twilio
    first asks it."""

    name: str
    line: str
    act: Act
    becomes: str
    metric: str = ""  # which has to be counted
    person: OnCall = ACCEPTS
    scenario: str = "spec"
    webhook: str = ""  # its path
    code: str = ""  # which the log has to say
    outside: str = ""  # why the promise does not hold here


# -- what is done ----------------------------------------------------------------------------------

_TASKS: set[asyncio.Task[None]] = set()


def drop_model(stack: DrillStack) -> None:
    task = asyncio.get_running_loop().create_task(stack.model.drop_now())
    _TASKS.add(task)
    task.add_done_callback(_TASKS.discard)


def drop_model_always(stack: DrillStack) -> None:
    stack.model.drop_after(1)
    drop_model(stack)


def mute_model(stack: DrillStack) -> None:
    stack.model.mute_now()


def no_model(stack: DrillStack) -> None:
    stack.model.refuse_connect(True)


def no_model_any_more(stack: DrillStack) -> None:
    stack.model.refuse_connect(True)
    drop_model(stack)


def model_hangs_up(stack: DrillStack) -> None:
    stack.model.hang_up_on_connect()


def spoilt(*kinds: str, error: str = "") -> Act:
    return lambda stack: stack.model.spoil(*kinds, error=error)


def turns_stick(stack: DrillStack) -> None:
    """It has noticed that somebody speaks, and never that they are done."""
    transcribed = "conversation.item.input_audio_transcription"
    stack.model.spoil(
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        f"{transcribed}.delta",
        f"{transcribed}.completed",
    )


def errors_for_responses(stack: DrillStack) -> None:
    stack.model.spoil("response.created", error="rate_limit_exceeded")
    stack.model.spoil(*RESPONSE)


def fails(code: str) -> Act:
    return lambda stack: stack.model.fail_next_response(code)


def bridge_gets(number: signal.Signals) -> Act:
    def act(stack: DrillStack) -> None:
        if stack.bridge_pid is not None:
            os.kill(stack.bridge_pid, number)

    return act


def tables_get(number: signal.Signals) -> Act:
    def act(stack: DrillStack) -> None:
        if stack.tables_pid is not None:
            os.kill(stack.tables_pid, number)

    return act


def stripe_slow(seconds: float) -> Act:
    def act(stack: DrillStack) -> None:
        stack.stripe.api.delay_s = seconds

    return act


def stripe_fails(stack: DrillStack) -> None:
    stack.stripe.fail_next(40)


def texts_refused(code: int) -> Act:
    def act(stack: DrillStack) -> None:
        stack.network.sms.refused["+15551230000"] = code

    return act


def tables_take(seconds: float, *tables: str) -> Act:
    """Each answer of these, or of all."""

    def act(stack: DrillStack) -> None:
        stack.front.slow.update(dict.fromkeys(tables or schema.TABLES, seconds))

    return act


def table_is(kind: str, *tables: str) -> Act:
    def act(stack: DrillStack) -> None:
        stack.front.failing.update(dict.fromkeys(tables, kind))

    return act


def texts_take(seconds: float) -> Act:
    def act(stack: DrillStack) -> None:
        stack.network.sms.delay_s = seconds

    return act


def no_texts(stack: DrillStack) -> None:
    stack.network.sms.is_down = True


def webhook_is(kind: str, path: str) -> Act:
    def act(stack: DrillStack) -> None:
        faults = stack.function_faults
        (faults.dead if kind == "is dead" else faults.hanging).add(path)

    return act


def socket_breaks_off(stack: DrillStack) -> None:
    stack.network.media_faults.breaks = True


def caller_s_frames_stop(stack: DrillStack) -> None:
    stack.network.media_faults.sends = False


def nothing_is_played(stack: DrillStack) -> None:
    stack.network.media_faults.reads.clear()


# -- all of them -----------------------------------------------------------------------------------

EARLY, MIDDLE, DETAILS, BOOKS, BOOKED = "My AC", "No smells", "Sarah Miller", "nine to", "Gate code"
# Of a call without one of its tables. Without `calls` nothing tells that it ended well.
WITHOUT: Final = {
    schema.CALLS: EITHER,
    schema.AGENT_TURNS: GOES_ON,
    schema.CUSTOMERS: PERSON,
    schema.JOBS: PERSON,
    schema.PAYMENTS: GOES_ON,
}
# Of a call one of whose webhooks is gone: what is played, who is on call, what becomes of it.
WEBHOOKS: Final = {
    "/incoming": ("spec", ACCEPTS, PERSON),
    "/after-stream": ("human", ACCEPTS, PERSON),
    "/whisper": ("human", ACCEPTS, PERSON),
    "/whisper-accept": ("human", ACCEPTS, PERSON),
    "/handoff": ("human_nobody", NOBODY, MAILBOX),
    "/voicemail": ("human_nobody", NOBODY, MAILBOX),
}
# What is sent of a response.
RESPONSE: Final = (
    "response.done",
    *(
        f"response.{part}.{how}"
        for parts, hows in (
            (("output_item", "content_part"), ("added", "done")),
            (("output_audio", "output_audio_transcript"), ("delta", "done")),
            (("function_call_arguments",), ("delta", "done")),
        )
        for part in parts
        for how in hows
    ),
)
FAILED, REOPENED, CUT = "ModelSessionFailed", "ModelReopened", "CallsEndedAbnormally"

DRILLS: Final = (
    Drill("the model refuses every connection", "", no_model, PERSON, FAILED, code="503"),
    Drill("the model closes every connection unanswered", "", model_hangs_up, PERSON, FAILED),
    Drill(
        "the model refuses the session's settings",
        "",
        spoilt("session.updated", error="unknown_parameter"),
        PERSON,
        FAILED,
        code="unknown_parameter",
    ),
    Drill("the model never takes the settings", "", spoilt("session.updated"), PERSON, FAILED),
    Drill("the model never notices that she is done", DETAILS, turns_stick, EITHER),
    Drill(
        "the model has errors in place of responses",
        DETAILS,
        errors_for_responses,
        PERSON,
        FAILED,
        code="rate_limit_exceeded",
    ),
    Drill("the model drops before it has said a word", EARLY, drop_model, GOES_ON, REOPENED),
    Drill("the model drops between turns", MIDDLE, drop_model, GOES_ON, REOPENED),
    Drill(
        "the model drops while the caller says who they are", DETAILS, drop_model, GOES_ON, REOPENED
    ),
    Drill("the model drops as the window is picked", BOOKS, drop_model, GOES_ON, REOPENED),
    Drill("the model drops once it is booked", BOOKED, drop_model, GOES_ON, REOPENED),
    Drill("the model drops again and again", MIDDLE, drop_model_always, PERSON, FAILED),
    Drill("the model drops and refuses to be dialled", DETAILS, no_model_any_more, PERSON, FAILED),
    Drill("the same, and nobody is on call", DETAILS, no_model_any_more, MAILBOX, FAILED, NOBODY),
    Drill("the model falls mute before its first word", EARLY, mute_model, GOES_ON, REOPENED),
    Drill("the model falls mute under the caller's words", DETAILS, mute_model, GOES_ON, REOPENED),
    Drill("the model falls mute once it is booked", BOOKED, mute_model, GOES_ON, REOPENED),
    *(
        Drill(f"a response fails: {what}", MIDDLE, fails(code), becomes, metric, code=code)
        for what, code, becomes, metric in (
            ("rate limit", "rate_limit_exceeded", GOES_ON, ""),
            ("no quota", "insufficient_quota", PERSON, FAILED),
            ("the session expired", "session_expired", GOES_ON, REOPENED),
        )
    ),
    Drill("the bridge is killed", DETAILS, bridge_gets(signal.SIGKILL), PERSON, CUT),
    Drill(
        "the bridge is killed, nobody on call",
        DETAILS,
        bridge_gets(signal.SIGKILL),
        MAILBOX,
        CUT,
        NOBODY,
    ),
    Drill(
        "the bridge is killed as the window is picked",
        BOOKS,
        bridge_gets(signal.SIGKILL),
        PERSON,
        CUT,
    ),
    Drill("the bridge is told to stop (SIGTERM)", DETAILS, bridge_gets(signal.SIGTERM), GOES_ON),
    Drill("the bridge is told to hurry (SIGINT)", DETAILS, bridge_gets(signal.SIGINT), PERSON, CUT),
    Drill(
        "the bridge's host stops",
        DETAILS,
        bridge_gets(signal.SIGSTOP),
        EITHER,
        outside="a host that stands still tells nobody; ECS replaces the task in about a minute",
    ),
    Drill("the tables are gone in mid call", DETAILS, tables_get(signal.SIGKILL), PERSON),
    Drill("the tables hang in mid call", DETAILS, tables_get(signal.SIGSTOP), PERSON),
    Drill("the tables are gone as the window is picked", BOOKS, tables_get(signal.SIGKILL), PERSON),
    Drill("every answer of the tables takes 0.3 s", EARLY, tables_take(0.3), GOES_ON),
    Drill("every answer of the tables takes 2 s", EARLY, tables_take(2), EITHER),
    *(
        Drill(f"the table {table} is {kind}", EARLY, table_is(kind, table), becomes)
        for kind in ("throttled", "down")
        for table, becomes in WITHOUT.items()
    ),
    *(
        Drill(f"the table {table} takes 2 s", EARLY, tables_take(2, table), EITHER)
        for table in WITHOUT
    ),
    *(
        Drill(
            f"the webhook {path} {kind}",
            "",
            webhook_is(kind, path),
            becomes,
            FALLBACK,
            person,
            scenario,
            path,
        )
        for kind in ("is dead", "hangs")
        for path, (scenario, person, becomes) in WEBHOOKS.items()
    ),
    Drill("the caller's socket breaks off", MIDDLE, socket_breaks_off, PERSON, CUT),
    Drill("no frame of the caller's comes any more", MIDDLE, caller_s_frames_stop, PERSON, CUT),
    Drill(
        "nothing is played to the caller any more",
        MIDDLE,
        nothing_is_played,
        EITHER,
        outside="a phone network that does not read its socket does not read its end either",
    ),
    Drill("Stripe takes 20 s", BOOKS, stripe_slow(20), GOES_ON, "CheckoutFailed"),
    Drill("Stripe fails", BOOKS, stripe_fails, GOES_ON, "CheckoutFailed", code="500"),
    Drill("Twilio takes 8 s for a text", BOOKS, texts_take(8), GOES_ON, "SmsFailed"),
    Drill("Twilio takes no text at all", BOOKS, no_texts, GOES_ON, "SmsFailed", code="20503"),
    Drill(
        "the caller's text is refused: a landline",
        BOOKS,
        texts_refused(21614),
        GOES_ON,
        "SmsFailed",
        code="21614",
    ),
    Drill(
        "the caller's text is refused: a full queue",
        BOOKS,
        texts_refused(21611),
        GOES_ON,
        "SmsFailed",
        code="21611",
    ),
)
# Those that are played with every test run.
ALWAYS: Final = (
    "the model falls mute under the caller's words",
    "the bridge is killed as the window is picked",
    "the tables hang in mid call",
    "the webhook /after-stream hangs",
)
