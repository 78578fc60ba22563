"""Reads what a scenario file tells of its caller, in half sentences, as a script.

A line of `behaviours` is read by its first words that fit a row of RULES; what stands in quotes are
the caller's own words. A line that fits no row, with words in quotes, is said once, when nothing
else is to be answered; without quotes it is left to the reader of the file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tests.evals.conversation import spoken
from tests.evals.conversation.meaning import Ask
from tests.evals.conversation.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Aside:
    """Something the caller brings up by themselves, once.

    `when`: a regular expression on what they have just heard; None: as soon as the agent asks
    something. `answers_too`: the agent's question is answered in the same breath.
    """

    words: str
    asks: Ask = Ask.OTHER
    when: str | None = None
    answers_too: bool = False
    wish_start: str | None = None
    ends: bool = False  # they hang up behind it
    min_turn: int = 2  # of the caller's
    gives: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """How one caller behaves."""

    about: Ask = Ask.BOOK
    wish: str | None = None  # in their words
    wish_start: str | None = None
    tells_wish_at_once: bool = False
    danger: str | None = None  # the category they are in
    danger_answer: str | None = None
    tells_danger: str | None = None  # only when they are asked about it, in these words
    refuses: frozenset[str] = frozenset()
    asides: tuple[Aside, ...] = ()
    insists: bool = False  # they say again what they said first
    first_address: str | None = None  # what they say before they correct themselves
    correction: str | None = None  # their words for it
    barges_in: bool = False  # over the read-back
    hangs_up_after_guidance: bool = False
    is_silent: bool = False  # from the opening on
    forgets: frozenset[str] = frozenset()  # says first that they have to look
    pause_ms: int | None = None  # before they answer, where it is not the usual
    day_answer: str | None = None  # to "which day do you mean?"
    reads_card: str | None = None
    texts_ok: bool = True
    rambles: bool = False


def script_of(scenario: Scenario) -> Script:
    """The caller of a scenario."""
    script = Script(about=_about(scenario))
    if scenario.expected.safety is not None:
        script = replace(script, danger=str(scenario.expected.safety.category))
    job = scenario.expected.job
    if job is not None:
        start = job.window_start
        script = replace(script, wish=_in_words(start, scenario.now), wish_start=start.isoformat())
    if (email := scenario.facts.get("email")) is not None:
        told = (("email", email),)
        script = _says(script, f"My email is {email}.", when=r"\btext|\bnumber\b", gives=told)
    for behaviour in scenario.behaviours:
        script = _read(script, behaviour, scenario)
    return script


_BY_OUTCOME = {
    "quote_only": Ask.PRICE,
    "info_only": Ask.PRICE,
    "message_taken": Ask.MESSAGE,
    "transferred": Ask.PERSON,
    "out_of_area": Ask.UNSERVED,
    "spam": Ask.SELL,
    "wrong_number": Ask.WRONG_NUMBER,
    "rescheduled": Ask.MOVE,
    "canceled": Ask.CANCEL,
}


def _about(scenario: Scenario) -> Ask:
    """What the call is about: what must come of it tells it."""
    escalation = scenario.expected.escalation
    if escalation is not None and escalation.mode == "transfer":
        return Ask.PERSON
    return _BY_OUTCOME.get(scenario.expected.call.outcome, Ask.BOOK)


def _in_words(start: datetime, now: datetime) -> str:
    local = start.astimezone(now.tzinfo)
    days = (local.date() - now.date()).days
    hour = local.hour % 12 or 12
    if days == 0:
        return f"tonight at {hour}" if local.hour >= 17 else f"today at {hour}"
    if days == 1 and now.hour >= 4:  # after midnight "tomorrow" is two days
        return f"tomorrow at {hour}"
    return f"{local:%A}, {local:%B} {local.day}, at {hour}"


# -- the rows: first words, and what they make of a script ----------------------------------------

_QUOTED = re.compile(r'"([^"]+)"')
Rule = Callable[[Script, str, list[str]], Script]


def _says(script: Script, words: str, asks: Ask = Ask.OTHER, **more: object) -> Script:
    """They bring something up by themselves."""
    aside = replace(Aside(words, asks), **more)  # type: ignore[arg-type]
    return replace(script, asides=(*script.asides, aside))


_ASKED = (
    (Ask.REPEAT, r"what was that|say (that|it) again|come again|pardon|(hear|catch) (that|you)"),
    (Ask.ROBOT, r"robot|real person|human|machine|computer"),
    (Ask.DISCOUNT, r"match|discount|cheaper|waive|\bfree\b|percent off|a deal"),
    (Ask.ADVICE, r"should i|can i|do i"),
    (Ask.PRICE, r"how much|price|cost|charge"),
)


def asked_in(words: str) -> Ask | None:
    """What a question of the caller's asks for; None where it is none of these."""
    return next((ask for ask, pattern in _ASKED if re.search(pattern, words.lower())), None)


def _asks(script: Script, text: str, quoted: list[str]) -> Script:
    for words in quoted:
        script = _says(script, words, asked_in(text) or Ask.OTHER, answers_too=True)
    return script


def _wish(script: Script, text: str, quoted: list[str]) -> Script:
    told = re.sub(r"^(?:picks|takes|wants|chooses) ", "", text)
    before, _, _ = told.partition('"')
    words = f"{before} {quoted[0]}".strip() if quoted else told  # Monday afternoon, "two is good"
    return replace(script, wish=words) if script.wish_start else script


def _wish_at_once(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(_wish(script, text, quoted), tells_wish_at_once=True)


def _refuses(script: Script, text: str, quoted: list[str]) -> Script:
    named = {each for each in ("name", "address", "phone", "email") if each in text}
    return replace(script, refuses=script.refuses | named)


def _ends(script: Script, text: str, quoted: list[str]) -> Script:
    words = quoted[0] if quoted else "okay thanks bye"
    return _says(script, words, Ask.BYE, ends=True, when=r"\$|dollars|hundred", min_turn=3)


def _after_guidance(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, hangs_up_after_guidance=True)


def _insists(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, insists=True)


def _bye(script: Script, text: str, quoted: list[str]) -> Script:
    return _says(script, "oh sorry wrong number then", Ask.BYE, min_turn=2)


def _card(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, reads_card=quoted[0]) if quoted else script


def _corrects(script: Script, text: str, quoted: list[str]) -> Script:
    first = re.search(r"first says ([\w ]+?),? (?:later|then)", text)
    if first is None or not quoted:
        return script
    return replace(script, first_address=first[1], correction=quoted[-1])


def _on_hearing(script: Script, text: str, quoted: list[str]) -> Script:
    heard = re.search(r"on hearing ([^:]+):", text)
    if heard is None or not quoted:
        return script
    when = _heard(heard[1].strip())
    return _says(script, quoted[0], when=when, wish_start=script.wish_start)


def _heard(words: str) -> str:
    """The pattern of a dollar figure as it may be said, else of the words."""
    amount = re.match(r"\$(\d[\d,]*)", words)
    return spoken.figure(int(amount[1].replace(",", ""))) if amount else re.escape(words)


def _danger_answer(script: Script, text: str, quoted: list[str]) -> Script:
    words = quoted[0] if quoted else "no, no smell now, everybody is fine"
    return replace(script, danger_answer=words)


def _tells_danger(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, tells_danger=quoted[0] if quoted else "yes")


def _day_answer(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, day_answer=quoted[0]) if quoted else script


def _barges(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, barges_in=True)


def _slow(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, pause_ms=5_000)


def _silent(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, is_silent=True)


def _forgets(script: Script, text: str, quoted: list[str]) -> Script:
    named = {each for each in ("address", "zip", "phone", "notes") if each in text}
    return replace(script, forgets=script.forgets | named)


def _no_texts(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, texts_ok=False)


def _rambles(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, rambles=True)


def _wants_book(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, about=Ask.BOOK)


def _relay(script: Script, text: str, quoted: list[str]) -> Script:
    return replace(script, pause_ms=script.pause_ms or 3_000)


def _nothing(script: Script, text: str, quoted: list[str]) -> Script:
    return script


RULES: tuple[tuple[str, Rule], ...] = (
    (r"answers the (safety|danger) question", _danger_answer),
    (r"confirms .*(gas|smell|power|water|fine|safe)", _danger_answer),
    (r"tells of it (only )?when asked", _tells_danger),
    (r"on hearing", _on_hearing),
    (r"(starts|reads (the|his|her) card):", _card),
    (r"first says", _corrects),
    (r"(barges|interrupts)", _barges),
    (r"when asked", _day_answer),
    (r"says at once when", _wish_at_once),
    (r"(picks|takes|wants|chooses)\b", _wish),
    (r"(asks|wonders)\b", _asks),
    (r"refuses", _refuses),
    (r"(says|said) .*hangs up", _ends),
    (r"hangs up", _after_guidance),
    (r"(repeats|insists|keeps)", _insists),
    (r"apologi[sz]es", _bye),
    (r"long silences", _slow),
    (r"says nothing", _silent),
    (r"forgets", _forgets),
    (r"wants no texts", _no_texts),
    (r"rambles", _rambles),
    (r"wants to book", _wants_book),
    (r'"go ahead" and', _relay),
    (r'"[^"]*\b(is fine|is good|works|please)"$', _wish),
    (r"(gives|leaves|knows|not urgent|next day|problem:|email:)", _nothing),
)


def _read(script: Script, behaviour: str, scenario: Scenario) -> Script:
    text, quoted = behaviour.strip(), _QUOTED.findall(behaviour)
    lowered = text.lower()
    for pattern, rule in RULES:
        if re.match(pattern, lowered):
            return rule(script, lowered if rule is not _corrects else text, quoted)
    for words in quoted:
        script = _says(script, words, asked_in(words) or Ask.OTHER)
    return script
