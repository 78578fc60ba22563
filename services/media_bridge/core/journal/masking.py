"""What a journal leaves out of its lines: card numbers, also those known to be one only later.

A row of the call can be written again once a number is found out; a line of a file cannot. So
lines are held back while the newest digits may be the beginning of a card number:

    "5555 5555"           "um"        "5555 4444"            both lines are written, masked
    ├── held ─────────────────────────────┤                  the second names the items of the parts
    "5551 230"            "000"       "yes, that's it"       a phone number: written as it was said
    ├── held ───────────────┤
    "5555 5555"           (a minute)                         nobody knows: masked all the same
    ├── held ─────────────────┤

A line is written as it would read had the number been known from the beginning, and says which
items held a part of it, so that a session which replays it makes the same commands.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.card_numbers import asks_for_code, part_here
from services.media_bridge.core.hearing.dtmf import PAUSE_MS
from services.media_bridge.core.speaking.phrases import KEYED
from services.media_bridge.core.speaking.playback import Cut
from services.media_bridge.core.speaking.transcript import words_heard
from shared.domain.spoken import digits
from shared.domain.spoken.card_fields import hidden
from shared.domain.spoken.cards import CardWatch

# Lines wait so long for the rest of a number. After that what may be the beginning of one is
# masked although nobody knows: a file cannot be written again, as a row can.
SPOKEN_MS = 60_000
AWAITED_MS = 15_000


class Masking:
    def __init__(self) -> None:
        # Told all that the session's own watch is told, but not masked.
        self._watch = CardWatch()
        # `at_ms` of the last key while digits are being keyed; None when they are not.
        self._keyed_ms: int | None = None
        # `at_ms` of the last part while a card number may have been begun.
        self._begun_ms: int | None = None
        # Utterances without words as yet -> since when.
        self._awaited: dict[str, int] = {}
        # Number of a tool's row -> the call id of the tool.
        self._tools: dict[int, str] = {}
        # What stands in lines that were written: whoever replays them knows no other words.
        self._written: dict[tuple[str, str], str] = {}
        self._given: dict[str, Mapping[str, object] | None] = {}  # arguments, by their tool call

    def follow(self, event: ev.Event, commands: list[do.Command]) -> str:
        """Take note of an event; returns the item of the keyed number it is about, or ""."""
        watch = self._watch
        key = watch.last_keyed if any(map(_tells_keys, commands)) else ""
        match event:
            case ev.CallerSpoke() | ev.CallerStopped():
                watch.began(event.item_id)
                if not watch.knows(event.item_id):
                    self._awaited[event.item_id] = event.at_ms
                return key
            case ev.CallerSaid():
                watch.said(event.item_id, event.text)
            case ev.CallerUnheard():
                watch.said(event.item_id, "")
            case ev.KeyPressed():
                watch.keyed(event.digit, event.at_ms, PAUSE_MS)
                self._keyed_ms = event.at_ms if event.digit.isdigit() else None
                key = watch.last_keyed if event.digit.isdigit() else key
            case ev.ToolCalled() | ev.ToolAnswered():
                if isinstance(event, ev.ToolAnswered) and asks_for_code(event.output):
                    part_here(watch, event.call_id)
                rows = [note for note in _notes(commands) if note.role == "tool"]
                self._tools.update((note.seq, event.call_id) for note in rows)
                return key
            case _:
                return key
        if isinstance(event, ev.CallerSaid | ev.CallerUnheard):
            self._awaited.pop(event.item_id, None)
        if not watch.unfinished:
            self._begun_ms = None
        elif self._begun_ms is None or key or _has_digits(event):
            self._begun_ms = event.at_ms
        return key

    def may_be_card(self, at_ms: int) -> bool:
        """Whether what happened could still belong to a number that has to be masked."""
        if self._keyed_ms is not None and at_ms - self._keyed_ms > PAUSE_MS:
            self._keyed_ms = None
        if self._begun_ms is not None and at_ms - self._begun_ms > SPOKEN_MS:
            self._begun_ms = None
            self._watch.give_up()
        # The agent may answer, with the caller's digits, before their words are here.
        awaited = any(at_ms - since <= AWAITED_MS for since in self._awaited.values())
        return awaited or self._keyed_ms is not None or self._begun_ms is not None

    # -- masking ------------------------------------------------------------------------------

    def masked(
        self, event: ev.Event, commands: list[do.Command], keyed: str
    ) -> tuple[ev.Event, list[do.Command]]:
        """An event and its commands without the card numbers known by now."""
        return self._event(event, commands, keyed), [self._command(one, keyed) for one in commands]

    def _event(self, event: ev.Event, commands: list[do.Command], keyed: str) -> ev.Event:
        match event:
            case ev.CallerSaid():
                text = self._words(event.item_id, event.text)
                parts = self._parts(commands, event.item_id)
                masked = bool(parts) or text != event.text
                return replace(event, text=text, masked=masked, card_items=parts)
            case ev.KeyPressed() if event.digit.isdigit() and self._watch.masks(keyed):
                parts = self._parts(commands, keyed)
                if parts == (keyed,):
                    return replace(event, digit="X")
                return replace(event, digit="x", card_items=parts)
            case ev.AgentSaid():
                return replace(event, text=self._line("agent", event.item_id, event.text))
            case ev.ToolCalled():
                arguments = hidden(event.arguments, self._watch.hide)
                self._given[event.call_id] = arguments
                return replace(event, arguments=arguments)
            case ev.ToolAnswered():
                return replace(event, output=self._line("result", event.call_id, event.output))
        return event

    def _words(self, item_id: str, text: str) -> str:
        if not self._watch.knows(item_id):
            return self._watch.hide(text)
        return self._written.setdefault(("caller", item_id), self._watch.text(item_id))

    def _line(self, kind: str, of: str, text: str) -> str:
        """`text` without card numbers, as it stands in a line from now on."""
        self._written[kind, of] = self._watch.hide(text)
        return self._written[kind, of]

    def _again(self, kind: str, of: str, text: str) -> str:
        """`text` without card numbers; as it was written, where it is only masked since."""
        hidden, written = self._watch.hide(text), self._written.get((kind, of))
        return written if written and self._watch.hide(written) == hidden else hidden

    def _given_again(
        self, call_id: str, arguments: Mapping[str, object] | None
    ) -> Mapping[str, object] | None:
        """The same of a tool's arguments."""
        hide, written = self._watch.hide, self._given.get(call_id)
        masked = hidden(arguments, hide)
        return written if written and hidden(written, hide) == masked else masked

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

    def _command(self, command: do.Command, keyed: str) -> do.Command:
        hide = self._watch.hide
        match command:
            case do.NoteTurn():
                return self._note(command)
            case do.RunTool():
                return replace(command, arguments=hidden(command.arguments, hide))
            case do.AnswerTool():
                return replace(command, output=hide(command.output))
            case do.TellModel() if _tells_keys(command) and self._watch.masks(keyed):
                return replace(command, text=KEYED.format(keys="x" * self._watch.length(keyed)))
            case do.TellModel():
                return replace(command, text=hide(command.text))
            case do.TellHeard():
                return replace(command, text=self._words(command.item_id, command.text))
            case do.TellSpoken():
                return replace(
                    command, text=self._again("agent", command.item_id or "", command.text)
                )
            case do.RecallTool():
                return replace(command, arguments=hidden(command.arguments, hide))
        return command

    def _note(self, note: do.NoteTurn) -> do.NoteTurn:
        if note.role == "user":
            if not note.text:
                return note  # the words came after the call, or never
            return replace(note, text=self._words(note.item_id or "", note.text))
        if note.role == "tool":
            call_id = self._tools.get(note.seq, "")
            arguments = self._given_again(call_id, note.arguments)
            result = self._again("result", call_id, note.result or "")
            return replace(note, arguments=arguments, result=result)
        text = self._again("agent", note.item_id or "", note.text)
        if text == note.text or note.heard_ms is None or note.sent_ms is None:
            return replace(note, text=text)
        cut = Cut(note.item_id or "", note.heard_ms, note.sent_ms)
        return replace(note, text=text, heard=words_heard(text, cut))


def _notes(commands: list[do.Command]) -> Iterator[do.NoteTurn]:
    return (command for command in commands if isinstance(command, do.NoteTurn))


def _tells_keys(command: do.Command) -> bool:
    return isinstance(command, do.TellModel) and command.text.startswith(KEYED.partition("{")[0])


def _has_digits(event: ev.Event) -> bool:
    return isinstance(event, ev.CallerSaid) and bool(digits.runs(event.text))


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
