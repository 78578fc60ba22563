"""Makes the responses: asks the agent what to say and do, and stops when interrupted."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Conversation, Item
from services.simulator.realtime.protocol.client_events import ResponseFields
from services.simulator.realtime.protocol.server_events import Emit
from services.simulator.realtime.protocol.validate import InvalidEvent
from services.simulator.realtime.responses.meter import TokenMeter
from services.simulator.realtime.responses.misreading import Misreading, misread
from services.simulator.realtime.responses.output import AgentOutput
from services.simulator.realtime.responses.paced_voice import PacedVoice
from services.simulator.realtime.responses.reader import ConversationReader
from services.simulator.realtime.responses.response import Response
from services.simulator.receptionist import Agent, Say
from services.simulator.receptionist.briefing import exact_words

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Drills:
    """What is to go wrong, for the client's sake."""

    drop_after: int | None = None  # responses after which each socket is closed
    refuse_connect: bool = False  # answer upgrades with 503
    hangs_up: bool = False  # on whoever dials, without an answer
    # Kinds of events that are not sent, with the code of the error in their place, if any.
    spoilt: dict[str, str] = field(default_factory=dict)
    fail_next: str | None = None  # the code the next response fails with
    # How the next responses that only read do not read what they should: recitals, and those of
    # sessions without tools.
    misreadings: list[Misreading] = field(default_factory=list)


class Responder:
    """The responses of one session: one at a time in the conversation, others beside it."""

    def __init__(
        self,
        agent: Agent,
        voice: PacedVoice,
        conversation: Conversation,
        emit: Emit,
        drills: Drills,
    ) -> None:
        self._agent = agent
        self._conversation = conversation
        self._emit = emit
        self._drills = drills
        self._reader = ConversationReader(agent, conversation)
        self._output = AgentOutput(conversation, self._reader, voice, emit)
        self._meter = TokenMeter()
        self._tasks: set[asyncio.Task[None]] = set()
        # The last response in the conversation that the agent was asked for, until it is taken
        # back because nothing of it was heard.
        self._latest: Response | None = None
        self.session: dict[str, Any] = {}  # the session object, as it is now
        self.active: Response | None = None  # the one under way in the conversation
        self._beside: dict[str, Response] = {}  # those under way beside it, by id

    @property
    def has_spoken(self) -> bool:
        return self._output.has_spoken

    @property
    def done(self) -> int:
        """How many responses are over."""
        return self._meter.responses

    def create(self, asked: ResponseFields) -> Response:
        """Begin a response.

        Raises:
            InvalidEvent: one is active already, or it should speak in a format not spoken here.
        """
        if asked.conversation == "auto" and self.active is not None:
            message = (
                "Conversation already has an active response in progress: "
                f"{self.active.id}. Wait until the response is finished before creating a new one."
            )
            raise InvalidEvent("conversation_already_has_active_response", message)
        response = self._new(asked)
        if response.speaks and response.audio["output"]["format"]["type"] != "audio/pcmu":
            message = "This local server speaks audio/pcmu only; set session.audio.output.format."
            raise InvalidEvent("unsupported_format", message, "response.audio.output.format")
        if response.in_conversation:
            self.active = response
        else:
            self._beside[response.id] = response
        self._emit("response.created", {"response": response.wire()})
        response.task = asyncio.get_running_loop().create_task(self._run(response))
        self._tasks.add(response.task)
        response.task.add_done_callback(lambda task: self._ended(response, task))
        return response

    def cancel(self, reason: str, response_id: str | None = None) -> bool:
        """Stop the active response, or the one beside the conversation that is meant.

        The agent learns what of it never got out: calls that were not sent, and all of it when
        not even a first sound was.
        """
        response = self.active
        if response_id is not None and (response is None or response_id != response.id):
            response = self._beside.get(response_id)
        if response is None:
            return False
        if response.task is not None:
            response.task.cancel()
        self._output.break_off(response)
        for use in response.unsent:
            self._agent.unsent(use)
        if response.responded and not response.sent_ms and not response.calls_a_function:
            self._agent.take_back()
            self._latest = None
        self._finish(response, "cancelled", {"type": "cancelled", "reason": reason})
        return True

    def unheard(self, item: Item) -> None:
        """An item was deleted: when it was all of the last response, nothing of that was heard."""
        latest = self._latest
        if latest is None or item not in latest.output or latest.calls_a_function:
            return
        if self.active is None or self.active is latest:
            self._agent.take_back()
            self._latest = None

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, response: Response, task: asyncio.Task[None]) -> None:
        """Let the client hear of a response that broke: it would wait for its end forever."""
        self._tasks.discard(task)
        broke = None if task.cancelled() else task.exception()
        if broke is None or response.status != "in_progress":
            return
        logger.error("a response broke", exc_info=broke)
        self._output.break_off(response)
        error = {"type": "server_error", "code": "server_error", "message": "Something broke."}
        self._finish(response, "failed", {"type": "failed", "error": error})

    # -- one response ----------------------------------------------------------------------

    def _new(self, asked: ResponseFields) -> Response:
        output = {key: self.session["audio"]["output"][key] for key in ("format", "voice")}
        if asked.audio is not None and asked.audio.output is not None:
            output.update(asked.audio.output.model_dump(exclude_none=True))
        return Response(
            ids.new("resp"),
            self._conversation.id,
            asked,
            list(asked.output_modalities or self.session["output_modalities"]),
            {"output": output},
            asked.max_output_tokens or self.session["max_output_tokens"],
        )

    async def _run(self, response: Response) -> None:
        if self._drills.fail_next is not None:
            code, self._drills.fail_next = self._drills.fail_next, None
            error = {"type": code, "code": code, "message": "The response could not be made."}
            self._finish(response, "failed", {"type": "failed", "error": error})
            return
        if not response.in_conversation:
            response.acts = [Say(self._read_alone(response))]
        else:
            await self._reader.read()
            response.acts = self._agent.respond(response.asked.instructions)
            self._latest = response
        response.responded = True
        response.began_at = asyncio.get_running_loop().time()
        if (response.asked.tool_choice or self.session["tool_choice"]) == "none":
            response.acts = [act for act in response.acts if isinstance(act, Say)]
        if self._drills.misreadings and (not self.session["tools"] or response.is_recital):
            how = self._drills.misreadings.pop(0)
            response.acts = [Say(misread(a.text, how)) for a in response.acts if isinstance(a, Say)]
        for act in response.acts:
            if isinstance(act, Say):
                await self._output.say(response, act.text)
            else:
                self._output.call(response, act)
            response.made += 1
        self._finish(response, "completed", None)

    def _read_alone(self, response: Response) -> str:
        """What comes of a context of its own: the words it is to read, else a summary."""
        words = exact_words(response.asked.instructions or "") if response.is_recital else None
        return words if words is not None else self._agent.summary()

    def _finish(self, response: Response, status: str, details: dict[str, Any] | None) -> None:
        response.status, response.status_details = status, details
        if response is self.active:
            self.active = None
        self._beside.pop(response.id, None)
        self._meter.end(response, self.session, self._conversation)
        self._emit("response.done", {"response": response.wire()})
        self._emit("rate_limits.updated", {"rate_limits": self._meter.rate_limits(response)})
