"""A caller who speaks Spanish is met in Spanish, and given a person or a call-back."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import replay
from shared.domain.models import CallerKind
from shared.domain.moments import CallMoment
from shared.domain.moments.spanish import GUIDANCE, WORDINGS
from shared.domain.outcomes import EndReason, EscalationReason
from tests.scripted import ScriptedCall, sound

OPENING = "Buenas tardes, tengo el aire acondicionado que no sirve, ¿puede venir alguien?"
MET = "Soy el asistente de inteligencia artificial de CoolCare HVAC, y esta llamada se graba."


def met(**setup: object) -> ScriptedCall:
    call = ScriptedCall().live(**({"recorded": True} | setup))
    call.caller_says(OPENING)
    return call


def recited(call: ScriptedCall) -> list[str]:
    return [asked.sentence for asked in call.all(do.Respond) if asked.sentence]


def test_they_are_told_in_spanish_what_they_talk_to_and_a_person_is_looked_for() -> None:
    call = met()

    assert recited(call) == [MET]
    (run,) = call.all(do.RunTool)
    assert run.name == "escalate_to_human"
    assert OPENING in str((run.arguments or {})["summary"])
    assert do.NoteCall(call.at_ms, caller_kinds=(CallerKind.SPANISH,)) in call.done


def test_where_nothing_is_recorded_they_are_told_that_it_is_written_down() -> None:
    assert recited(met(recorded=False)) == [MET.replace("se graba", "queda por escrito")]


def test_a_person_takes_over() -> None:
    call = met()
    call.tool_answers("spanish-person", '{"mode":"transfer"}', hand_over=True)
    call.agent_says(MET, 3000, asked=True)
    call.agent_says(WORDINGS[CallMoment.HAND_OVER][0], 2000)
    call.wait(6000)

    assert recited(call)[1:] == [*WORDINGS[CallMoment.HAND_OVER]]
    assert call.end() == do.EndCall(EndReason.HANDED_OVER)
    assert replay((call.lines + call.journal.rest()).splitlines()) == []


def test_where_nobody_is_there_the_office_is_texted_and_they_are_told() -> None:
    call = met()
    call.tool_answers("spanish-person", '{"mode":"callback"}')
    message = call.all(do.RunTool)[-1]
    assert message.name == "take_message"
    assert OPENING in str((message.arguments or {})["message"])
    call.tool_answers("spanish-message", '{"taken": true}')
    call.agent_says(MET, 3000, asked=True)
    call.agent_says(WORDINGS[CallMoment.CALL_BACK][0], 2000)
    call.wait(6000)

    assert recited(call)[1:] == [*WORDINGS[CallMoment.CALL_BACK]]
    assert call.end() == do.EndCall(EndReason.GOODBYE)


def test_whose_number_is_withheld_may_leave_a_message() -> None:
    call = met()
    call.tool_answers("spanish-person", '{"mode":"callback"}')
    call.tool_answers("spanish-message", '{"error":"bad_contact"}')

    assert do.NoteCall(call.at_ms, escalate=EscalationReason.SPANISH) in call.done


def test_the_model_is_answered_no_tool_it_did_not_call() -> None:
    call = met()
    call.tool_answers("spanish-person", '{"mode":"transfer"}', hand_over=True)

    assert call.all(do.AnswerTool) == []


def test_they_are_met_once() -> None:
    call = met()
    call.caller_says("Sí, es para la casa de mi mamá, por favor.")

    assert len(call.all(do.RunTool)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "Do you speak Spanish?",
        "¿Habla español?",
        "no hablo inglés",
        "I no speak english",
        "Necesito que vengan a ver el calentador porque no calienta",
    ],
)
def test_whoever_asks_for_it_or_speaks_it_is_met(said: str) -> None:
    call = ScriptedCall().live()
    call.caller_says(said)

    assert [run.name for run in call.all(do.RunTool)] == ["escalate_to_human"]


@pytest.mark.parametrize(
    "said",
    [
        "Hola, my AC is broken.",
        "My name is Jose de la Cruz.",
        "It's on La Mesa Drive, near El Camino.",
        "Gracias, that's all.",
        "Si.",
        "My tenant speaks Spanish, but call me.",
        "Sí, gracias.",
    ],
)
def test_a_name_and_a_greeting_are_no_language(said: str) -> None:
    call = ScriptedCall().live()
    call.caller_says(said)

    assert call.all(do.RunTool) == []


def test_a_danger_told_in_spanish_is_answered_in_spanish_first() -> None:
    words = GUIDANCE["gas_leak"]  # type: ignore[index]
    call = ScriptedCall().live(
        spanish_guidance={"gas_leak": words},
        spanish_clips={"gas_leak": ev.Clip(words, sound(3000))},
    )
    call.caller_says("Huele mucho a gas en la cocina.")
    call.wait(3200)

    assert [turn.text for turn in call.all(do.NoteTurn) if turn.role == "assistant"][-1] == words
    assert call.all(do.AlertHazard) == [do.AlertHazard("gas_leak")]
    assert call.all(do.RunTool) == []  # nobody in a house full of gas is put on hold
    call.caller_says("Ya estamos todos afuera de la casa.")
    assert [run.name for run in call.all(do.RunTool)] == ["escalate_to_human"]
