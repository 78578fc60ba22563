"""What a call left behind on the local stack, as the graders read it: rows, texts, its journal."""

import json
from bisect import bisect_right
from collections.abc import Iterable

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import events_of
from services.media_bridge.core.session import CallSession
from services.simulator.phone.legs.stream import FIRST_TIMESTAMP_MS
from services.simulator.stack import aws
from services.simulator.stack.environment import PREFIX
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import meta
from shared import schema
from shared.actions.ports import Jobs
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.customers import DynamoCustomers
from shared.adapters.dynamo.jobs import DynamoJobs
from tests.evals.conversation.stage.played import Played
from tests.fakes import Text

KEEP_DAYS = 30  # of rows that live as long as the test


def jobs_of(stack: Stack) -> Jobs:
    """The stack's calendar."""
    client = aws.dynamodb(stack.environment["AWS_ENDPOINT_URL"])
    return DynamoJobs(client, PREFIX, keep_days=KEEP_DAYS)


async def read(stack: Stack, played: Played) -> None:
    """Put the stack's rows, and the texts that phones got, into `played.left`."""
    client = aws.dynamodb(stack.environment["AWS_ENDPOINT_URL"])
    rows, left = await stack.rows(), played.left
    if call := DynamoCalls(client, PREFIX, keep_days=KEEP_DAYS).get(played.call_sid):
        left.calls.rows[call.call_sid] = call
    jobs, customers = jobs_of(stack), DynamoCustomers(client, PREFIX)
    for row in meta(rows, schema.JOBS):
        if job := jobs.get(row["job_id"]):
            left.jobs.rows[job.job_id] = job
    for row in meta(rows, schema.CUSTOMERS):
        if customer := customers.get(row["business_id"], row["phone"]):
            left.customers.rows[customer.business_id, customer.phone] = customer
    left.texts.sent += [Text(each.to, each.body, each.sender) for each in stack.network.sms.taken]


class _Clock:
    """The phone's media time of the bridge's: a busy machine slows the one and not the other."""

    def __init__(self, began_ms: int) -> None:
        self._began_ms = began_ms  # of the stream, on the phone's
        self._bridge = [0]
        self._phone = [began_ms]

    def frame(self, at_ms: int, media_ms: int) -> None:
        self._bridge.append(at_ms)
        self._phone.append(self._began_ms + media_ms - FIRST_TIMESTAMP_MS)

    def phone_ms(self, at_ms: int) -> int:
        return self._phone[max(0, bisect_right(self._bridge, at_ms) - 1)]


def retell(played: Played, journal: Iterable[str], began_ms: int) -> list[int]:
    """Tell what was said, used and measured, from the call's journal: the same events lead to the
    same commands. Returns when tools were called.

    Times are the phone's; `began_ms` is when its stream did.
    """
    session, clock, tools = CallSession(), _Clock(began_ms), list[int]()
    for event, _ in events_of(journal):
        if isinstance(event, ev.CallerAudio):
            clock.frame(event.at_ms, event.media_ms)
        at_ms = clock.phone_ms(event.at_ms)
        match event:
            case ev.ToolCalled():
                played.note(at_ms, "tool", f"{event.name} {json.dumps(event.arguments)}")
                tools.append(at_ms)
            case ev.AgentSaid():
                played.said.append((at_ms, event.text))
            case ev.ModelRefused():
                played.protocol_errors.append(event.code)
        for command in session.handle(event):
            played.keep(at_ms, command)
    for turn in played.turns.values():
        if turn.role == "assistant":
            _agent_said(played, turn, clock.phone_ms(turn.at_ms))
    played.lines.sort(key=lambda line: line.at_ms)
    return tools


def _agent_said(played: Played, turn: do.NoteTurn, at_ms: int) -> None:
    heard = (turn.heard or "") if turn.cut else turn.text
    if heard:
        played.note(at_ms, "agent", heard)
