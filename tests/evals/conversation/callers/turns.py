"""When the caller speaks: after what they have heard, over it, or because nobody says anything."""

from collections.abc import Callable

from tests.evals.conversation.callers.answer import Utterance
from tests.evals.conversation.callers.caller import Caller
from tests.evals.conversation.stage.line import Line
from tests.evals.conversation.stage.played import Played
from tests.evals.conversation.stage.response import Pace
from tests.evals.conversation.stage.server import VoiceServer
from tests.evals.conversation.stage.sound import FRAME_MS, timed
from tests.evals.conversation.stage.timeline import Timeline

CALLER_WPM = 165
# A caller takes a pause of this length for the end of what the agent has to say.
TURN_OVER_MS = 350
# Who is told nothing for so long says something.
PATIENCE_MS = 7_000
BARGE_IN_AFTER_MS = 1_500
HANGS_UP_AFTER_MS = 900


class CallerTurns:
    """The caller at their end of the line."""

    def __init__(
        self,
        caller: Caller,
        line: Line,
        server: VoiceServer,
        timeline: Timeline,
        played: Played,
        pace: Pace,
        says: Callable[[Utterance], None],
        hangs_up: Callable[[], None],
    ) -> None:
        """`says` is told of each utterance as it begins."""
        self._caller, self._line, self._server = caller, line, server
        self._timeline, self._played, self._pace = timeline, played, pace
        self._says, self._hangs_up = says, hangs_up
        self._until_ms: int | None = None  # they speak until then
        self._is_about_to = False  # they have decided to speak
        self._has_opened = False
        self._answered = 0  # passages of the line's that they have answered
        self._considered = ""  # what they thought about last, answered or not
        self._quiet_since = 0
        self._spoke_ms: int | None = None  # when they last fell silent
        self._is_behind_tool = self._waits = False

    @property
    def speaks(self) -> bool:
        return self._until_ms is not None

    def tool_ran(self) -> None:
        """What they hear next had to wait for a tool."""
        self._is_behind_tool = True

    def step(self, at_ms: int) -> None:
        """What they do in these 20 ms."""
        self._note_first_sound(at_ms)
        if self._until_ms is not None or self._is_about_to:
            return
        if self._line.playing:
            self._quiet_since = at_ms
            self._listen(at_ms)
            return
        quiet = at_ms - max(self._quiet_since, self._line.last_sound_ms)
        if len(self._line.passages) > self._answered and quiet >= TURN_OVER_MS:
            self._answer()
        elif self._has_opened and quiet >= PATIENCE_MS and self._has_waited(at_ms):
            self._quiet_since = at_ms
            self._speak(self._caller.silence())

    def _note_first_sound(self, at_ms: int) -> None:
        if self._waits and self._line.last_sound_ms == at_ms and self._spoke_ms is not None:
            self._waits = False
            waited = at_ms - FRAME_MS - self._spoke_ms
            self._played.latencies.append((waited, self._is_behind_tool))

    def _has_waited(self, at_ms: int) -> bool:
        return self._spoke_ms is None or at_ms - self._spoke_ms >= PATIENCE_MS

    def _heard(self) -> str:
        passages = self._line.passages[self._answered :]
        return " ".join(self._line.words(passage) for passage in passages).strip()

    def _listen(self, at_ms: int) -> None:
        """While the agent speaks: they may cut in."""
        passages = self._line.passages
        if not self._has_opened or len(passages) == self._answered:
            return
        if at_ms - passages[-1].began_ms < BARGE_IN_AFTER_MS:
            return
        utterance = self._caller.barge_in(self._heard())
        if utterance is not None:
            self._answered = len(passages)
            self._begin(utterance)

    def _answer(self) -> None:
        heard = self._heard()
        if not self._has_opened:
            self._has_opened = True
            self._answered = len(self._line.passages)
            self._speak(self._caller.opening())
            return
        if heard == self._considered:
            return
        self._considered = heard
        utterance = self._caller.reply(heard)
        if utterance is not None:
            self._considered = ""
            self._answered = len(self._line.passages)
            self._speak(utterance)
        # Else they wait: what they have heard may have been the first half of it.

    def _speak(self, utterance: Utterance | None) -> None:
        if utterance is not None:
            self._is_about_to = True
            self._timeline.after(self._caller.pause_ms, lambda: self._begin(utterance))

    def _begin(self, utterance: Utterance) -> None:
        self._is_about_to = False
        if self._until_ms is not None or self._played.end is not None:
            return
        now, words = self._timeline.now_ms, utterance.text.strip()
        ms = timed(words, CALLER_WPM).ms
        self._until_ms = now + ms
        self._says(utterance)
        self._played.note(now, "caller", words, now + ms)
        item: list[str] = []
        noticed = min(self._pace.speech_start, ms)
        self._timeline.after(noticed, lambda: item.append(self._server.caller_speaks()))
        self._timeline.after(ms, lambda: self._stopped(utterance))
        silence = ms + self._server.silence_ms
        self._timeline.after(silence, lambda: self._server.caller_stopped(item[0], words))

    def _stopped(self, utterance: Utterance) -> None:
        self._until_ms, self._spoke_ms = None, self._timeline.now_ms
        self._waits, self._is_behind_tool = True, False
        self._quiet_since = self._timeline.now_ms
        if utterance.hangs_up:
            self._timeline.after(HANGS_UP_AFTER_MS, self._hangs_up)
