"""The part of a playing model that learns: from the session, the caller, code and the tools."""

import copy
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from services.simulator.receptionist import Act, Say, Use
from services.simulator.receptionist.answering.orders import Order, order
from services.simulator.receptionist.briefing import Briefing, brief, exact_words
from services.simulator.receptionist.notes import Json
from tests.evals.conversation import spoken
from tests.evals.conversation.agents import replies
from tests.evals.conversation.agents.notes import CONTACT, Briefed, Notes
from tests.evals.conversation.agents.style import Style
from tests.evals.conversation.meaning import Ask, Meaning
from tests.evals.conversation.topics import Topic, topics
from tests.evals.conversation.wordings import Wordings

PARAPHRASES = Path(__file__).with_name("paraphrases.toml")
_NOW = re.compile(r"\bNow: \w+, (\w+ \d+, \d{4}, \d\d:\d\d [AP]M)")
_ASKS_DANGER = re.compile(r"\bask\b[^.]*\b(?:smells?|gas|smoke)\b", re.IGNORECASE)
_LATE = re.compile(r"^(?P<tool>\w+) has now answered: (?P<output>\{.*\})\s*$", re.DOTALL)
_GUIDED = re.compile(r"\b(?:danger|guidance|911)\b", re.IGNORECASE)
_CORRECT = re.compile(r"^You said ")
_PRICE = re.compile(r"\bvisit is \$|\bmay be covered\b")
_CARD = re.compile(r"\bcard number\b", re.IGNORECASE)
Understands = Callable[[str], Meaning]
Input = tuple[str, str, str]  # kind, name, text


@dataclass(frozen=True, slots=True)
class Move:
    """One thing a model does: when, and how. Those that go on let the next ones speak, too,
    unless they asked something.

    `tool`: the move is there only in a session that has it.
    """

    name: str
    when: Callable[["Mind"], bool]
    do: Callable[["Mind"], list[Act]]
    tool: str | None = None
    goes_on: bool = False
    most: int = 6  # so often in a call


class Mind:
    """Takes in what happens, and does the first move of its table that is to be made."""

    def __init__(self, understands: Understands, chance: Random, moves: Sequence[Move]) -> None:
        self._understands, self._moves = understands, moves
        self.chance, self.style = chance, Style.drawn(chance)
        self.words = Wordings(PARAPHRASES, chance)
        self.notes = Notes()
        self.session = Briefed()
        self.briefing = Briefing()
        self._inbox: list[Input] = []
        self._taken: list[Input] = []
        self._before = Notes()
        # Tools that were refused: the tool, why, and whether what was asked for had been done.
        self.refusals: list[tuple[str, str, bool]] = []

    # -- the door of every model (services.simulator.receptionist.Agent) ----------------------

    def brief(self, instructions: str, tools: list[Json]) -> None:
        self.briefing = brief(instructions, tools)
        told = _NOW.search(instructions)
        # The prompt tells it without an offset; `window` compares it in the business's own zone.
        now = datetime.strptime(told[1], "%B %d, %Y, %I:%M %p") if told else None  # noqa: DTZ007
        self.session = Briefed(
            tuple(tools),
            now,
            self.briefing.caller,
            asks_danger=_ASKS_DANGER.search(instructions) is not None,
            is_brief="at most two" in instructions,
            is_silent="without announcing it" in instructions,
            two_at_once=re.search(r"two of them at once|in one question", instructions) is not None,
            reads_caller_id="reading it out" in instructions,
            takes_caller_id="taken unless" in instructions,
            at_once="both at once" in instructions,
        )
        if self.session.takes_caller_id and self.session.caller is not None:
            self.notes.facts["phone"] = self.session.caller
        self.words.short = self.session.is_brief

    def heard(self, text: str) -> None:
        self._inbox.append(("heard", "", text))

    def instructed(self, text: str) -> None:
        self._inbox.append(("instructed", "", text))

    def spoken(self, text: str) -> None:
        self._inbox.append(("spoken", "", text))

    def answered(self, name: str, output: str) -> None:
        self._inbox.append(("answered", name, output))

    def unsent(self, use: Use) -> None:
        self.notes.pending.discard(use.name)

    def cut(self, heard: str) -> None:
        """Only `heard` reached the caller: what was asked behind it was not asked."""
        before, said = self._before, self.notes.last_said
        if len(heard) < 0.6 * len(said):
            # What it told was not told, if it was told in this response.
            self.notes.quote_told = before.quote_told
            self.notes.terms_told = before.terms_told
            self.notes.is_booked_told = before.is_booked_told
        lost = set(topics(said)) - set(topics(heard))
        self.notes.asked -= lost
        if Topic.NOTES in lost:
            self.notes.notes_known = False
        self.notes.last_asked = tuple(t for t in self.notes.last_asked if t not in lost)

    def take_back(self) -> None:
        self.notes = copy.deepcopy(self._before)
        self._inbox = [*self._taken, *self._inbox]
        self._taken = []

    def summary(self) -> str:
        return f"{self.notes.facts.get('name', 'A caller')} called."

    def respond(self, one_off: str | None = None) -> list[Act]:
        self._before = copy.deepcopy(self.notes)
        self._taken, self._inbox = self._inbox, []
        for kind, name, text in self._taken:
            self._take(kind, name, text)
        ordered = order(one_off) if one_off else None
        if ordered is not None and ordered is not Order.GO_ON:
            return self._said([Say(self._follow(ordered, one_off or ""))])
        return self._said(self._act())

    # -- doing ------------------------------------------------------------------------------

    def _follow(self, ordered: Order, one_off: str) -> str:
        match ordered:
            case Order.EXACT:
                return exact_words(one_off) or ""
            case Order.STILL_THERE:
                return self.words.say("still_there")
            case Order.SAFE:
                return self.words.say("safe")
            case Order.GOODBYE:
                return self.words.say("goodbye")
            case _:
                return "We have about two more minutes on this call."

    def _act(self) -> list[Act]:
        """Every move that is to be made, up to the first that leaves it to the caller."""
        made: list[Act] = []
        for move in self._moves:
            if move.tool is not None and not self.session.has(move.tool):
                continue
            if self.tries(move.name) >= move.most or not move.when(self):
                continue
            acts = move.do(self)
            if not acts:
                continue
            self.notes.tries[move.name] = self.tries(move.name) + 1
            made += acts
            if not move.goes_on or _asks(acts):
                break
        return _together(made)

    def tries(self, name: str) -> int:
        """How often a move was made."""
        return self.notes.tries.get(name, 0)

    def _said(self, acts: list[Act]) -> list[Act]:
        """Remember what is said and asked with `acts`."""
        notes = self.notes
        for act in acts:
            if isinstance(act, Use):
                notes.pending.add(act.name)
            else:
                self._asked(act.text)
        return acts

    def _asked(self, text: str) -> None:
        found = topics(text)
        self.notes.last_said = text
        if found:
            self.notes.last_asked = tuple(found)
            self.notes.asked.update(found)

    def window(self, start: datetime, end: datetime) -> str:
        """A window in words of its own, the day as near as it is."""
        now = (self.session.now or start).replace(tzinfo=start.tzinfo)
        return spoken.window(start, end, now, self.chance)

    # -- learning ---------------------------------------------------------------------------

    def _take(self, kind: str, name: str, text: str) -> None:
        match kind:
            case "heard":
                self._hear(text, self._understands(text))
            case "spoken":
                self._asked(text)
                self._guided_by(text)
                self._told(text)
            case "instructed":
                self._instruct(text)
            case _:
                self._tool(name, text)

    def _instruct(self, text: str) -> None:
        if late := _LATE.search(text):
            self._tool(late["tool"], late["output"])
        elif _CORRECT.search(text):
            self.notes.correction = text
        elif not _CARD.search(text):
            self._guided_by(text)

    def _guided_by(self, text: str) -> None:
        if _GUIDED.search(text) and Topic.DANGER not in topics(text):
            self.notes.guided = True

    def _told(self, words: str) -> None:
        """What code has said in its name it need not say itself."""
        notes = self.notes
        if notes.booked is not None and str(notes.booked.get("say", "")) in words:
            notes.is_booked_told = True
        elif notes.quote is not None and _PRICE.search(words):
            notes.quote_told = True
            notes.may_find = notes.may_find or notes.about is Ask.BOOK
        elif notes.escalated == "callback" and Topic.MESSAGE in topics(words):
            notes.escalated, notes.about = "told", Ask.MESSAGE
        elif notes.message_taken and Topic.ELSE in topics(words):
            notes.tries["tell_message"] = 1

    def _hear(self, text: str, meaning: Meaning) -> None:
        notes = self.notes
        notes.heard_last = text
        notes.asks += [ask for ask in meaning.asks if ask not in (Ask.BOOK, Ask.BYE)]
        notes.heard_bye = Ask.BYE in meaning.asks
        if meaning.danger is not None and notes.danger is None:
            notes.danger, notes.danger_words = meaning.danger, text
        if Ask.REPEAT not in meaning.asks:  # what was asked is still open then
            self._answers(meaning)
        self._gives(meaning)
        if meaning.wish_start is not None:
            self._wishes(meaning)

    def _answers(self, meaning: Meaning) -> None:
        """Their yes or no, to whatever was asked last."""
        notes, asked = self.notes, self.notes.last_asked
        if meaning.yes and {Topic.READ_BACK, Topic.PHONE_OK, Topic.BOOK_OK} & set(asked):
            notes.confirmed.update(notes.read)
        if meaning.yes is not None:
            if Topic.DANGER in asked or (Topic.DANGER not in notes.asked and meaning.yes is False):
                notes.no_danger = notes.no_danger or not meaning.yes
            if Topic.SAFE in asked:
                notes.safe = meaning.yes
            if meaning.yes and Topic.FIND_TIME in asked:
                notes.may_find = True
            if meaning.yes and Topic.PRICE_OK in asked:
                notes.terms_told = True
            if meaning.yes is False and Topic.NOTES in asked:
                notes.notes_known = True
        notes.read = ()

    def _gives(self, meaning: Meaning) -> None:
        notes = self.notes
        for name, value in meaning.gives.items():
            if name in CONTACT and notes.facts.get(name) not in (None, value):
                notes.confirmed.discard(name)
            notes.facts[name] = value
        if "notes" in meaning.gives:
            notes.notes_known = True
        for name in meaning.wrong:
            notes.confirmed.discard(name)

    def _wishes(self, meaning: Meaning) -> None:
        notes = self.notes
        notes.wish_start, notes.may_find = meaning.wish_start, True
        slot = notes.offered(meaning.wish_start)
        if notes.slot is None or slot is None or slot.start != notes.slot.start:
            notes.slot = slot
            notes.terms_told = False

    def _tool(self, name: str, output: str) -> None:
        self.notes.pending.discard(name)
        reply = _json(output)
        if "error" in reply:
            was_done = replies.was_done(self.notes, reply)
            self.refusals.append((name, str(reply["error"]), was_done))
        replies.take(self.notes, name, reply)


def _json(output: str) -> Json:
    try:
        reply = json.loads(output)
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}


def _asks(acts: list[Act]) -> bool:
    """Whether it is the caller's turn behind these."""
    said = [act.text for act in acts if isinstance(act, Say)]
    return bool(said) and said[-1].endswith("?")


def _together(acts: list[Act]) -> list[Act]:
    """One thing said, then the tools."""
    said = " ".join(act.text for act in acts if isinstance(act, Say) and act.text)
    uses: list[Act] = [act for act in acts if isinstance(act, Use)]
    return [Say(said), *uses] if said else uses
