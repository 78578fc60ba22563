"""The scripted caller in text mode: what she does to what she hears, on media time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerLine, CallerTick
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import SpeechStarted, SpeechStopped, open_speech
from services.simulator.speech.sound import FRAME_MS, SILENCE, frames
from services.simulator.speech.textline import encode

TEXT = open_speech("text")


def a_scenario(*lines: dict[str, Any], **fields: Any) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "test",
            "title": "A test",
            "business": "coolcare_hvac",
            "at": "2025-08-28T19:12:00-04:00",
            "from": "+15551230000",
            "voice": "af_heart",
            "line": lines,
            "expect": {"outcome": "booked"},
            **fields,
        }
    )


@dataclass
class Line:
    """A telephone line: plays the agent's words to the caller and hears what she says."""

    scenario: Scenario
    noted: list[CallerLine] = field(default_factory=list)
    heard: list[tuple[int, str]] = field(default_factory=list)
    ticks: list[CallerTick] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.caller = ScriptedCaller(self.scenario, TEXT, self.noted.append, lambda: self.texts)
        self.ears = TEXT.ears()
        self.began = 0

    def play(self, audio: Iterable[bytes]) -> None:
        for frame in audio:
            tick = self.caller.tick(frame)
            self.ticks.append(tick)
            for event in self.ears.hear(tick.audio):
                match event:
                    case SpeechStarted():
                        self.began = event.at_ms
                    case SpeechStopped():
                        self.heard.append((self.began, TEXT.transcriber.text(event.clip)))

    def agent_says(self, text: str, then_silent_ms: int = 6000) -> None:
        self.play(frames(encode(text)))
        self.wait(then_silent_ms)

    def wait(self, ms: int) -> None:
        self.play([SILENCE] * (ms // FRAME_MS))

    @property
    def words(self) -> list[str]:
        return [text for _, text in self.heard]

    @property
    def now_ms(self) -> int:
        return len(self.ticks) * FRAME_MS


HELP = {"hears": "how can i help", "says": ["My AC stopped.", "The AC is broken."]}
NAME = {"hears": "name", "says": ["Sarah Miller."]}


def test_she_answers_what_she_is_asked_a_second_after_the_agent_ended() -> None:
    line = Line(a_scenario(HELP, NAME))
    line.agent_says("May I have your name?", then_silent_ms=0)
    ended = line.now_ms
    line.wait(6000)

    assert line.words == ["Sarah Miller."]
    assert 950 <= line.heard[0][0] - ended <= 1060
    assert [(note.kind, note.text, note.line) for note in line.noted] == [
        ("heard", "May I have your name?", None),
        ("said", "Sarah Miller.", 1),
    ]


def test_asked_again_she_uses_other_words() -> None:
    line = Line(a_scenario(HELP))
    for _ in range(2):
        line.agent_says("How can I help?")

    assert line.words == ["My AC stopped.", "The AC is broken."]


def test_a_used_up_line_leaves_the_turn_to_the_next_one() -> None:
    line = Line(a_scenario(NAME, {"hears": "your name", "says": ["I told you."]}))
    for _ in range(2):
        line.agent_says("What is your name?")

    assert line.words == ["Sarah Miller.", "I told you."]


def test_wordings_take_turns_as_often_as_allowed() -> None:
    line = Line(a_scenario({"hears": "right", "says": ["Yes.", "That's right."], "times": 3}))
    for _ in range(4):
        line.agent_says("Is that right?", then_silent_ms=9000)

    assert line.words[:3] == ["Yes.", "That's right.", "Yes."]
    assert line.words[3] == "Sorry, could you say that again?"


def test_a_pause_inside_a_turn_does_not_make_her_ask_again() -> None:
    line = Line(a_scenario({"hears": "tonight.*tomorrow.*which", "says": ["Tonight."]}))
    line.agent_says("I can do tonight, nine to eleven.", then_silent_ms=1200)
    line.agent_says("Or tomorrow. Which works?")

    assert line.words == ["Tonight."]


def test_a_question_she_cannot_answer_she_asks_again_twice_then_says_nothing() -> None:
    line = Line(a_scenario(NAME))
    for _ in range(3):
        line.agent_says("What colour is it?", then_silent_ms=9000)

    assert line.words == ["Sorry, could you say that again?", "I'm sorry, what was that?"]


def test_a_remark_needs_no_answer() -> None:
    line = Line(a_scenario(NAME))
    line.agent_says("One moment, let me check the schedule.", then_silent_ms=5000)
    line.agent_says("And your name?")

    assert line.words == ["Sarah Miller."]


def test_told_to_wait_she_waits_and_does_not_ask_back() -> None:
    line = Line(a_scenario(NAME, patience_s=30))
    line.agent_says("Please hold while I connect you.", then_silent_ms=25_000)

    assert line.words == []
    line.wait(6000)
    assert any(tick.hangs_up for tick in line.ticks)


def test_a_remark_that_nothing_follows_puzzles_her_in_the_end() -> None:
    line = Line(a_scenario(NAME))
    line.agent_says("The moon is made of cheese.", then_silent_ms=12_000)

    assert line.words == ["Sorry, could you say that again?"]


def test_she_interrupts_once_she_has_heard_enough() -> None:
    choose = {"hears": "tonight", "says": ["Tonight works."], "interrupts_after_ms": 1500}
    line = Line(a_scenario(choose))
    offer = "I can do tonight from nine to eleven P M, or tomorrow from eight to ten. Which works?"
    line.play(frames(encode(offer)))
    line.wait(6000)

    assert line.words == ["Tonight works."]
    assert 1500 <= line.heard[0][0] < 2200
    assert line.noted[0].kind == "said"


def test_an_interrupting_line_waits_for_its_words() -> None:
    choose = {"hears": "tomorrow", "says": ["Tomorrow."], "interrupts_after_ms": 0}
    line = Line(a_scenario(choose))
    offer = "I can do tonight from nine to eleven P M, or tomorrow from eight to ten. Which works?"
    line.play(frames(encode(offer)))
    line.wait(6000)

    spoken_by = offer.index("tomorrow") * 55
    assert spoken_by <= line.heard[0][0] < spoken_by + 1000


def test_what_the_agent_said_while_she_was_speaking_is_not_answered() -> None:
    line = Line(a_scenario(NAME, {"hears": "sorry", "says": ["Never."]}))
    line.agent_says("Your name?", then_silent_ms=1100)
    line.agent_says("Sorry?")

    assert line.words == ["Sarah Miller."]
    assert "Sorry?" in [note.text for note in line.noted]


def test_keys_are_pressed_one_by_one() -> None:
    line = Line(a_scenario({"hears": "help", "keys": "40"}))
    line.agent_says("How can I help?")

    pressed = [(index, tick.keys) for index, tick in enumerate(line.ticks) if tick.keys]
    assert [keys for _, keys in pressed] == ["4", "0"]
    assert pressed[1][0] - pressed[0][0] == 240 // FRAME_MS
    assert line.words == []


def test_the_code_of_the_newest_text_is_keyed() -> None:
    line = Line(a_scenario({"hears": "six digits", "keys_code": True}))
    line.texts += ["your code is 111111. Say it", "booked for 9 PM", "your code is 654321. Say it"]
    line.agent_says("Please key the six digits.")

    assert "".join(tick.keys for tick in line.ticks) == "654321#"


def test_a_silent_line_lets_the_turn_pass() -> None:
    line = Line(a_scenario({"hears": "name", "silent": True}, NAME))
    line.agent_says("Your name?")
    line.agent_says("Your name?")

    assert line.words == ["Sarah Miller."]


def test_she_can_hang_up_after_her_words() -> None:
    line = Line(a_scenario({"hears": "gas", "says": ["I am leaving."], "hangs_up": True}))
    line.agent_says("Leave the gas now.", then_silent_ms=5000)

    assert line.words == ["I am leaving."]
    assert [tick.hangs_up for tick in line.ticks].count(True) == 1
    assert line.noted[-1].kind == "hung_up"
    assert line.caller.tick(SILENCE) == CallerTick()


def test_after_a_goodbye_she_hangs_up_by_herself_in_ten_seconds() -> None:
    line = Line(a_scenario(NAME))
    line.agent_says("Thanks, have a good night. Goodbye!", then_silent_ms=9500)
    assert not any(tick.hangs_up for tick in line.ticks)

    line.wait(2000)
    assert any(tick.hangs_up for tick in line.ticks)


def test_a_dead_line_loses_her_after_her_patience() -> None:
    line = Line(a_scenario(NAME, patience_s=20))
    line.wait(19_000)
    assert not any(tick.hangs_up for tick in line.ticks)

    line.wait(2000)
    assert any(tick.hangs_up for tick in line.ticks)
