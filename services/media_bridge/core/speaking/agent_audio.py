"""What the caller hears of the agent: played, held back, dropped or cut, and noted."""

from collections.abc import Iterable, Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.read_back import ReadBack
from services.media_bridge.core.speaking.first_sounds import FirstSounds
from services.media_bridge.core.speaking.playback import (
    BYTES_PER_MS,
    ClockWatch,
    Cut,
    HeardOfItems,
    Playback,
    byte_length,
)
from services.media_bridge.core.speaking.recital import Recital, Recitals
from services.media_bridge.core.speaking.response_queue import ResponseQueue
from services.media_bridge.core.speaking.transcript import AgentTurn, Transcript, words_heard
from services.media_bridge.core.speaking.truncations import Truncations

# Base64 of 900 ms: a multiple of four characters, so that every piece stands for itself.
CLIP_PIECE = 9_600
# More than any response may hold (max_output_tokens); what is beyond it is dropped.
MOST_HELD = 2_000


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
        # What is being read word for word, by its response.
        self.recitals = Recitals()
        # Responses of which something was played.
        self._spoke: set[str] = set()
        self.truncations = Truncations(responses.number)

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
            yield from self._play(at_ms, clip[start : start + CLIP_PIECE], turn)
        yield from self.mark()

    def audio(self, event: ev.AgentAudio, *, hold: bool) -> list[do.Command]:
        """Play a delta, or keep it until it may be heard. What was cut comes no further."""
        if event.response_id in self._dropped or not byte_length(event.payload):
            return []
        recital = self.recitals.get(event.response_id)
        if recital is None:
            return self._play_or_hold(event, event.at_ms, hold=hold)
        recital.sounds(event)
        return self._read_on(recital, event.at_ms, hold=hold)

    def _play_or_hold(self, event: ev.AgentAudio, at_ms: int, *, hold: bool) -> list[do.Command]:
        if hold or self._held:
            if len(self._held) < MOST_HELD:
                self._held.append(event)
            return []
        return self._deliver(event, at_ms)

    def release(self, at_ms: int) -> list[do.Command]:
        held, self._held = self._held, []
        return [command for event in held for command in self._deliver(event, at_ms)]

    def mark(self) -> list[do.Command]:
        """Have told when all was played that was sent by now."""
        name = self.playback.mark()
        return [] if name is None else [do.PlaceMark(name)]

    def _deliver(self, event: ev.AgentAudio, at_ms: int) -> list[do.Command]:
        turn = self._began(at_ms, event)
        self._spoke.add(event.response_id)
        return self._play(at_ms, event.payload, turn)

    def _play(self, at_ms: int, payload: str, turn: AgentTurn) -> list[do.Command]:
        first = self.first_sounds.played(at_ms, turn) if self.first_sounds.awaited else ()
        commands = [*first, do.PlayAudio(payload)]
        if mark := self.playback.sent(turn.item_id, byte_length(payload)):
            commands.append(do.PlaceMark(mark))
        return commands

    def _began(self, at_ms: int, event: ev.AgentAudio | ev.AgentSaid) -> AgentTurn:
        turn = self._transcript.agent_began(at_ms, event.item_id, event.response_id)
        if recital := self.recitals.get(event.response_id):
            turn.sentence = recital.sentence
        return turn

    # -- what is read word for word -----------------------------------------------------------

    def misread(self, response_id: str) -> None:
        """It reads something else: the model is told of none of it."""
        self.recitals.over(response_id)
        for turn in self._transcript.agent.values():
            if turn.response_id == response_id:
                turn.sentence = ""

    def misreads(self, event: ev.AgentSaid) -> bool:
        """Whether these are other words than it was to read. Of one cut short they are fewer."""
        recital = self.recitals.get(event.response_id)
        dropped = event.response_id in self._dropped
        return recital is not None and not dropped and not recital.reads(event.text)

    def recited(self, response_id: str, letters: int, *, hold: bool) -> list[do.Command]:
        """So many letters of the sentence were read: let so much of the sound be heard."""
        recital = self.recitals.get(response_id)
        if recital is None or response_id in self._dropped:
            return []
        recital.letters = max(recital.letters, letters)
        return self._read_on(recital, None, hold=hold)

    def _read_on(self, recital: Recital, at_ms: int | None, *, hold: bool) -> list[do.Command]:
        return [
            command
            for event in recital.heard_now()
            for command in self._play_or_hold(
                event, event.at_ms if at_ms is None else at_ms, hold=hold
            )
        ]

    # -- what becomes of it -------------------------------------------------------------------

    def said(self, event: ev.AgentSaid, *, hold: bool = False) -> list[do.Command]:
        """The words of an item; of a recital they are the sentence, and all of it may be heard."""
        recital = self.recitals.get(event.response_id)
        rest = self._read_on(recital, event.at_ms, hold=hold) if recital is not None else []
        return [*rest, *self.mark(), *self._said(event)]

    def _said(self, event: ev.AgentSaid) -> list[do.Command]:
        turn = self._transcript.agent.get(event.item_id)
        if turn is None:
            if event.response_id in self._dropped:
                return []
            turn = self._began(event.at_ms, event)
        if turn.text == event.text:
            return []
        turn.text = event.text
        self._hears(turn, turn.sentence or event.text)
        if turn.cut is not None:
            return [self._note(turn)]
        return self.finished()

    def words(self, item_id: str) -> str:
        """What the caller has heard of an item, or is about to hear."""
        turn = self._transcript.agent.get(item_id)
        if turn is None:
            return ""
        return words_heard(turn.masked, turn.cut) if turn.cut else turn.masked

    def whole(self, item_id: str) -> str:
        """All the words of an item, heard or not, as `words` has them."""
        turn = self._transcript.agent.get(item_id)
        return turn.masked if turn is not None else ""

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
                words.append(words_heard(turn.masked, cut))
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
        for turn in self._transcript.unwritten():
            if turn.response_id == response_id:
                turn.ended = True
                if turn.cut is not None:
                    notes.append(self._note(turn))
        return notes + self.finished()

    def finished(self) -> list[do.Command]:
        """Note the turns that were heard to their end."""
        held = self._waiting
        whole = [t for t in self._transcript.unwritten() if t.ended and t.cut is None]
        heard = [t for t in whole if t.item_id not in held and self.playback.played(t.item_id)]
        return [command for turn in heard for command in (*self._tell(turn), self._note(turn))]

    def _tell(self, turn: AgentTurn) -> list[do.Command]:
        """The conversation knows nothing of a recital: put there what was heard of it."""
        if not turn.sentence:
            return []
        words = words_heard(turn.sentence, turn.cut) if turn.cut else turn.sentence
        return [do.TellSpoken(words)] if words else []

    def _note(self, turn: AgentTurn) -> do.NoteTurn:
        note = turn.note()
        if turn.cut is not None:
            sentence = words_heard(turn.sentence, turn.cut) if turn.sentence else note.heard
            self._hears(turn, sentence or "")
        return note

    def _hears(self, turn: AgentTurn, words: str) -> None:
        """The caller heard these words of a turn, or is about to."""
        self._read_back.agent_said(turn.item_id, words, turn.response_id, turn.sentence)

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
            turn = self._began(event.at_ms, event)
            turn.cut = Cut(item_id, 0, size // BYTES_PER_MS)
            if turn.text is not None:
                self._hears(turn, "")  # nobody heard it
            if turn.sentence is None:
                commands.append(do.ForgetItem(self._responses.number("f"), item_id))
        return commands

    def cut(self, active: str | None) -> Iterator[do.Command]:
        """Stop the sound at once, then tell the model what was heard of it.

        The order matters: clear first, else the phone network plays on while the rest travels.
        The model must not remember words the caller never heard.
        """
        cuts = self.playback.cut()
        if cuts:
            yield do.ClearPlayback()
        commands: list[do.Command] = []
        for cut in cuts:
            turn = self._transcript.agent.get(cut.item_id)
            if turn is None:
                continue
            turn.cut = cut
            self._dropped.add(turn.response_id)
            if turn.sentence is not None:
                commands += self._tell(turn)
            elif turn.response_id and cut.heard_ms:
                commands.append(self.truncations.of(cut.item_id, cut.heard_ms))
            elif turn.response_id:
                commands.append(do.ForgetItem(self._responses.number("f"), cut.item_id))
        commands += self.drop(active)
        for cut in cuts:
            turn = self._transcript.agent.get(cut.item_id)
            if turn is not None and (turn.ended or turn.text is not None):
                commands.append(self._note(turn))
        yield from commands

    def line_closed(self) -> None:
        """The line is gone: what was not played will never be heard."""
        cuts = {cut.item_id: cut for cut in self.playback.cut()}
        for turn in self._transcript.unwritten():
            turn.cut = turn.cut or cuts.get(turn.item_id)
