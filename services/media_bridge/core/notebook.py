"""Every turn of the call, numbered in the order of the conversation, written when it is known.

A turn's number is taken when it begins; its words and what was heard of it come later. Writing
the same number again completes the row.
"""

from dataclasses import dataclass

from services.media_bridge.core import commands as do
from services.media_bridge.core.playback import Cut
from shared.domain import digits
from shared.domain.cards import MASK, mask


@dataclass(slots=True)
class AgentTurn:
    seq: int
    at_ms: int
    item_id: str
    response_id: str
    text: str | None = None
    latency_ms: int | None = None
    cut: Cut | None = None
    ended: bool = False  # nothing more will be sent or said of it
    noted: bool = False

    def note(self) -> do.NoteTurn:
        self.noted = True
        text = mask(self.text or "")
        return do.NoteTurn(
            self.seq,
            self.at_ms,
            "assistant",
            text,
            latency_ms=self.latency_ms,
            cut=self.cut is not None,
            heard=words_heard(text, self.cut) if self.cut else None,
            heard_ms=self.cut.heard_ms if self.cut else None,
            sent_ms=self.cut.sent_ms if self.cut else None,
            item_id=self.item_id,
        )


def words_heard(text: str, cut: Cut) -> str:
    """The words that fit the share of the sound that was played, whole words only."""
    if cut.heard_ms >= cut.sent_ms:
        return text
    room = len(text) * cut.heard_ms // cut.sent_ms
    if room >= len(text) or text[room].isspace():
        return text[:room].rstrip()
    return text[:room].rpartition(" ")[0].rstrip()


@dataclass(slots=True)
class CallerTurn:
    seq: int
    at_ms: int
    item_id: str
    text: str | None = None

    def note(self) -> do.NoteTurn:
        return do.NoteTurn(self.seq, self.at_ms, "user", self.text or "", item_id=self.item_id)


class Notebook:
    def __init__(self) -> None:
        self._last = 0
        self.agent: dict[str, AgentTurn] = {}
        self._caller: dict[str, CallerTurn] = {}
        self._heard: list[CallerTurn] = []  # in the order their words came

    def number(self) -> int:
        self._last += 1
        return self._last

    # -- the agent's --------------------------------------------------------------------------

    def agent_began(self, at_ms: int, item_id: str, response_id: str) -> AgentTurn:
        turn = self.agent.get(item_id)
        if turn is None:
            turn = AgentTurn(self.number(), at_ms, item_id, response_id)
            self.agent[item_id] = turn
        return turn

    # -- the caller's -------------------------------------------------------------------------

    def caller_began(self, at_ms: int, item_id: str) -> CallerTurn:
        if item_id not in self._caller:
            self._caller[item_id] = CallerTurn(self.number(), at_ms, item_id)
        return self._caller[item_id]

    def caller_said(self, at_ms: int, item_id: str, text: str) -> do.NoteTurn:
        """`text` is masked already. An utterance whose words failed has none."""
        turn = self.caller_began(at_ms, item_id)
        turn.text = text
        self._heard.append(turn)
        return turn.note()

    def mask_earlier(self, turns: int) -> list[do.NoteTurn]:
        """A card number began `turns` turns before the last: write those again without digits."""
        notes = []
        for turn in self._heard[-1 - turns : -1]:
            turn.text = _without_digits(turn.text or "")
            notes.append(turn.note())
        return notes

    # -- at the end ---------------------------------------------------------------------------

    def rest(self) -> list[do.NoteTurn]:
        """What has not been written, in order."""
        open_turns: list[AgentTurn | CallerTurn] = [t for t in self.agent.values() if not t.noted]
        open_turns += [turn for turn in self._caller.values() if turn.text is None]
        return [turn.note() for turn in sorted(open_turns, key=lambda turn: turn.seq)]


def _without_digits(text: str) -> str:
    """The first part of a card number cannot be told from its neighbours: keep no digit at all."""
    out, at = [], 0
    for run in digits.runs(text):
        out += [text[at : run[0].start], MASK]
        at = run[-1].end
    return "".join([*out, text[at:]])
