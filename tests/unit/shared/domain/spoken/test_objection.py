"""Who does not want to be recorded is heard; who only speaks of recordings is not taken for it."""

import pytest

from shared.domain.spoken.objection import objects_to_recording


@pytest.mark.parametrize(
    "words",
    [
        "I don't want to be recorded.",
        "I do not consent to being recorded",
        "Please don't record this call.",
        "Stop recording me.",
        "Can you turn the recording off?",
        "turn off the recording please",
        "I'd rather not be recorded.",
        "I'm not comfortable being recorded",
        "I object to this call being recorded.",
        "Can we do this without recording?",
        "You can't record me, I never agreed to it.",
        "I didn't agree to be recorded",
        "Don't you record this.",
        "No recording, please.",
        "I'm not okay with you recording my voice",
        "I would prefer not to be recorded",
        "You do not have my consent to record; I don't give you permission to record me.",
    ],
)
def test_an_objection_is_heard(words: str) -> None:
    assert objects_to_recording(words)


@pytest.mark.parametrize(
    "words",
    [
        "Is this call recorded?",
        "Am I being recorded?",
        "Okay, it's recorded, that's fine.",
        "I don't mind if you record it.",
        "It was a record cold last night and the heat is off.",
        "I have no record of the last visit.",
        "I don't have a record of what they did.",
        "Do you have my service records?",
        "The thermostat stopped recording the temperature.",
        "I don't want to wait, and I know you record this.",
        "For the record, I don't want the expensive one.",
        "I run a recording studio and the AC is out.",
        "",
    ],
)
def test_to_speak_of_recordings_is_none(words: str) -> None:
    assert not objects_to_recording(words)
