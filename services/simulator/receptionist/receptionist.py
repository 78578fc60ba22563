"""The rule-based receptionist: a slot-filling dialogue, one question a turn.

She knows only what the session's instructions and tools, their answers and the conversation tell
her. `respond` takes in all that came since the last time and returns what she does next.
"""

import copy
import json
from dataclasses import dataclass

from services.simulator.receptionist.answering import answers, memory, replies, steps, wording
from services.simulator.receptionist.answering.orders import Order, asked_by, order, read_note
from services.simulator.receptionist.briefing import Briefing, brief, exact_words
from services.simulator.receptionist.hearing import intent
from services.simulator.receptionist.notes import Act, Ask, Json, Notes, Say, Use


@dataclass(frozen=True, slots=True)
class Heard:
    text: str


@dataclass(frozen=True, slots=True)
class Instructed:
    """A system message."""

    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said to the caller in her name, by a clip."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    name: str
    output: str


Input = Heard | Instructed | Spoken | Answered


class Receptionist:
    """One call's receptionist."""

    def __init__(self) -> None:
        self._briefing = Briefing()  # what the session told, as of its last update
        self._notes = Notes()
        self._inbox: list[Input] = []  # what has come since the last response
        # What the last response took in, and the notes as they were before it: both are needed
        # when it turns out that nothing of it was heard.
        self._taken: list[Input] = []
        self._before = Notes()

    # -- what she learns -------------------------------------------------------------------

    def brief(self, instructions: str, tools: list[Json]) -> None:
        """Take in the session's instructions and tools."""
        self._briefing = brief(instructions, tools)

    def heard(self, text: str) -> None:
        self._inbox.append(Heard(text))

    def instructed(self, text: str) -> None:
        self._inbox.append(Instructed(text))

    def spoken(self, text: str) -> None:
        self._inbox.append(Spoken(text))

    def answered(self, name: str, output: str) -> None:
        self._inbox.append(Answered(name, output))

    def unsent(self, use: Use) -> None:
        """The response was cut off before this call went out: it is still to be made."""
        self._notes.pending.discard(use.name)

    def cut(self, heard: str) -> None:
        """Only `heard` of the last words reached the caller, maybe not the question."""
        self._notes.cut_off = True

    def take_back(self) -> None:
        """Nothing of the last response was heard: what it answered is heard anew."""
        self._notes = copy.deepcopy(self._before)
        self._inbox = [*self._taken, *self._inbox]
        self._taken = []

    # -- what she does ---------------------------------------------------------------------

    def respond(self, one_off: str | None = None) -> list[Act]:
        """Return what she says and which tools she calls now; may be nothing."""
        self._taken, self._inbox = self._inbox, []
        self._take_over()
        self._before = copy.deepcopy(self._notes)
        said: list[str] = []
        heard: list[str] = []
        for item in self._taken:
            if isinstance(item, Heard):
                heard.append(item.text)
            else:
                self._take_in(item, said, heard)
        ordered = order(one_off) if one_off else None
        if ordered is not None and ordered is not Order.GO_ON:
            return self._follow(ordered, one_off or "", heard)
        acts: list[Act] = []
        if heard:
            acts.extend(answers.take(" ".join(heard).strip(), self._notes, self._briefing, said))
        if not acts:
            acts.extend(steps.go_on(self._notes, self._briefing, said))
        return self._together(said, acts)

    def summary(self) -> str:
        """Return the call in one sentence, for an out-of-band response."""
        notes = self._notes
        facts = [notes.name or "A caller", notes.description or "no problem given"]
        if notes.booking:
            facts.append("booked")
        return "; ".join(facts)

    def _take_over(self) -> None:
        """Read what another session has said, heard and done up to where it was lost."""
        told = [
            isinstance(item, Instructed) and memory.taken_over(item.text) for item in self._taken
        ]
        if not any(told):
            return
        at = told.index(True)
        for item in self._taken[:at]:
            match item:
                case Spoken():
                    memory.spoken(item.text, self._notes, self._briefing)
                case Heard():
                    memory.heard(item.text, self._notes, self._briefing)
                case Answered():
                    replies.take(item.name, _json(item.output), self._notes, self._briefing)
                case Instructed():
                    read_note(item.text, self._notes)
        self._taken = self._taken[at + 1 :]

    def _take_in(self, item: Input, said: list[str], heard: list[str]) -> None:
        match item:
            case Instructed():
                was_guided = self._notes.guided
                if (late := read_note(item.text, self._notes)) is not None:
                    said.extend(replies.take(late[0], _json(late[1]), self._notes, self._briefing))
                if self._notes.guided and not was_guided:
                    self._endangered(heard)
            case Spoken():
                if (asked := asked_by(item.text)) is not None:
                    said.clear()  # it was told in her name
                    self._notes.asked = asked
                elif "?" in item.text:
                    self._was_asked(item.text, heard)
            case Answered():
                said.extend(
                    replies.take(item.name, _json(item.output), self._notes, self._briefing)
                )

    def _was_asked(self, question: str, heard: list[str]) -> None:
        """Somebody asked in her name: what was heard before is no answer to that."""
        if self._notes.asked is None:
            self._notes.asked = Ask.PROBLEM
        if intent.asks_about_danger(question):
            self._notes.description = self._notes.description or " ".join(heard).strip()
            heard.clear()
            self._notes.asked = Ask.DANGER

    def _endangered(self, heard: list[str]) -> None:
        """Code has dealt with what the caller said last: it is no answer to anything."""
        self._notes.description = self._notes.description or " ".join(heard).strip()
        heard.clear()

    def _follow(self, ordered: Order, one_off: str, heard: list[str]) -> list[Act]:
        """Do what one-off instructions want; what the caller said waits for the next turn."""
        if ordered is Order.SAFE:
            self._endangered(heard)
        self._inbox = [Heard(text) for text in heard] + self._inbox
        self._taken = [item for item in self._taken if not isinstance(item, Heard)]
        notes = self._notes
        match ordered:
            case Order.EXACT:
                words = exact_words(one_off) or ""
                if notes.asked is None and "?" in words:
                    notes.asked = Ask.PROBLEM
                return [Say(words)]
            case Order.STILL_THERE:
                return [Say("Are you still there?")]
            case Order.GOODBYE:
                notes.said_goodbye = True
                return [Say(wording.goodbye(self._briefing))]
            case Order.SAFE:
                notes.danger, notes.guided, notes.asked = True, True, Ask.SAFE
                return [Say(wording.question(Ask.SAFE, notes, self._briefing))]
            case _:
                said = ["We have about two more minutes on this call."]
                return self._together(said, steps.go_on(notes, self._briefing, said))

    def _together(self, said: list[str], acts: list[Act]) -> list[Act]:
        """Return one thing said, then the tools: what is asked comes last."""
        said.extend(act.text for act in acts if isinstance(act, Say))
        uses: list[Act] = [act for act in acts if isinstance(act, Use)]
        self._notes.cut_off = False
        text = " ".join(part for part in said if part)
        return [Say(text), *uses] if text else uses


def _json(output: str) -> Json:
    try:
        value = json.loads(output)
    except ValueError:
        return {"error": "unreadable", "message": ""}
    return value if isinstance(value, dict) else {"value": value}
