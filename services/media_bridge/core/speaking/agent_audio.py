"""What the caller hears of the agent: played, held back, dropped or cut, and noted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.read_back import ReadBack
from services.media_bridge.core.speaking.playback import (
    BYTES_PER_MS,
    ClockWatch,
    Cut,
    Playback,
    byte_length,
)
from services.media_bridge.core.speaking.response_queue import ResponseQueue
from services.media_bridge.core.speaking.transcript import AgentTurn, Transcript, words_heard
from shared.domain.spoken.cards import mask

# Base64 of 900 ms: a multiple of four characters, so that every piece stands for itself.
CLIP_PIECE = 9_600
# More than any response may hold (max_output_tokens); what is beyond it is dropped.
MOST_HELD = 2_000


@dataclass(frozen=True, slots=True)
class HeardOfItems:
    """What was heard of some items, in words and sound; `whole`: all that there was of them."""

    text: str
    ms: int
    whole: bool


class FirstSounds:
    """How long the caller waited for a first sound: of the call, and after each of their turns."""

    def __init__(self) -> None:
        # `at_ms` of Twilio's `start`; None again once something was played.
        self._opened: int | None = None
        # `at_ms` of the end of the caller's newest turn; None once it was answered with sound, or
        # the caller speaks again.
        self._caller_stopped: int | None = None

    def line_opened(self, at_ms: int) -> None:
        self._opened = at_ms

    def caller_stopped(self, at_ms: int) -> None:
        self._caller_stopped = at_ms

    def caller_spoke(self) -> None:
        """Nothing answers the turn before any more."""
        self._caller_stopped = None

    @property
    def awaited(self) -> bool:
        """The caller waits for a first sound."""
        return self._opened is not None or self._caller_stopped is not None

    def played(self, at_ms: int, turn: AgentTurn) -> Iterator[do.Command]:
        """Sound of `turn` is played: measure where it was the first."""
        if self._opened is not None:
            yield do.Measure("FirstAudioMs", at_ms - self._opened)
            self._opened = None
        if self._caller_stopped is not None:
            turn.latency_ms = at_ms - self._caller_stopped
            yield do.Measure("TurnLatencyMs", turn.latency_ms)
            self._caller_stopped = None


class AgentAudioOut:
    """The agent's sound on its way to the caller, and what the model is told of it."""

    def __init__(
        self, transcript: Transcript, read_back: ReadBack, responses: ResponseQueue
    ) -> None:
        # Told of every turn; of what was read back; asked for new ids.
        self._transcript, self._read_back, self._responses = transcript, read_back, responses
        # What was sent to the phone network, and how much of it was heard.
        self.playback = Playback()
        # Whether the phone network still plays.
        self.clock_watch = ClockWatch()
        # For the latencies.
        self.first_sounds = FirstSounds()
        # Responses of which nothing more is played: they were cut, or never to be heard.
        self._dropped: set[str] = set()
        # Sound that may not be heard yet, in order; released or dropped as a whole.
        self._held: list[ev.AgentAudio] = []
        # Responses of which something was played.
        self._spoke: set[str] = set()
        # Our truncations, request id -> item: each is tried once more at most.
        self._truncated: dict[str, str] = {}

    @property
    def idle(self) -> bool:
        """Nothing is left to be heard of what we have."""
        return not self._held and self.playback.idle

    def spoke(self, response_id: str) -> bool:
        return response_id in self._spoke or any(a.response_id == response_id for a in self._held)

    # -- playing ------------------------------------------------------------------------------

    def play_clip(self, at_ms: int, item_id: str, text: str, clip: str) -> Iterator[do.Command]:
        turn = self._transcript.agent_began(at_ms, item_id, response_id="")
        turn.text, turn.ended = text, True
        for start in range(0, len(clip), CLIP_PIECE):
            yield from self._play(at_ms, item_id, clip[start : start + CLIP_PIECE], turn)

    def audio(self, event: ev.AgentAudio, *, hold: bool) -> list[do.Command]:
        """Play a delta, or keep it until it may be heard. What was cut comes no further."""
        if event.response_id in self._dropped or not byte_length(event.payload):
            return []
        if hold or self._held:
            if len(self._held) < MOST_HELD:
                self._held.append(event)
            return []
        return list(self._deliver(event, event.at_ms))

    def release(self, at_ms: int) -> list[do.Command]:
        held, self._held = self._held, []
        return [command for event in held for command in self._deliver(event, at_ms)]

    def _deliver(self, event: ev.AgentAudio, at_ms: int) -> Iterator[do.Command]:
        turn = self._transcript.agent_began(at_ms, event.item_id, event.response_id)
        self._spoke.add(event.response_id)
        yield from self._play(at_ms, event.item_id, event.payload, turn)

    def _play(
        self, at_ms: int, item_id: str, payload: str, turn: AgentTurn
    ) -> Iterator[do.Command]:
        if self.first_sounds.awaited:
            yield from self.first_sounds.played(at_ms, turn)
        yield do.PlayAudio(payload)
        yield do.PlaceMark(self.playback.sent(item_id, byte_length(payload)))

    # -- what becomes of it -------------------------------------------------------------------

    def said(self, event: ev.AgentSaid) -> list[do.Command]:
        """The words of an item. Those of an item never played were never said."""
        turn = self._transcript.agent.get(event.item_id)
        if turn is None:
            if event.response_id in self._dropped:
                return []
            turn = self._transcript.agent_began(event.at_ms, event.item_id, event.response_id)
        if turn.text == event.text:
            return []
        turn.text = event.text
        self._read_back.agent_said(event.item_id, event.text, event.response_id)
        if turn.cut is not None:
            return [self._note(turn)]
        return self.finished()

    def words(self, item_id: str) -> str:
        """What the caller has heard of an item, or is about to hear."""
        turn = self._transcript.agent.get(item_id)
        if turn is None:
            return ""
        text = mask(turn.text or "")
        return words_heard(text, turn.cut) if turn.cut else text

    def items(self, response_id: str) -> list[str]:
        return [t.item_id for t in self._transcript.agent.values() if t.response_id == response_id]

    def heard(self, item_ids: Iterable[str]) -> HeardOfItems:
        """What the caller has heard of these items by now, by marks and the media clock.

        The words are those that fit the share of the sound, none where none was heard.
        """
        words, heard_ms, whole = [], 0, True
        for item_id in item_ids:
            turn = self._transcript.agent.get(item_id)
            playback = self.playback
            cut = (turn and turn.cut) or Cut(
                item_id, playback.heard_ms(item_id), playback.sent_ms(item_id)
            )
            if turn is not None and cut.heard_ms:
                words.append(words_heard(mask(turn.text or ""), cut))
            heard_ms += cut.heard_ms
            whole = whole and 0 < cut.sent_ms <= cut.heard_ms and item_id not in self._waiting
        return HeardOfItems(" ".join(words), heard_ms, whole=whole and heard_ms > 0)

    @property
    def _waiting(self) -> set[str]:
        return {event.item_id for event in self._held}

    def under_way(self, item_id: str) -> bool:
        """Some of an item may still be heard."""
        return item_id in self._waiting or not self.playback.played(item_id)

    def response_ended(self, response_id: str) -> list[do.Command]:
        """Nothing more comes of it: what is cut or played by now is complete."""
        notes: list[do.Command] = []
        for turn in self._turns():
            if turn.response_id == response_id:
                turn.ended = True
                if turn.cut is not None:
                    notes.append(self._note(turn))
        return notes + self.finished()

    def finished(self) -> list[do.Command]:
        """Note the turns that were heard to their end."""
        held = self._waiting
        return [
            self._note(turn)
            for turn in self._turns()
            if turn.ended
            and turn.cut is None
            and turn.item_id not in held
            and self.playback.played(turn.item_id)
        ]

    def _turns(self) -> list[AgentTurn]:
        return [turn for turn in self._transcript.agent.values() if not turn.noted]

    def _note(self, turn: AgentTurn) -> do.NoteTurn:
        note = turn.note()
        if turn.cut is not None:
            self._read_back.agent_said(turn.item_id, note.heard or "", turn.response_id)
        return note

    # -- stopping -----------------------------------------------------------------------------

    def drop(self, response_id: str | None) -> list[do.Command]:
        """Let nothing more of a response be heard; the model forgets what was not."""
        if response_id is not None:
            self._dropped.add(response_id)
        held, self._held = self._held, []
        unheard: dict[str, int] = {}
        for event in held:
            if self.playback.sent_ms(event.item_id) == 0:
                size = byte_length(event.payload)
                unheard[event.item_id] = unheard.get(event.item_id, 0) + size
            self._dropped.add(event.response_id)
        commands: list[do.Command] = []
        for item_id, size in unheard.items():
            event = next(event for event in held if event.item_id == item_id)
            turn = self._transcript.agent_began(event.at_ms, item_id, event.response_id)
            turn.cut = Cut(item_id, 0, size // BYTES_PER_MS)
            if turn.text is not None:
                self._read_back.agent_said(item_id, "", turn.response_id)  # nobody heard it
            commands.append(do.ForgetItem(self._responses.number("f"), item_id))
        return commands

    def cut(self, active: str | None) -> list[do.Command]:
        """Stop the sound at once, then tell the model what was heard of it.

        The order matters: clear first, else the phone network plays on while the rest travels.
        The model must not remember words the caller never heard.
        """
        cuts = self.playback.cut()
        commands: list[do.Command] = [do.ClearPlayback()] if cuts else []
        for cut in cuts:
            turn = self._transcript.agent.get(cut.item_id)
            if turn is None:
                continue
            turn.cut = cut
            self._dropped.add(turn.response_id)
            if turn.response_id and cut.heard_ms:
                commands.append(self._truncate(cut.item_id, cut.heard_ms))
            elif turn.response_id:
                commands.append(do.ForgetItem(self._responses.number("f"), cut.item_id))
        commands += self.drop(active)
        for cut in cuts:
            turn = self._transcript.agent.get(cut.item_id)
            if turn is not None and (turn.ended or turn.text is not None):
                commands.append(self._note(turn))
        return commands

    def _truncate(self, item_id: str, heard_ms: int) -> do.Truncate:
        request_id = self._responses.number("t")
        self._truncated[request_id] = item_id
        return do.Truncate(request_id, item_id, heard_ms)

    def truncation_refused(self, request_id: str | None, length_ms: int) -> Iterator[do.Command]:
        """The server counts the item shorter than we do: cut it where it ends, once.

        `length_ms`: of the item, as the server has it. A refusal that names no request is taken
        for that of the newest truncation.
        """
        if request_id is None and self._truncated:
            request_id = next(reversed(self._truncated))
        item_id = self._truncated.pop(request_id or "", None)
        if item_id is not None and length_ms >= 1:
            yield do.Truncate(self._responses.number("t"), item_id, length_ms)

    def line_closed(self) -> None:
        """The line is gone: what was not played will never be heard."""
        cuts = {cut.item_id: cut for cut in self.playback.cut()}
        for turn in self._turns():
            turn.cut = turn.cut or cuts.get(turn.item_id)
