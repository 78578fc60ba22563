"""What a journal leaves out of its lines: card numbers, also those known to be one only later.

A line is written as it would read had the number been known from the beginning, and says which
items held a part of it, so that a session which replays it makes the same commands.
"""

from collections.abc import Iterator
from dataclasses import replace

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.keys import PAUSE_MS
from services.media_bridge.core.notebook import words_heard
from services.media_bridge.core.playback import Cut
from services.media_bridge.core.wording import KEYED
from shared.domain.cards import CardWatch

# Lines wait so long for the rest of a number. After that what may be the beginning of one is
# masked although nobody knows: a file cannot be written again, as a row can.
SPOKEN_MS = 60_000


class Masking:
    def __init__(self) -> None:
        self._watch = CardWatch()
        self._keyed_ms: int | None = None  # digits are being keyed, the last one then
        self._begun_ms: int | None = None  # a card number may have been begun, the last part then
        self._tools: dict[int, str] = {}  # the row of a tool -> its call

    def follow(self, event: ev.Event, commands: list[do.Command]) -> str:
        """Take note of an event; returns the item of the number a key belongs to, or ""."""
        watch, key = self._watch, ""
        match event:
            case ev.CallerSpoke() | ev.CallerStopped():
                watch.began(event.item_id)
                return ""
            case ev.CallerSaid():
                watch.said(event.item_id, event.text)
            case ev.CallerUnheard():
                watch.said(event.item_id, "")
            case ev.KeyPressed():
                watch.keyed(event.digit, event.at_ms, PAUSE_MS)
                self._keyed_ms = event.at_ms if event.digit.isdigit() else None
                key = watch.last_keyed if event.digit.isdigit() else ""
            case ev.ToolCalled() | ev.ToolAnswered():
                rows = [note for note in _notes(commands) if note.role == "tool"]
                self._tools.update((note.seq, event.call_id) for note in rows)
                return ""
            case _:
                return ""
        self._begun_ms = event.at_ms if watch.unfinished else None
        return key

    def may_be_card(self, at_ms: int) -> bool:
        """Whether what happened could still belong to a number that has to be masked."""
        if self._keyed_ms is not None and at_ms - self._keyed_ms > PAUSE_MS:
            self._keyed_ms = None
        if self._begun_ms is not None and at_ms - self._begun_ms > SPOKEN_MS:
            self._begun_ms = None
            self._watch.give_up()
        return self._keyed_ms is not None or self._begun_ms is not None

    # -- masking ------------------------------------------------------------------------------

    def masked(
        self, event: ev.Event, commands: list[do.Command], keyed: str
    ) -> tuple[ev.Event, list[do.Command]]:
        """An event and its commands without the card numbers known by now."""
        return self._event(event, commands, keyed), [self._command(one) for one in commands]

    def _event(self, event: ev.Event, commands: list[do.Command], keyed: str) -> ev.Event:
        hide = self._watch.hide
        match event:
            case ev.CallerSaid():
                text = self._words(event.item_id, event.text)
                parts = self._parts(commands, event.item_id)
                masked = bool(parts) or text != event.text
                return replace(event, text=text, masked=masked, card_items=parts)
            case ev.KeyPressed() if keyed and self._watch.masks(keyed):
                parts = self._parts(commands, keyed)
                if parts == (keyed,):
                    return replace(event, digit="X")
                return replace(event, digit="x", card_items=parts)
            case ev.AgentSaid():
                return replace(event, text=hide(event.text))
            case ev.ToolCalled():
                return replace(event, arguments=hide(event.arguments))
            case ev.ToolAnswered():
                return replace(event, output=hide(event.output))
        return event

    def _words(self, item_id: str, text: str) -> str:
        return self._watch.text(item_id) if self._watch.knows(item_id) else self._watch.hide(text)

    def _parts(self, commands: list[do.Command], last: str) -> tuple[str, ...]:
        """The items that held a part of the number which `last` completed, as the session had
        them: it wrote some of them again, and had the model forget some."""
        after = iter(commands)
        if not any(_is_card(command) for command in after):
            return ()
        written: list[str] = []
        forgotten: list[str] = []
        for command in after:
            if isinstance(command, do.NoteTurn):
                written.append(command.item_id or self._tools.get(command.seq, ""))
            elif isinstance(command, do.ForgetItem):
                forgotten.append(command.item_id)
            else:
                break
        return tuple(dict.fromkeys((*_merged(written, forgotten), last)))

    def _command(self, command: do.Command) -> do.Command:
        hide = self._watch.hide
        match command:
            case do.NoteTurn():
                return self._note(command)
            case do.RunTool():
                return replace(command, arguments=hide(command.arguments))
            case do.AnswerTool():
                return replace(command, output=hide(command.output))
            case do.TellModel(item_id=str(item_id)) if self._watch.masks(item_id):
                return replace(command, text=KEYED.format(keys="x" * self._watch.length(item_id)))
            case do.TellModel():
                return replace(command, text=hide(command.text))
        return command

    def _note(self, note: do.NoteTurn) -> do.NoteTurn:
        hide = self._watch.hide
        if note.role == "user":
            return replace(note, text=self._words(note.item_id or "", note.text))
        if note.role == "tool":
            return replace(
                note, arguments=hide(note.arguments or ""), result=hide(note.result or "")
            )
        text = hide(note.text)
        if text == note.text or note.heard_ms is None or note.sent_ms is None:
            return replace(note, text=text)
        cut = Cut(note.item_id or "", note.heard_ms, note.sent_ms)
        return replace(note, text=text, heard=words_heard(text, cut))


def _notes(commands: list[do.Command]) -> Iterator[do.NoteTurn]:
    return (command for command in commands if isinstance(command, do.NoteTurn))


def _is_card(command: do.Command) -> bool:
    return isinstance(command, do.Measure) and command.metric == "CardNumbersMasked"


def _merged(some: list[str], others: list[str]) -> list[str]:
    """Both lists as one that keeps the order of either."""
    merged, rest = [], list(others)
    for one in some:
        if one in rest:
            at = rest.index(one) + 1
            merged += rest[:at]
            rest = rest[at:]
        else:
            merged.append(one)
    return [*merged, *rest]
