"""What is kept of a number that texts go to: an opt-out, a consent, and a question it was asked."""

from typing import Literal

from pydantic import AwareDatetime

from shared.domain.models.value import Value
from shared.domain.models.visit import Window


class TextConsent(Value):
    """Somebody said yes to texts: when, to which words, and in which call."""

    at: AwareDatetime
    wording: str
    call_sid: str


class OptOut(Value):
    """Somebody wants no texts: when they said so, and how."""

    at: AwareDatetime
    by: Literal["text", "spoken"]


# which: one of several visits is meant; window: one of two is chosen; sure: called off on a yes.
TalkStep = Literal["which", "window", "sure"]


class Talk(Value):
    """A question that was texted to a number and waits for its answer."""

    business_id: str
    phone: str
    about: Literal["move", "call_off"]
    step: TalkStep
    jobs: tuple[str, ...]  # ids, in the order in which they were told
    version: int = 0  # of the one job, as it was when it was asked
    windows: tuple[Window, ...] = ()  # in the order in which they were told
    until: AwareDatetime  # real time; then it is asked no more
