"""A caller who answers what is asked, out of facts and temper, not by the order of lines."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

from tests.evals.conversation import spoken
from tests.evals.conversation.callers.answer import (
    Answer,
    Utterance,
    reads_other_house,
    reads_other_name,
    reads_window,
    with_number,
)
from tests.evals.conversation.callers.behaviours import Aside, Script, asked_in
from tests.evals.conversation.meaning import Ask, Meaning
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.topics import Topic, topics
from tests.evals.conversation.wordings import Wordings

WORDS = Path(__file__).with_name("caller.toml")
# Who was asked the same so often, or got nowhere so often, gives up.
MOST_ROUNDS = 30
MOST_REPEATS = 4
MOST_WISHES = 4
_GUIDANCE = re.compile(r"\b911\b|\bnine one one\b|\bdo not (touch|go|enter)\b", re.IGNORECASE)
# Who wants to read a card out answers these first.
_BEFORE_CARD = (Topic.DANGER, Topic.PROBLEM)
# A wish that is a whole answer by itself.
_IS_SENTENCE = re.compile(r"\b(is|are|i mean|works|please|do|take)\b", re.IGNORECASE)
_CANNOT = re.compile(
    r"\b(can'?t|cannot|don'?t|do not|not able to|unable to)\b.{0,50}\b(serve|cover|come out|go "
    r"(out )?(there|that far))\b|\boutside (of )?(our|the) (service )?area\b",
    re.IGNORECASE,
)


class Caller:
    """One caller in one call."""

    def __init__(self, scenario: Scenario, script: Script, chance: Random) -> None:
        self._scenario, self._script, self._chance = scenario, script, chance
        self._facts = dict(scenario.facts)
        if "onsite" in self._facts:
            self._facts.setdefault("notes", f"Please call the {self._facts['onsite']} before.")
        self._words = Wordings(WORDS, chance)
        self._asides = list(script.asides)  # not brought up yet
        self._forgot: set[str] = set()
        self._wished = self._rounds = self._nudges = 0
        self._wish_start, self._wish = script.wish_start, script.wish
        self._read_card = self._was_guided = self._corrected = self._said_bye = False
        self._message_given = False
        self._heard: Counter[str] = Counter()

    @property
    def pause_ms(self) -> int:
        """How long they think before they speak."""
        if self._script.pause_ms is not None:
            return self._script.pause_ms
        return self._chance.randint(250, 700)

    # -- what they say ----------------------------------------------------------------------

    def opening(self) -> Utterance | None:
        if self._script.is_silent or not self._scenario.opening.strip():
            return None
        script = self._script
        gives = {"problem": self._facts.get("problem", self._scenario.opening)}
        words = self._scenario.opening
        job = self._scenario.expected.job
        if job is not None:
            gives["service"] = job.service_type or "repair"
            gives["emergency"] = "yes" if job.is_emergency else "no"
        if self._facts.get("name", "\0").lower() in words.lower():
            gives["name"] = self._facts["name"]
        asked = asked_in(words)
        asks = (asked,) if asked is Ask.DISCOUNT else ()
        danger = None if script.tells_danger else script.danger
        meaning = Meaning(gives, asks=(*asks, script.about), danger=danger)
        if script.danger_answer and re.search(r"\bno\b.{0,30}\b(smell|gas|smoke)", words, re.I):
            meaning = replace(meaning, yes=False)
        if script.tells_wish_at_once and self._wish:
            words = f"{words.rstrip('.')}. {self._words.say('wish', wish=self._wish)}"
            meaning = replace(
                meaning, wish_start=self._wish_start, gives=gives | {"wish": self._wish}
            )
        return Utterance(words, meaning)

    def reply(self, heard: str) -> Utterance | None:
        """What they say to what they have heard since they last spoke; None: they wait."""
        if self._said_bye or self._script.is_silent:
            return None
        self._rounds += 1
        self._heard[heard] += 1
        if self._rounds > MOST_ROUNDS or self._heard[heard] >= MOST_REPEATS:
            return self._bye("Never mind. Bye.")
        asked = topics(heard)
        guided = self._guided(heard)
        if guided is not None:
            return guided
        if _CANNOT.search(heard) and self._script.about is Ask.UNSERVED:
            return self._bye(self._words.say("bye"))
        if Topic.GOODBYE in asked and asked == [Topic.GOODBYE]:
            return self._bye(self._words.say("bye"), hangs_up=False)
        aside = self._aside(heard, asked)
        if aside is not None and not aside.answers_too:
            return self._put(aside)
        answer = Answer()
        for topic in asked:
            if topic is not Topic.GOODBYE:
                self._answer(topic, heard, answer)
        if aside is not None:
            answer.add(aside.words, asks=(aside.asks,), gives=dict(aside.gives))
        if not answer.parts:
            return self._not_understood(heard)
        if self._script.rambles and self._chance.random() < 0.4:
            answer.parts.insert(0, self._words.say("rambling"))
        return Utterance(" ".join(answer.parts), answer.meaning)

    def silence(self) -> Utterance | None:
        """Nobody has said anything for some seconds."""
        if self._said_bye or self._script.is_silent:
            return None
        self._nudges += 1
        if self._nudges > 3:
            return self._bye("I'll call back. Bye.")
        return Utterance(self._words.say("hello"), Meaning())

    def _not_understood(self, heard: str) -> Utterance | None:
        """Something was asked that they have no answer to."""
        if not heard.endswith("?"):
            return None
        return Utterance(self._words.say("pardon"), Meaning(asks=(Ask.REPEAT,)))

    # -- what goes before an answer ---------------------------------------------------------

    def _guided(self, heard: str) -> Utterance | None:
        if self._was_guided or not self._script.danger or not _GUIDANCE.search(heard):
            return None
        self._was_guided = True
        if self._script.hangs_up_after_guidance:
            return self._bye("okay")
        return None

    def _aside(self, heard: str, asked: list[Topic]) -> Aside | None:
        for aside in self._asides:
            if self._rounds < aside.min_turn - 1:
                continue
            if self._script.reads_card and not self._read_card:
                continue
            if aside.when is not None and not re.search(aside.when, heard, re.IGNORECASE):
                continue
            if aside.when is None and not asked and not aside.ends:
                continue
            self._asides.remove(aside)
            return aside
        return None

    def _put(self, aside: Aside) -> Utterance:
        gives = dict(aside.gives)
        start = None
        if aside.wish_start is not None and self._script.wish_start is not None:
            gives["wish"], start = aside.words, aside.wish_start
            self._wish = self._wish or aside.words
        if aside.ends:
            self._said_bye = True
        meaning = Meaning(gives, asks=(aside.asks,), wish_start=start)
        return Utterance(aside.words, meaning, hangs_up=aside.ends)

    def _bye(self, words: str, *, hangs_up: bool = True) -> Utterance:
        self._said_bye = True
        return Utterance(words, Meaning(asks=(Ask.BYE,)), hangs_up=hangs_up)

    # -- answers ----------------------------------------------------------------------------

    def _answer(self, topic: Topic, heard: str, answer: Answer) -> None:
        if self._script.insists and topic not in (Topic.READ_BACK, Topic.ELSE, Topic.STILL_THERE):
            words = self._words.say("insist", opening=self._scenario.opening)
            if not answer.parts:
                answer.add(words, asks=(self._script.about,))
            return
        if self._script.reads_card and not self._read_card and topic not in _BEFORE_CARD:
            self._read_card = True
            answer.add(self._script.reads_card)
            return
        match topic:
            case Topic.BOOK_OK if self._script.wish_start is None:
                self._about_time(Topic.PRICE_OK, answer)
            case Topic.BOOK_OK if not self._hears_wish(heard):
                self._about_time(Topic.WINDOW, answer)
            case Topic.CHANGE_OK:
                self._about_change(heard, answer)
            case Topic.READ_BACK | Topic.PHONE_OK | Topic.BOOK_OK:
                self._check(topic, heard, answer)
            case Topic.NAME | Topic.PHONE | Topic.ADDRESS | Topic.ZIP | Topic.EMAIL | Topic.NOTES:
                self._fact(topic.value, answer)
            case Topic.WINDOW | Topic.DAY | Topic.FIND_TIME | Topic.PRICE_OK:
                self._about_time(topic, answer)
            case Topic.MESSAGE:
                self._message(answer)
            case _:
                self._plain(topic, answer)

    def _plain(self, topic: Topic, answer: Answer) -> None:
        words, script = self._words, self._script
        match topic:
            case Topic.DANGER:
                if script.danger and not script.danger_answer:
                    said = script.tells_danger or "Yes."
                    answer.add(said, yes=True, danger=script.danger)
                else:
                    said = script.danger_answer or words.say("danger_no")
                    answer.add(said, yes=False)
            case Topic.SAFE:
                answer.add(words.say("safe_yes"), yes=True)
            case Topic.PROBLEM:
                problem = self._facts.get("problem", self._scenario.opening)
                answer.add(words.say("problem", problem=problem), gives={"problem": problem})
            case Topic.EQUIPMENT:
                answer.add(words.say("equipment"), yes=True)
            case Topic.TEXTS_OK:
                ok = script.texts_ok
                answer.add(words.say("texts_yes" if ok else "texts_no"), yes=ok)
            case Topic.ELSE:
                answer.add(words.say("nothing_else"), yes=False, asks=(Ask.BYE,))
            case Topic.STILL_THERE:
                answer.add(words.say("still_here"), yes=True)
            case _:
                answer.add(words.say("ok"), yes=True)

    def _fact(self, name: str, answer: Answer) -> None:
        if name in self._script.refuses:
            answer.add(self._words.say("name_refused"), yes=False)
            return
        if name in self._script.forgets and name not in self._forgot:
            self._forgot.add(name)
            answer.add(self._words.say("looking"))
            return
        value = self._facts.get(name)
        if name == "notes":
            if value is None:
                answer.add(self._words.say("notes_none"), yes=False)
            else:
                answer.add(self._words.say("notes", notes=value), gives={"notes": value})
            return
        if value is None:
            answer.add("I don't have one." if name == "email" else "I don't know.", yes=False)
            return
        given = value
        if name == "address" and self._script.first_address and not self._corrected:
            given = with_number(value, self._script.first_address)
        answer.add(self._words.say(name, **{name: self._said(name, given)}), gives={name: given})

    def _said(self, name: str, value: str) -> str:
        if name == "phone":
            return spoken.phone(value, self._chance)
        if name == "zip":
            return " ".join(value) if self._chance.random() < 0.3 else value
        return value

    def _check(self, topic: Topic, heard: str, answer: Answer) -> None:
        """Something was read back, or they are asked whether their number is the one to use."""
        phone, address = self._facts.get("phone", ""), self._facts.get("address", "")
        phone = re.sub(r"[^\d+]", "", phone)
        numbers = [each for each in spoken.numbers_in(heard) if len(each) >= 10]
        if self._hears_own_slip(heard):
            self._correct(answer)
            return
        asks_of_own = topic is Topic.PHONE_OK or "calling from" in heard
        if asks_of_own and phone and phone != self._scenario.caller_id:
            said = spoken.phone(phone, self._chance)
            answer.add(self._words.say("no_phone", phone=said), yes=False, gives={"phone": phone})
            return
        if numbers and not any(phone[-7:] in each for each in numbers):
            said = spoken.phone(phone, self._chance)
            answer.add(
                self._words.say("wrong_phone", phone=said),
                yes=False,
                gives={"phone": phone},
                wrong=("phone",),
            )
            return
        if address and reads_other_house(heard, address):
            answer.add(
                self._words.say("wrong_address", address=address),
                yes=False,
                gives={"address": address},
                wrong=("address",),
            )
            return
        name = self._facts.get("name", "")
        if name and reads_other_name(heard, name):
            answer.add(f"No, my name is {name}.", yes=False, gives={"name": name}, wrong=("name",))
            return
        given = {"phone": phone} if topic is Topic.PHONE_OK else {}
        kinds = {Topic.PHONE_OK: "yes_phone", Topic.BOOK_OK: "ok"}
        kind = kinds.get(topic, "yes")
        answer.add(self._words.say(kind), yes=True, gives=given)

    def _about_change(self, heard: str, answer: Answer) -> None:
        """Yes to what they called for: a visit moved to where they want it, or called off."""
        moves = "moved from" in heard
        _, _, to = re.sub(r"(AM|PM|noon|midnight) to ", r"\1| ", heard).partition("| ")
        right = self._hears_wish(to) if moves else self._script.about is Ask.CANCEL
        if right:
            answer.add(self._words.say("ok"), yes=True)
        else:
            answer.add("No, that's not what I want.", yes=False)

    def _hears_wish(self, heard: str) -> bool:
        """Whether the window that is read to them is the one they want; one without a wish of
        their own takes what they picked."""
        return self._wish_start is None or reads_window(heard, self._wish_start)

    def _hears_own_slip(self, heard: str) -> bool:
        """What they said wrongly at first is read back to them."""
        number = spoken.house_number(self._script.first_address or "")
        spelt = (number, spoken.in_words(number)) if number else ()
        return not self._corrected and any(each in heard for each in spelt)

    def _correct(self, answer: Answer) -> None:
        self._corrected = True
        given = {"address": self._facts["address"]}
        words = self._script.correction or f"no, {given['address']}"
        answer.add(words, yes=False, gives=given, wrong=("address",))

    def barge_in(self, heard: str) -> Utterance | None:
        """What they cut in with, where they do."""
        if not self._script.barges_in or not self._hears_own_slip(heard):
            return None
        answer = Answer()
        self._correct(answer)
        return Utterance(" ".join(answer.parts), answer.meaning)

    def _about_time(self, topic: Topic, answer: Answer) -> None:
        about = self._script.about
        if about is Ask.PRICE and self._script.wish_start is None:
            answer.add(self._words.say("price_only"), yes=False, asks=(Ask.BYE,))
            return
        if self._script.wish_start is None:
            if about is Ask.BOOK:
                answer.add(self._words.say("refuses_visit"), yes=False)
            else:
                answer.add(self._words.say("insist", opening=self._scenario.opening), asks=(about,))
            return
        if topic in (Topic.FIND_TIME, Topic.PRICE_OK):
            answer.add(self._words.say("ok"), yes=True)
            return
        self._wished += 1
        if self._wished > MOST_WISHES:
            answer.add("Never mind, I'll try somebody else. Bye.", asks=(Ask.BYE,))
            self._said_bye = True
            return
        wish = self._wish or ""
        words = self._script.day_answer if topic is Topic.DAY and self._script.day_answer else None
        if words is None:
            said = wish if _IS_SENTENCE.search(wish) else self._words.say("wish", wish=wish)
            words = said[:1].upper() + said[1:]
        answer.add(words, yes=True, gives={"wish": wish}, wish_start=self._wish_start)

    def _message(self, answer: Answer) -> None:
        text = self._facts.get("message", f"please call me back about {self._scenario.opening}")
        if self._message_given:
            answer.add(self._words.say("message_yes"), yes=True)
            return
        self._message_given = True
        answer.add(self._words.say("message", message=text), yes=True, gives={"message": text})
