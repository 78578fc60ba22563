"""Who is on the line, by what they say of themselves."""

import pytest

from shared.domain.models import CallerKind
from shared.domain.spoken.callers import kinds_in


@pytest.mark.parametrize(
    "words",
    [
        "hello this is ohio relay operator 4471 with a call from a person who is deaf, go ahead",
        "Have you received a relay call before?",
        "This is a video interpreter with a customer who's deaf.",
        "I'm a sign language interpreter, calling for somebody who is hard of hearing.",
        "This call is through the TTY.",
        "Telecommunications Relay, communications assistant number 2215 calling for a deaf person.",
    ],
)
def test_a_relay_call_is_one(words: str) -> None:
    assert kinds_in(words) == {CallerKind.RELAY}


@pytest.mark.parametrize(
    "words",
    [
        "um hi my moms at work and the heater is making a loud noise",
        "My mom isn't home.",
        "I'm nine.",
        "I'm ten and a half years old",
        "I am 11 years old.",
        "my mommy said to call",
        "My parents are both out.",
        "I'm just a kid.",
        "I'm home alone and my dad doesn't answer",
    ],
)
def test_a_child_is_one(words: str) -> None:
    assert kinds_in(words) == {CallerKind.MINOR}


@pytest.mark.parametrize(
    "words",
    [
        "You'll have to speak slowly, I'm hard of hearing.",
        "I'm a little deaf, dear.",
        "my hearing's not so good",
        "I don't hear too well anymore",
        "Let me put my hearing aid in.",
    ],
)
def test_who_hears_badly_is_known(words: str) -> None:
    assert kinds_in(words) == {CallerKind.HARD_OF_HEARING}


@pytest.mark.parametrize(
    "words",
    [
        "Hi, I'm an AI assistant calling on behalf of a homeowner about your prices.",
        "This is an automated call about your business listing.",
        "I'm Ava, a virtual assistant for Lakeside Rentals.",
        "My name is Max, an AI agent with Homefix.",
        "I am an AI.",
    ],
)
def test_another_company_s_assistant_is_one(words: str) -> None:
    assert kinds_in(words) == {CallerKind.MACHINE}


@pytest.mark.parametrize(
    "words",
    [
        "The relay on the furnace board clicks.",
        "I need a new relay for my AC, the relay switch is bad.",
        "My mother's furnace is out.",
        "I'm calling for my mom, she's at work and the heat is off.",
        "I'm ten minutes away from the house.",
        "I'm on the line with my dad.",
        "I'm 5 foot 6, I can't reach the vent.",
        "I'm eight blocks from Perrin Avenue.",
        "I'm home alone with the baby and there's no heat.",
        "Are you an AI?",
        "Is this an automated system?",
        "I want a person, not an automated assistant.",
        "I can't hear the fan any more.",
        "I can hear it running.",
        "The AI thermostat says E5.",
        "my tenant is not home",
        "",
    ],
)
def test_anybody_else_is_just_a_caller(words: str) -> None:
    assert kinds_in(words) == frozenset()


def test_more_than_one_may_be_so() -> None:
    assert kinds_in("my mom's at work and I don't hear well") == {
        CallerKind.MINOR,
        CallerKind.HARD_OF_HEARING,
    }
