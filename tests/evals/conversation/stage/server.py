"""A Realtime server on the virtual clock: the protocol's events, at the pace of a real session.

It does what the product's own stand-in (services/simulator/realtime) does, without sockets and
threads, so that a call of two minutes is over in a fraction of a second. What it is told and what
it says are the wire's own messages: the bridge's leg writes and reads them.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from random import Random

from services.simulator.receptionist import Agent, Say, Use
from services.simulator.receptionist.briefing import exact_words
from tests.evals.conversation.stage.meter import Meter
from tests.evals.conversation.stage.response import Message, Pace, Response
from tests.evals.conversation.stage.sound import FRAME_BYTES, FRAME_MS, Sentence, Sounds
from tests.evals.conversation.stage.timeline import Timeline

DELTA_FRAMES = 10


class VoiceServer:
    """One session. `deliver` takes each server event; `agent` is the mind behind the voice."""

    def __init__(
        self,
        agent: Agent,
        sounds: Sounds,
        timeline: Timeline,
        deliver: Callable[[Message], None],
        pace: Pace,
        chance: Random,
    ) -> None:
        self._chance = chance
        self._agent, self._sounds, self._timeline = agent, sounds, timeline
        self._deliver, self._pace = deliver, pace
        self._session: Message = {}
        self._active: Response | None = None
        self._beside: dict[str, Response] = {}  # out of the conversation, by id
        self._spoken: dict[str, Sentence] = {}  # the agent's items
        self._calls: dict[str, str] = {}  # call id -> tool
        self._latest: Response | None = None  # the last in the conversation
        self._numbers = 0
        self._meter = Meter()
        self.said: list[tuple[int, str]] = []  # when each sentence was begun, heard or not
        self.refused: list[str] = []  # errors the client was told of: each is a mistake of its

    def open(self) -> None:
        self._emit("session.created", session={"id": "sess_1"})

    def _id(self, kind: str) -> str:
        self._numbers += 1
        return f"{kind}_{self._numbers}"

    def _emit(self, kind: str, **fields: object) -> None:
        self._deliver({"type": kind, "event_id": self._id("event"), **fields})

    # -- what the client asks ---------------------------------------------------------------

    def receive(self, message: Message) -> None:
        """One client event; sound never comes here."""
        match message["type"]:
            case "session.update":
                self._session.update(message["session"])
                self._agent.brief(self._session["instructions"], self._session["tools"])
                self._meter.session(self._session["instructions"], self._session["tools"])
                self._timeline.after(self._pace.request, self._updated)
            case "response.create":
                self._create(message.get("response", {}), message.get("event_id"))
            case "response.cancel":
                self._cancel_asked(message)
            case "conversation.item.create":
                self._item(message["item"])
            case "conversation.item.truncate":
                self._truncate(message)
            case "conversation.item.delete":
                self._delete(message)
            case "input_audio_buffer.commit":
                self._emit("input_audio_buffer.committed", item_id=self._id("item"))

    def _updated(self) -> None:
        self._emit("session.updated", session={"id": "sess_1"})

    def _create(self, asked: Message, event_id: str | None) -> None:
        if asked.get("conversation", "auto") != "none" and self._active is not None:
            self._refuse("conversation_already_has_active_response", event_id)
        else:
            self._begin(asked)

    def _cancel_asked(self, message: Message) -> None:
        wanted = message.get("response_id")
        response = self._beside.get(wanted or "") or self._active
        if response is None or wanted not in (None, response.id):
            self._refuse("response_cancel_not_active", message.get("event_id"))
        else:
            self._cancel(response, "client_cancelled")

    def _item(self, item: Message) -> None:
        if item["type"] == "function_call_output":
            self._meter.told(item["output"])
            self._agent.answered(self._calls.get(item["call_id"], ""), item["output"])
            return
        words = " ".join(
            part.get("text") or part.get("transcript") or "" for part in item["content"]
        )
        self._meter.told(words)
        told = {"system": self._agent.instructed, "assistant": self._agent.spoken}
        told.get(item["role"], self._agent.heard)(words)

    def _truncate(self, message: Message) -> None:
        sentence = self._spoken.get(message["item_id"])
        if sentence is None or message["audio_end_ms"] > sentence.ms:
            self._refuse("invalid_value", message.get("event_id"))
        else:
            self._agent.cut(sentence.until(message["audio_end_ms"]))

    def _delete(self, message: Message) -> None:
        item_id = message["item_id"]
        if self._spoken.pop(item_id, None) is not None:
            latest = self._latest
            if latest is not None and latest.item == item_id and not latest.called:
                self._agent.take_back()

    def _refuse(self, code: str, event_id: str | None) -> None:
        self.refused.append(code)
        error = {"type": "invalid_request_error", "code": code, "message": code}
        self._emit("error", error=error | {"event_id": event_id})

    # -- what the caller does ---------------------------------------------------------------

    @property
    def _turns(self) -> Message:
        detection = self._session.get("audio", {}).get("input", {}).get("turn_detection")
        return detection or {}

    @property
    def silence_ms(self) -> int:
        """How much silence ends a turn."""
        return int(self._turns.get("silence_duration_ms", 500))

    def caller_speaks(self) -> str:
        """Speech is noticed; returns the item it will be."""
        item_id = self._id("item")
        self._emit("input_audio_buffer.speech_started", item_id=item_id, audio_start_ms=0)
        if self._active is not None and self._turns.get("interrupt_response", True):
            self._cancel(self._active, "turn_detected")
        return item_id

    def caller_stopped(self, item_id: str, words: str) -> None:
        """The silence that ends a turn has passed."""
        where = {"item_id": item_id}
        self._emit("input_audio_buffer.speech_stopped", audio_end_ms=0, **where)
        self._agent.heard(words)
        self._meter.heard(words)
        self._emit("input_audio_buffer.committed", previous_item_id=None, **where)
        self._timeline.after(self._pace.transcript, lambda: self._transcribed(item_id, words))
        if self._turns.get("create_response", True) and self._active is None:
            self._begin({})

    def _transcribed(self, item_id: str, words: str) -> None:
        kind = "conversation.item.input_audio_transcription.completed"
        self._emit(kind, item_id=item_id, content_index=0, transcript=words)

    # -- responses --------------------------------------------------------------------------

    def _begin(self, asked: Message) -> None:
        response = Response(self._id("resp"), asked)
        if response.in_conversation:
            self._active = self._latest = response
        else:
            self._beside[response.id] = response
        self._timeline.after(self._pace.request, lambda: self._think(response))

    def _think(self, response: Response) -> None:
        if response.is_over:
            return
        self._emit("response.created", response=response.wire("in_progress"))
        instructions = response.asked.get("instructions")
        if response.in_conversation:
            response.acts = self._agent.respond(instructions)
        else:
            response.acts = [Say(exact_words(instructions or "") or self._agent.summary())]
        if (response.asked.get("tool_choice") or "auto") == "none":
            response.acts = [act for act in response.acts if isinstance(act, Say)]
        says = bool(response.acts) and isinstance(response.acts[0], Say)
        first = self._pace.first_sound if says else self._pace.first_call
        taken = round(first * self._chance.lognormvariate(0, self._pace.spread))
        self._timeline.after(taken, lambda: self._act(response))

    def _act(self, response: Response) -> None:
        """Put out the next of what the agent wants."""
        if response.is_over:
            return
        if response.made == len(response.acts):
            self._end(response, "completed")
            return
        act = response.acts[response.made]
        if isinstance(act, Say):
            self._say(response, act.text)
        else:
            self._call(response, act)

    def _call(self, response: Response, act: Use) -> None:
        call_id = self._id("call")
        self._calls[call_id] = act.name
        response.called += 1
        item = {
            "id": self._id("item"),
            "type": "function_call",
            "status": "completed",
            "name": act.name,
            "call_id": call_id,
            "arguments": json.dumps(act.arguments),
        }
        self._emit("response.output_item.done", response_id=response.id, item=item)
        self._done(response, self._pace.next_act // 4)

    def _say(self, response: Response, text: str) -> None:
        sentence, sound = self._sounds.make(text)
        self.said.append((self._timeline.now_ms, text))
        item_id = self._id("item")
        response.item, response.said = item_id, ""
        self._spoken[item_id] = sentence
        step = FRAME_BYTES * DELTA_FRAMES
        deltas = [sound[at : at + step] for at in range(0, len(sound), step)]
        if deltas:
            self._delta(response, item_id, sentence, deltas, 0)
        else:
            self._done(response, 0)

    def _delta(
        self, response: Response, item_id: str, sentence: Sentence, deltas: list[bytes], at: int
    ) -> None:
        if response.is_over:
            return
        where = {"response_id": response.id, "item_id": item_id, "content_index": 0}
        ms = len(deltas[at]) // FRAME_BYTES * FRAME_MS
        # Words come a little before their sound, as they do in the captures.
        words = sentence.text if at + 1 == len(deltas) else sentence.until((at + 2) * 10 * FRAME_MS)
        if len(words) > len(response.said):
            kind = "response.output_audio_transcript.delta"
            self._emit(kind, delta=words[len(response.said) :], **where)
            response.said = words
        audio = b64encode(deltas[at]).decode()
        self._emit("response.output_audio.delta", delta=audio, **where)
        response.sent_ms += ms
        wait = round(ms / self._pace.sound)
        if at + 1 < len(deltas):
            self._timeline.after(
                wait, lambda: self._delta(response, item_id, sentence, deltas, at + 1)
            )
            return
        kind = "response.output_audio_transcript.done"
        self._emit(kind, transcript=sentence.text, **where)
        self._message_done(response, item_id, sentence.text, "completed")
        self._done(response, self._pace.next_act)

    def _message_done(self, response: Response, item_id: str, text: str, status: str) -> None:
        item = {"id": item_id, "type": "message", "role": "assistant", "status": status}
        content = [{"type": "output_audio", "transcript": text}]
        fields = {"response_id": response.id, "item": item | {"content": content}}
        self._emit("response.output_item.done", **fields)

    def _done(self, response: Response, wait_ms: int) -> None:
        response.made += 1
        last = response.made == len(response.acts)
        self._timeline.after(0 if last else wait_ms, lambda: self._act(response))

    def _cancel(self, response: Response, reason: str) -> None:
        if response.item is not None and response.made < len(response.acts):
            act = response.acts[response.made]
            if isinstance(act, Say):
                self._message_done(response, response.item, response.said, "incomplete")
        if response.in_conversation:
            for act in response.acts[response.made :]:
                if isinstance(act, Use):
                    self._agent.unsent(act)
            if response.acts and not response.sent_ms and not response.called:
                self._agent.take_back()
        self._end(response, "cancelled", {"type": "cancelled", "reason": reason})

    def _end(self, response: Response, status: str, details: Message | None = None) -> None:
        response.is_over = True
        if response is self._active:
            self._active = None
        self._beside.pop(response.id, None)
        usage = self._meter.usage(response)
        self._emit("response.done", response=response.wire(status, details, usage))
