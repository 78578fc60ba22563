"""Which line of a scenario comes next, and how often each may be used."""

from services.simulator.caller.script import ScriptProgress
from tests.unit.services.simulator.caller.test_scripted import a_scenario

HELP = {"hears": "help", "says": ["My AC stopped.", "The AC is broken."]}
AGAIN = {"hears": "help|again", "says": ["As I said."]}


def test_a_line_is_used_once_for_each_wording_and_then_the_next_that_fits() -> None:
    script = ScriptProgress(a_scenario(HELP, AGAIN))
    said = []
    for _ in range(3):
        index = script.line_for("How can I HELP?")
        assert index is not None
        said.append((index, script.wording(index)))
        script.use(index)

    assert said == [(0, "My AC stopped."), (0, "The AC is broken."), (1, "As I said.")]
    assert script.line_for("How can I help?") is None


def test_a_line_interrupts_only_after_its_time_and_while_it_may_be_used() -> None:
    script = ScriptProgress(a_scenario(HELP, {**AGAIN, "interrupts_after_ms": 1000}))
    assert script.interrupting(980) == []
    assert script.interrupting(1000) == [1]
    script.use(1)
    assert script.interrupting(5000) == []


def test_asking_again_begins_anew_once_a_line_has_fitted() -> None:
    script = ScriptProgress(a_scenario(HELP, puzzled=("Pardon?", "What?")))
    assert [script.ask_again(), script.ask_again(), script.ask_again()] == [
        "Pardon?",
        "What?",
        None,
    ]
    script.use(0)
    assert script.ask_again() == "Pardon?"
