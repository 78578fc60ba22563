"""A danger in the caller's words is answered before anything else, and on-call hears of it."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.hazard import HazardWatch, denies_danger, heard_danger
from services.media_bridge.core.journal import replay
from tests.scripted import GAS, ScriptedCall, sound

SMELL = "I smell gas in the basement."
ASKED = "Is anyone smelling gas or smoke, or is a carbon monoxide alarm sounding?"


def clip_pieces(call: ScriptedCall) -> list[str]:
    return [mark.name for mark in call.all(do.PlaceMark) if "clip-gas_leak" in mark.name]


def test_guidance_is_played_and_on_call_is_told_at_once() -> None:
    call = ScriptedCall().live()
    call.caller_says(SMELL)

    assert [mark.rpartition(":")[2] for mark in clip_pieces(call)] == ["900", "2700", "3000"]
    assert call.all(do.AlertHazard) == [do.AlertHazard("gas_leak")]
    assert do.NoteCall(call.at_ms, hazard="gas_leak") in call.done
    assert do.TellSpoken(GAS) in call.done
    call.wait(3200)
    assert [turn.text for turn in call.all(do.NoteTurn) if turn.role == "assistant"][-1] == GAS


def test_the_verdict_beside_the_words_raises_what_no_pattern_knows_and_clears_what_one_does() -> (
    None
):
    unforeseen, harmless = ScriptedCall().live(), ScriptedCall().live()
    for call, words, verdict in (
        (unforeseen, "The cat is acting drunk.", "carbon_monoxide"),
        (harmless, "What would I do if there was smoke?", "none"),
    ):
        user = call.caller_says(words, words=False)
        call.feed(ev.CallerSaid(call.at_ms, user, words, hazard=verdict))

    assert [each.category for each in unforeseen.all(do.AlertHazard)] == ["carbon_monoxide"]
    assert harmless.all(do.AlertHazard) == []
    for call in (unforeseen, harmless):
        lines = (call.lines + call.journal.rest()).splitlines()
        assert replay(lines) == []


def test_the_guidance_is_what_the_caller_waited_for() -> None:
    call = ScriptedCall().live()
    call.caller_says(SMELL)
    call.wait(1600)
    call.agent_says("Are you safe?", asked=True)
    call.wait(3000)

    assert call.measured("TurnLatencyMs") == [0]


def test_the_models_own_reply_is_not_heard_before_the_guidance() -> None:
    call = ScriptedCall().live()
    user = call.caller_says(SMELL, words=False)
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(600)))  # waits for the words
    call.wait(400)
    call.feed(ev.CallerSaid(call.at_ms, user, SMELL))
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(600)))
    call.wait(3400)

    assert "a9" not in call.heard
    assert call.heard["clip-gas_leak"] == 3000
    assert [c.response_id for c in call.all(do.CancelResponse)] == [response]
    assert [c.item_id for c in call.all(do.ForgetItem)] == ["a9"]


def test_words_that_come_late_cut_a_reply_that_is_playing() -> None:
    call = ScriptedCall().live()
    user = call.caller_says(SMELL, words=False)
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(3000)))
    call.wait(1800)  # 1.2 seconds it waited
    call.feed(ev.CallerSaid(call.at_ms, user, SMELL))

    kinds: list[type] = [type(command) for command in call.last]
    order = [do.ClearPlayback, do.CancelResponse, do.Truncate, do.PlayAudio, do.AlertHazard]
    assert [kinds.index(kind) for kind in order] == sorted(kinds.index(kind) for kind in order)


def test_the_model_goes_on_by_asking_whether_they_are_safe() -> None:
    call = ScriptedCall().live()
    call.caller_says(SMELL)
    call.ends(call.starts(), "cancelled")
    call.wait(1600)
    assert "Ask only whether they are safe" in call.all(do.TellModel)[-1].text
    call.agent_says("Are you safe and outside?", 1000, asked=True)
    call.wait(900)
    assert "a2" not in call.heard  # it waits behind the guidance
    call.wait(2500)

    assert call.heard["clip-gas_leak"] == 3000
    assert list(call.heard)[-1] not in ("clip-gas_leak", "clip-disclosure")


def test_talking_over_the_guidance_does_not_stop_it() -> None:
    call = ScriptedCall().live()
    call.caller_says(SMELL)
    call.wait(500)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.wait(3000)

    assert call.all(do.ClearPlayback) == []
    assert call.heard["clip-gas_leak"] == 3000


def test_one_category_is_told_once_and_another_is_told_too() -> None:
    call = ScriptedCall().live()
    call.caller_says(SMELL)
    call.caller_says("Yes, it really smells like gas.")
    call.caller_says("And the carbon monoxide alarm is going off.")

    assert [alert.category for alert in call.all(do.AlertHazard)] == [
        "gas_leak",
        "carbon_monoxide",
    ]


def test_without_a_clip_the_model_says_exactly_the_guidance_and_nothing_else_is_heard() -> None:
    call = ScriptedCall().live(guidance_clips={})
    call.caller_says(SMELL)
    assert call.asked.sentence == GAS  # at once, though an answer was asked for already
    own = call.starts("r1")
    assert [c.response_id for c in call.all(do.CancelResponse)] == [own]
    call.ends(own, "cancelled")
    call.agent_says(GAS, 2000, asked=True)
    call.wait(2200)

    assert "Ask only whether they are safe" in call.all(do.TellModel)[-1].text
    assert call.asked.instructions is None


def test_no_danger_no_guidance() -> None:
    call = ScriptedCall().live()
    call.caller_says("Just the cooling and noise. No smells.")

    assert call.all(do.AlertHazard) == []


def test_the_agents_own_question_raises_nothing() -> None:
    call = ScriptedCall().live()
    call.agent_says(ASKED)
    call.wait(1400)
    call.caller_says("No, nothing like that.")

    assert call.all(do.AlertHazard) == []


@pytest.mark.parametrize(
    "answer",
    [
        "Yes.",
        "Yeah, I do.",
        "Um, yes.",
        "I think so.",
        "A little",
        "Sí.",
        "Si",
        "Gas.",
        "Just gas.",
    ],
)
def test_a_bare_yes_to_the_question_about_danger_is_a_danger(answer: str) -> None:
    hazard = heard_danger(answer, ASKED)

    assert hazard is not None and hazard.category.value == "gas_leak"


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        ("Yes.", "Shall I find you a time?"),
        ("Yes, just the cooling.", ASKED),
        ("No.", ASKED),
        ("Yes.", "Is anyone smelling gas? Or is it just the cooling?"),
    ],
)
def test_a_yes_to_anything_else_is_none(answer: str, asked: str) -> None:
    assert heard_danger(answer, asked) is None


def test_a_yes_whose_words_come_after_the_replys_own_is_still_an_answer_to_the_question() -> None:
    call = ScriptedCall().live()
    call.agent_says(ASKED)
    call.wait(1400)
    user = call.caller_says("Yes.", words=False)
    call.agent_says("Good. May I have your name?")
    call.feed(ev.CallerSaid(call.at_ms, user, "Yes."))

    assert call.all(do.AlertHazard) == [do.AlertHazard("gas_leak")]


def stages(call: ScriptedCall) -> list[str | None]:
    return [note.stage for note in call.all(do.NoteCall) if note.stage != "disclosed"]


def test_who_answered_the_question_about_danger_with_none_is_qualified_once() -> None:
    call = ScriptedCall().live()
    call.caller_says("My AC stopped cooling.")
    assert stages(call) == []
    for _ in range(2):
        call.exchange(ASKED, "No, just the cooling.")

    assert stages(call) == ["qualified"]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Thank you for watching!",
        "시청해주셔서 감사합니다!",
        "Hold on a second.",
        "What?",
        "Um...",
        "Could you repeat that?",
        "No entiendo.",
        "No sé.",
        "No puedo respirar.",
        "I don't know.",
        "No idea.",
        "No, I can't hear you.",
        "Okay.",
        "No smoke, just gas.",
    ],
)
def test_an_answer_that_nobody_could_read_qualifies_nobody(answer: str) -> None:
    call = ScriptedCall().live()
    call.exchange(ASKED, answer)

    assert stages(call) == []


def test_no_transcript_and_a_failed_one_qualify_nobody() -> None:
    call = ScriptedCall().live()
    call.agent_says(ASKED)
    call.wait(1400)
    call.caller_says("", words=False)
    failed = call.caller_says("", words=False)
    call.feed(ev.CallerUnheard(call.at_ms, failed))
    call.wait(1400)

    assert stages(call) == []


@pytest.mark.parametrize(
    ("answer", "category"),
    [
        ("Huele a gas en la cocina.", "gas_leak"),
        ("Sí.", "gas_leak"),
        ("Hay humo saliendo del aire acondicionado.", "fire_smoke"),
        ("La alarma de monóxido de carbono está sonando.", "carbon_monoxide"),
    ],
)
def test_a_danger_told_in_spanish_is_answered_and_qualifies_nobody(
    answer: str, category: str
) -> None:
    call = ScriptedCall().live()
    call.exchange(ASKED, answer)

    assert call.all(do.AlertHazard) == [do.AlertHazard(category)]
    assert "qualified" not in stages(call)


@pytest.mark.parametrize(
    "answer",
    [
        "No.",
        "Nope, just the noise.",
        "No smells.",
        "Nothing like that.",
        "No, ma'am.",
        "No gas, no smoke and no alarms.",
        "I don't smell any gas.",
        "Not that I know of.",
        "Just the cooling and the noise. No smells.",
        "My AC stopped cooling and the outdoor unit is rattling.",
    ],
)
def test_a_plain_denial_says_that_there_is_no_danger(answer: str) -> None:
    assert denies_danger(answer)
    assert heard_danger(answer, ASKED) is None


def test_who_reports_a_danger_is_not_qualified_by_it() -> None:
    call = ScriptedCall().live()
    call.exchange(ASKED, "Yes, I smell gas.")

    assert stages(call) == [None]  # the note of the hazard


def test_each_kind_is_new_once() -> None:
    watch = HazardWatch()
    smell, alarm = (
        heard_danger(text, "") for text in (SMELL, "The carbon monoxide alarm is going off.")
    )
    assert smell is not None and alarm is not None

    assert watch.is_new(smell) and watch.is_new(alarm)
    assert not watch.is_new(smell)


def test_only_the_first_denial_qualifies() -> None:
    watch = HazardWatch()

    assert not watch.qualifies("No.", "How can I help?")
    assert watch.qualifies("No, nothing like that.", ASKED)
    assert not watch.qualifies("No, nothing like that.", ASKED)
