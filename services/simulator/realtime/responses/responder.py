"""Makes the responses: asks the agent what to say and do, speaks it, and stops when interrupted."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Conversation, Item
from services.simulator.realtime.protocol.client_events import ResponseFields
from services.simulator.realtime.protocol.validate import InvalidEvent
from services.simulator.realtime.responses.response import Emit, ItemWriter, Response, call_item
from services.simulator.realtime.usage import usage
from services.simulator.receptionist import Agent, Say, Use
from services.simulator.speech import Speech

logger = logging.getLogger(__name__)

DELTA_BYTES = 1600  # 200 ms
HEAD_START_MS = 400
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_RATE_LIMIT = 40_000


@dataclass(slots=True)
class Drills:
    """What is to go wrong, for the client's sake."""

    drop_after: int | None = None
    refuse_connect: bool = False
    fail_next: str | None = None


class Responder:
    """The responses of one session: one at a time in the conversation, others beside it."""

    def __init__(
        self,
        agent: Agent,
        speech: Speech,
        pool: ThreadPoolExecutor,
        conversation: Conversation,
        emit: Emit,
        pace: float | None,
        drills: Drills,
    ) -> None:
        self._agent = agent
        self._speech = speech
        self._pool = pool
        self._conversation = conversation
        self._emit = emit
        self._pace = pace
        self._drills = drills
        self._conversation_id = ids.new("conv")
        self._digested: set[str] = set()
        self._writer: dict[str, ItemWriter] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._latest: Response | None = None
        self._seen_tokens = 0
        self.session: dict[str, Any] = {}
        self.active: Response | None = None
        self.has_spoken = False
        self.done = 0

    def create(self, asked: ResponseFields) -> Response:
        """Begin a response.

        Raises:
            Refused: one is active already, or it should speak in a format not spoken here.
        """
        if asked.conversation == "auto" and self.active is not None:
            message = (
                "Conversation already has an active response in progress: "
                f"{self.active.id}. Wait until the response is finished before creating a new one."
            )
            raise InvalidEvent("conversation_already_has_active_response", message)
        response = self._new(asked)
        if (
            "audio" in response.modalities
            and response.audio["output"]["format"]["type"] != "audio/pcmu"
        ):
            message = "This local server speaks audio/pcmu only; set session.audio.output.format."
            raise InvalidEvent("unsupported_format", message, "response.audio.output.format")
        if response.in_conversation:
            self.active = response
        self._emit("response.created", {"response": response.wire()})
        response.task = asyncio.get_running_loop().create_task(self._run(response))
        self._tasks.add(response.task)
        response.task.add_done_callback(lambda task: self._ended(response, task))
        return response

    def cancel(self, reason: str, response_id: str | None = None) -> bool:
        """Stop the active response, if there is one and it is the one meant."""
        response = self.active
        if response is None or response_id not in (None, response.id):
            return False
        if response.task is not None:
            response.task.cancel()
        writer = self._writer.pop(response.id, None)
        if writer is not None:
            self._end(writer, response, "incomplete")
        for use in response.unsent:
            self._agent.unsent(use)
        if response.responded and not response.sent_ms and not self._called(response):
            self._agent.take_back()
            self._latest = None
        self._finish(response, "cancelled", {"type": "cancelled", "reason": reason})
        return True

    def unheard(self, item: Item) -> None:
        """An item was deleted: when it was all of the last response, nothing of that was heard."""
        latest = self._latest
        if latest is None or item not in latest.output or self._called(latest):
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
        writer = self._writer.pop(response.id, None)
        if writer is not None:
            self._end(writer, response, "incomplete")
        error = {"type": "server_error", "code": "server_error", "message": "Something broke."}
        self._finish(response, "failed", {"type": "failed", "error": error})

    # -- one response ----------------------------------------------------------------------

    def _new(self, asked: ResponseFields) -> Response:
        output = {key: self.session["audio"]["output"][key] for key in ("format", "voice")}
        if asked.audio is not None and asked.audio.output is not None:
            output.update(asked.audio.output.model_dump(exclude_none=True))
        return Response(
            ids.new("resp"),
            self._conversation_id,
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
            response.acts = [Say(self._agent.summary())]
        else:
            await self._digest()
            response.acts = self._agent.respond(response.asked.instructions)
            self._latest = response
        response.responded = True
        response.began_at = asyncio.get_running_loop().time()
        if (response.asked.tool_choice or self.session["tool_choice"]) == "none":
            response.acts = [act for act in response.acts if isinstance(act, Say)]
        for act in response.acts:
            if isinstance(act, Say):
                await self._say(response, act.text)
            else:
                self._call(response, act)
            response.made += 1
        self._finish(response, "completed", None)

    async def _digest(self) -> None:
        """Let the agent take in, in order, every item it has not seen."""
        for item in list(self._conversation.items):
            if item.id in self._digested:
                continue
            words = await item.transcription if item.transcription is not None else item.text
            if item.id in self._digested or item not in self._conversation.items:
                continue
            self._digested.add(item.id)
            if item.type == "function_call_output":
                call = self._conversation.called(item.call_id or "")
                self._agent.answered(call.name or "" if call else "", item.output or "")
            elif item.role == "user":
                self._agent.heard(words)
            elif item.role == "system":
                self._agent.told(words)
            elif item.role == "assistant":
                self._agent.spoken(words)

    async def _say(self, response: Response, text: str) -> None:
        writer = ItemWriter(
            response, self._emit, Item(ids.new("item"), "message", role="assistant")
        )
        self._writer[response.id] = writer
        writer.begin(lambda item: self._remember(item, response))
        for index, sentence in enumerate(_SENTENCE.split(text)):
            writer.words(f" {sentence}" if index else sentence)
            if "audio" in response.modalities:
                async for chunk in self._sound(sentence):
                    writer.sound(chunk)
                    self.has_spoken = True
                    await self._keep_pace(response)
                writer.sentence(sentence)
        del self._writer[response.id]
        self._end(writer, response, "completed")

    async def _sound(self, text: str) -> AsyncIterator[bytes]:
        """Yield the sound of a sentence in deltas; synthesised in a thread."""
        loop = asyncio.get_running_loop()
        chunks: Iterator[bytes] = iter(self._speech.voice.speak(text))
        while True:
            chunk = await loop.run_in_executor(self._pool, next, chunks, None)
            if chunk is None:
                return
            for start in range(0, len(chunk), DELTA_BYTES):
                yield chunk[start : start + DELTA_BYTES]

    async def _keep_pace(self, response: Response) -> None:
        """Wait when more has been sent than `pace` times real time allows."""
        if self._pace is None:
            return
        passed_ms = (asyncio.get_running_loop().time() - response.began_at) * 1000
        ahead_ms = (response.sent_ms - HEAD_START_MS) / self._pace - passed_ms
        if ahead_ms > 0:
            await asyncio.sleep(ahead_ms / 1000)

    def _call(self, response: Response, use: Use) -> None:
        writer = ItemWriter(response, self._emit, call_item(use))
        writer.begin(lambda item: self._remember(item, response))
        writer.arguments(json.dumps(use.arguments))
        self._end(writer, response, "completed")

    def _remember(self, item: Item, response: Response) -> None:
        if not response.in_conversation:
            return
        self._digested.add(item.id)  # her own words
        previous = self._conversation.add(item)
        fields = {"previous_item_id": previous, "item": item.wire()}
        self._emit("conversation.item.added", fields)

    def _end(self, writer: ItemWriter, response: Response, status: str) -> None:
        writer.end(status)
        if response.in_conversation and writer.item in self._conversation.items:
            index = self._conversation.items.index(writer.item)
            previous = self._conversation.items[index - 1].id if index else None
            fields = {"previous_item_id": previous, "item": writer.item.wire()}
            self._emit("conversation.item.done", fields)

    def _finish(self, response: Response, status: str, details: dict[str, Any] | None) -> None:
        response.status, response.status_details = status, details
        if response is self.active:
            self.active = None
        if status != "failed":
            own = set(map(id, response.output))
            context = [item for item in self._conversation.items if id(item) not in own]
            response.usage = usage(self.session, context, response.output, self._seen_tokens)
            self._seen_tokens = response.usage["input_tokens"]
        self.done += 1
        self._emit("response.done", {"response": response.wire()})
        left = _RATE_LIMIT - (response.usage or {}).get("total_tokens", 0)
        limit = {"name": "tokens", "limit": _RATE_LIMIT, "remaining": max(left, 0)}
        limit["reset_seconds"] = round((_RATE_LIMIT - left) * 60 / _RATE_LIMIT, 3)
        self._emit("rate_limits.updated", {"rate_limits": [limit]})

    def _called(self, response: Response) -> bool:
        return any(item.type == "function_call" for item in response.output)
