"""Every turn of the call, numbered in the order of the conversation, written when it is known.

A turn's number is taken when it begins; its words and what was heard of it come later. Writing
the same number again completes the row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from services.media_bridge.core import commands as do
from services.media_bridge.core.speaking.phrases import KEYED
from services.media_bridge.core.speaking.playback import Cut
from shared.domain.spoken.card_fields import hidden
from shared.domain.spoken.cards import mask


@dataclass(slots=True)
class AgentTurn:
    """One spoken item of the agent."""

    seq: int
    at_ms: int  # when it began
    item_id: str
    response_id: str  # "" for a clip
    text: str | None = None  # all of its words, heard or not; None until they come
    latency_ms: int | None = None  # from the end of the caller's turn to its first sound
    cut: Cut | None = None  # it was stopped
    ended: bool = False  # nothing more will be sent or said of it
    noted: bool = False  # its row was written; it may be written again
    cleared: bool = False  # a card number in it is known, and was masked
    sentence: str | None = None  # what it was to read; "" where it read something else
    unsure: str | None = None  # kinds of claims in it that no tool bears out for certain
    hide: Callable[[str], str] = mask  # card numbers
    _masked: tuple[str, str] = ("", "")  # the newest words that were looked at, and what came of it

    @property
    def masked(self) -> str:
        """Its words without card numbers, those in several parts left as they are."""
        if self._masked[0] != (self.text or ""):
            self._masked = (self.text or "", mask(self.text or ""))
        return self._masked[1]

    def note(self) -> do.NoteTurn:
        self.noted = True
        return self.row()

    def row(self) -> do.NoteTurn:
        text = self.hide(self.text or "")
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
            unsure=self.unsure,
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
    """One utterance of the caller."""

    seq: int
    at_ms: int  # when it began
    item_id: str
    text: str | None = None  # masked; None until the words come, "" where they never do

    def note(self) -> do.NoteTurn:
        return do.NoteTurn(self.seq, self.at_ms, "user", self.text or "", item_id=self.item_id)


class Transcript:
    """`hide` takes card numbers, and parts of one, out of what the caller did not say."""

    def __init__(self, hide: Callable[[str], str] = mask) -> None:
        # The number of the newest turn.
        self._last = 0
        self._hide = hide
        # The agent's turns and the caller's, by item, in the order in which they began.
        self.agent: dict[str, AgentTurn] = {}
        # Of the agent's those whose row was not written: few, however long the call.
        self._open: list[AgentTurn] = []
        self._caller: dict[str, CallerTurn] = {}
        # The rows of tools as they were written last, by the tool's call id.
        self._tools: dict[str, do.NoteTurn] = {}
        # Keyed numbers the model was told: item -> the number of the turn before.
        self._keyed: dict[str, int] = {}
        # All keyed numbers: item -> that number, and the keys.
        self._keys: dict[str, tuple[int, str]] = {}
        # Items that a second session was told of.
        self.retold: set[str] = set()

    def number(self) -> int:
        self._last += 1
        return self._last

    # -- the agent's --------------------------------------------------------------------------

    def agent_began(self, at_ms: int, item_id: str, response_id: str) -> AgentTurn:
        turn = self.agent.get(item_id)
        if turn is None:
            turn = AgentTurn(self.number(), at_ms, item_id, response_id, hide=self._hide)
            self.agent[item_id] = turn
            self._open.append(turn)
        return turn

    def unwritten(self) -> list[AgentTurn]:
        """The agent's turns whose rows were not written yet, in order."""
        if any(turn.noted for turn in self._open):
            self._open = [turn for turn in self._open if not turn.noted]
        return self._open

    def flag(self, item_id: str, kinds: Iterable[str]) -> list[do.NoteTurn]:
        """Claims of these kinds in an item are unsure; its row, where it was written, says so."""
        turn = self.agent.get(item_id)
        if turn is None:
            return []
        turn.unsure = ", ".join(dict.fromkeys(kinds))
        return [turn.note()] if turn.noted else []

    # -- the caller's -------------------------------------------------------------------------

    def caller_began(self, at_ms: int, item_id: str) -> CallerTurn:
        if item_id not in self._caller:
            self._caller[item_id] = CallerTurn(self.number(), at_ms, item_id)
        return self._caller[item_id]

    def caller_said(self, at_ms: int, item_id: str, text: str) -> do.NoteTurn:
        """`text` is masked already. An utterance whose words failed has none."""
        turn = self.caller_began(at_ms, item_id)
        turn.text = text
        return turn.note()

    # -- tools --------------------------------------------------------------------------------

    def tool(self, call_id: str, note: do.NoteTurn) -> do.NoteTurn:
        """Its arguments were given before its answer came: what is a card by now is masked."""
        arguments = hidden(note.arguments, self._hide)
        note = replace(note, arguments=arguments, result=self._hide(note.result or ""))
        self._tools[call_id] = note
        return note

    # -- a card number ------------------------------------------------------------------------

    def echoes(self, parts: Iterable[str]) -> list[str]:
        """The agent's items and tool calls since the first of `parts` that hold digits of it."""
        rows = [self._caller[one].seq for one in parts if one in self._caller]
        rows += [self._keyed[one] for one in parts if one in self._keyed]
        since = min(rows, default=self._last + 1)
        items = [
            turn.item_id
            for turn in self.agent.values()
            if turn.seq > since and not turn.cleared and self._leaks(turn.text)
        ]
        calls = [
            call_id
            for call_id, note in self._tools.items()
            if note.seq > since and self._leaks_from(note)
        ]
        return items + calls

    def _leaks(self, text: str | None) -> bool:
        return bool(text) and self._hide(text or "") != text

    def _leaks_from(self, note: do.NoteTurn) -> bool:
        return hidden(note.arguments, self._hide) != note.arguments or self._leaks(note.result)

    def mask_again(self, ids: Iterable[str], text_of: Callable[[str], str]) -> list[do.NoteTurn]:
        """Write those turns anew without the card number; `text_of` a caller's item."""
        notes = []
        for one in ids:
            caller, agent, tool = self._caller.get(one), self.agent.get(one), self._tools.get(one)
            if caller is not None and caller.text is not None:
                caller.text = text_of(one)
                notes.append(caller.note())
            if agent is not None:
                agent.cleared = True
                notes += [agent.note()] if agent.noted else []
            if tool is not None:
                notes.append(self.tool(one, tool))
        return notes

    # -- the model's conversation -------------------------------------------------------------

    def keyed(self, item_id: str, keys: str) -> str | None:
        """The name to tell a keyed number by, so that it can be forgotten as a part of a card's.

        A phone number needs none.
        """
        self._keys[item_id] = (self._last, keys)
        if len(keys) in (10, 11):
            return None
        self._keyed[item_id] = self._last
        return item_id

    def in_conversation(self, item_id: str) -> bool:
        """Whether the model knows an item by that name. A clip and a recital have none."""
        agent = self.agent.get(item_id)
        spoken = agent is not None and bool(agent.response_id) and agent.sentence is None
        return spoken or item_id in self._caller or item_id in self._keyed

    @property
    def is_caller_silent(self) -> bool:
        """Nothing was heard of the caller yet."""
        return not self._caller and not self._keys

    def told(self) -> list[do.NoteTurn]:
        """All that another session has to know, in order: what was said and heard, what tools
        answered, what was keyed. Of an item whose words never came there is nothing to tell."""
        turns = [turn.row() for turn in self.agent.values() if turn.text and turn.sentence != ""]
        turns += [turn.note() for turn in self._caller.values() if turn.text]
        turns += self._tools.values()
        turns += [
            do.NoteTurn(seq, 0, "system", KEYED.format(keys=self._hide(keys)), item_id=item_id)
            for item_id, (seq, keys) in self._keys.items()
        ]
        return sorted(turns, key=lambda turn: turn.seq)

    # -- at the end ---------------------------------------------------------------------------

    def rest(self) -> list[do.NoteTurn]:
        """What has not been written, in order."""
        open_turns: list[AgentTurn | CallerTurn] = [*self.unwritten()]
        open_turns += [turn for turn in self._caller.values() if turn.text is None]
        return [turn.note() for turn in sorted(open_turns, key=lambda turn: turn.seq)]
