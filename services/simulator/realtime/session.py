"""One Realtime session: every client event is answered here, in the order in which they come."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Conversation, Item
from services.simulator.realtime.input.listener import Listener, Reactions
from services.simulator.realtime.protocol import client_events as ev
from services.simulator.realtime.protocol import settings
from services.simulator.realtime.protocol.session_fields import SessionFields
from services.simulator.realtime.protocol.validate import InvalidEvent, audio_of, read
from services.simulator.realtime.responses.paced_voice import PacedVoice
from services.simulator.realtime.responses.responder import Drills, Responder
from services.simulator.receptionist import Agent
from services.simulator.speech import Speech

Note = Callable[..., None]  # kind, text, and the item where it is one


class Session:
    """What one socket talks to. `send` takes an event that goes out at once, in order."""

    def __init__(
        self,
        model: str,
        agent: Agent,
        speech: Speech,
        pool: ThreadPoolExecutor,
        send: Callable[[dict[str, Any]], None],
        note: Note,
        now: float,
        pace: float | None,
        drills: Drills,
    ) -> None:
        self._send = send
        self._note = note
        self._agent = agent
        self._conversation = Conversation()
        # The session object as the client sees it; replaced, never changed, by an update.
        self._session = settings.fresh(ids.new("sess"), model, now)
        reactions = Reactions(
            self._caller_spoke, self._caller_ended, self._caller_idle, self._transcribed
        )
        self._listener = Listener(speech, pool, self._conversation, self._emit, reactions)
        voice = PacedVoice(speech.voice, pool, pace)
        self._responder = Responder(agent, voice, self._conversation, self._emit, drills)
        self._listener.configure(self._session["audio"]["input"])
        self._responder.session = self._session

    @property
    def responses(self) -> int:
        """How many responses are done."""
        return self._responder.done

    def open(self) -> None:
        """Say hello: session.created comes before anything else."""
        self._emit("session.created", {"session": self._session})

    def receive(self, text: str) -> None:
        """Do what one client message asks, or refuse it; the session goes on either way."""
        event_id: str | None = None
        try:
            event = read(text)
            event_id = event.event_id
            self._do(event)
        except InvalidEvent as refused:
            self._refuse(refused, refused.event_id or event_id)

    async def close(self) -> None:
        """Stop whatever is under way."""
        await self._responder.close()
        await self._listener.close()

    # -- what the client asks --------------------------------------------------------------

    def _do(self, event: ev.AnyClientEvent) -> None:
        match event:
            case ev.Append():
                self._listener.hear(audio_of(event.audio))
            case ev.Commit():
                self._listener.commit()
            case ev.Clear():
                self._listener.clear()
            case ev.SessionUpdate():
                self._update(event.session)
            case ev.ItemCreate():
                self._create_item(event)
            case ev.ItemRetrieve():
                item = self._conversation.take(event.item_id, "retrieve")
                self._emit("conversation.item.retrieved", {"item": item.wire()})
            case ev.ItemTruncate():
                self._truncate(event)
            case ev.ItemDelete():
                self._delete(event.item_id)
            case ev.ResponseCreate():
                self._responder.create(event.response)
            case ev.ResponseCancel():
                if not self._responder.cancel("client_cancelled", event.response_id):
                    message = "Cancellation failed: no active response found"
                    raise InvalidEvent("response_cancel_not_active", message)

    def _update(self, asked: SessionFields) -> None:
        has_spoken = self._responder.has_spoken
        self._session = settings.updated(self._session, asked, has_spoken=has_spoken)
        self._responder.session = self._session
        self._listener.configure(self._session["audio"]["input"])
        self._agent.brief(self._session["instructions"], self._session["tools"])
        self._emit("session.updated", {"session": self._session})

    def _create_item(self, event: ev.ItemCreate) -> None:
        item, clip = self._item(event.item)
        previous = self._conversation.add(item, event.previous_item_id)
        if clip:
            self._listener.transcribe(item, clip)
        fields = {"previous_item_id": previous, "item": item.wire()}
        self._emit("conversation.item.added", fields)
        self._emit("conversation.item.done", fields)

    def _item(self, asked: ev.Item) -> tuple[Item, bytes]:
        """Return the item a client wants, and its sound.

        Raises:
            InvalidEvent: it answers a call that was never made, or its sound is not base64.
        """
        item = Item(asked.id or ids.new("item"), asked.type)
        clip = b""
        if isinstance(asked, ev.FunctionCallOutput):
            if self._conversation.called(asked.call_id) is None:
                message = f"Tool call ID '{asked.call_id}' not found in conversation."
                raise InvalidEvent("invalid_tool_call_id", message)
            item.call_id, item.output = asked.call_id, asked.output
        elif isinstance(asked, ev.FunctionCall):
            item.name, item.arguments = asked.name, asked.arguments
            item.call_id = asked.call_id or ids.new("call", 16)
        else:
            item.role = asked.role
            for part in asked.content:
                if isinstance(part, ev.InputAudio):
                    clip += audio_of(part.audio)
                    item.content.append({"type": part.type, "transcript": part.transcript})
                else:
                    item.content.append({"type": part.type, "text": part.text})
        return item, clip

    def _truncate(self, event: ev.ItemTruncate) -> None:
        heard = self._conversation.truncate(event.item_id, event.content_index, event.audio_end_ms)
        self._agent.cut(heard)
        self._emit(
            "conversation.item.truncated",
            {
                "item_id": event.item_id,
                "content_index": event.content_index,
                "audio_end_ms": event.audio_end_ms,
            },
        )

    def _delete(self, item_id: str) -> None:
        item = self._conversation.take(item_id, "delete")
        self._conversation.items.remove(item)
        self._responder.unheard(item)
        self._emit("conversation.item.deleted", {"item_id": item_id})

    # -- what the caller does --------------------------------------------------------------

    @property
    def _turn_detection(self) -> dict[str, Any]:
        return self._session["audio"]["input"]["turn_detection"] or {}

    def _caller_spoke(self) -> None:
        if self._turn_detection.get("interrupt_response"):
            self._responder.cancel("turn_detected")

    def _caller_ended(self) -> None:
        # While a response goes on (interrupt_response is false) the real one makes none either.
        if self._turn_detection.get("create_response") and self._responder.active is None:
            self._respond()

    def _caller_idle(self) -> None:
        if self._responder.active is None:
            self._respond()

    def _respond(self) -> None:
        try:
            self._responder.create(ev.ResponseFields())
        except InvalidEvent as refused:
            self._refuse(refused, None)

    def _transcribed(self, text: str) -> None:
        self._note("heard", text)

    # -- what goes out ---------------------------------------------------------------------

    def _emit(self, kind: str, fields: dict[str, Any]) -> None:
        self._send({"type": kind, "event_id": ids.new("event"), **fields})
        if kind == "response.done":
            self._tell(fields["response"])

    def _tell(self, response: dict[str, Any]) -> None:
        """Note for whoever watches what was said and called, and count the caller's patience."""
        spoken = 0
        for shown in response["output"]:
            if shown["type"] == "function_call":
                self._note("tool", f"{shown['name']} {shown['arguments']}")
                continue
            item = self._conversation.find(shown["id"])
            spoken += item.audio_ms if item is not None else 0
            said = " ".join(part.get("transcript", "") for part in shown["content"])
            self._note("said", said, shown["id"])
        self._listener.agent_ends(spoken)

    def _refuse(self, refused: InvalidEvent, event_id: str | None) -> None:
        self._note("refused", refused.args[0])
        error = {
            "type": "invalid_request_error",
            "code": refused.code,
            "message": refused.message,
            "param": refused.param,
            "event_id": event_id,
        }
        self._emit("error", {"error": error})
