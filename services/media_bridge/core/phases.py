"""The phase of a call and the state of its model: two small machines, written down as tables.

How it works
============

A call is several small machines that run side by side: playback, the response queue, the open tool
calls, the announcements, and the two of this module. These two say how far the call has come and
whether the model can be spoken to; nearly every rule of the session begins by asking them.

The phase follows the caller's line. Twilio's `start` brings a token, which our table has to
redeem: until then (NEW, REDEEMING) nobody is known to be there, nothing is sent to the model, and
of all that peers send only the legs and the token count. From the redeemed token on the call is
LIVE. Once a last sentence is to be said it is ENDING: no new wish is taken up, but what was decided
is carried out, and the caller may still talk us out of a goodbye, which leads back to LIVE. ENDED
is final: the line is closed, and every further event is ignored.

The model's state follows its socket. It may open before the token is good (OPENED) or after. The
session is configured once both are there (STARTING), and the model is spoken to once its server
has confirmed that (READY). A model that is LOST in a LIVE call is opened again (UNOPENED), twice at
most; then the call is given to a person.

The two machines know nothing of each other. They meet in three places only: the session is
configured when the call is LIVE and the model OPENED, the caller is heard when the model is READY
and the disclosure was heard, and a model that is LOST is opened again or ends a LIVE call.

Rules
=====

1. Whatever moves a phase or a model's state is in the tables of this module. The diagrams of
   docs/calls.md are made from them (`python -m tests.diagram`).
2. `Phases.enter` and `Phases.model_becomes` are the only places that assign one.
3. Peers may send anything in any order, so the session looks before it moves. A move that is not
   in the table is therefore a bug of ours: it raises, and nothing has changed.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class Phase(StrEnum):
    """How far a call has come."""

    NEW = "new"  # the socket is open, Twilio's `start` is awaited
    REDEEMING = "redeeming"  # the token is being redeemed
    LIVE = "live"  # caller and agent talk, or the disclosure plays
    ENDING = "ending"  # the last sentence is being said
    ENDED = "ended"  # EndCall was given


class ModelState(StrEnum):
    """How far the model's session has come."""

    UNOPENED = "unopened"  # its socket is not open yet
    OPENED = "opened"  # nothing has been sent to it
    STARTING = "starting"  # session.update was sent
    READY = "ready"
    LOST = "lost"  # the socket closed, never opened, or is of no more use


_State = TypeVar("_State", Phase, ModelState)

# For each state those it may move to, and what moves it there.
PHASES: Mapping[Phase, Mapping[Phase, str]] = {
    Phase.NEW: {
        Phase.REDEEMING: "LineOpened",
        Phase.ENDED: "no LineOpened in 5 s, LineClosed, Draining",
    },
    Phase.REDEEMING: {
        Phase.LIVE: "TokenRedeemed",
        Phase.ENDED: "TokenRefused, neither in 2 s, LineClosed, Draining",
    },
    Phase.LIVE: {
        Phase.ENDING: "a goodbye or a hand-over is to be said",
        Phase.ENDED: "LineClosed, or a failure (a person is rung at once)",
    },
    Phase.ENDING: {
        Phase.LIVE: "the caller goes on talking, or more comes of the model",
        Phase.ENDING: "another last sentence takes its place",
        Phase.ENDED: "the sentence was heard, its bound passed, LineClosed",
    },
    Phase.ENDED: {},
}

MODEL_STATES: Mapping[ModelState, Mapping[ModelState, str]] = {
    ModelState.UNOPENED: {
        ModelState.OPENED: "ModelOpened",
        ModelState.LOST: "ModelLost",
    },
    ModelState.OPENED: {
        ModelState.STARTING: "OpenSession, once the call is LIVE",
        ModelState.LOST: "ModelLost",
    },
    ModelState.STARTING: {
        ModelState.READY: "ModelReady",
        ModelState.LOST: "ModelLost",
    },
    ModelState.READY: {
        ModelState.LOST: "ModelLost, or a response without a sign of life",
    },
    ModelState.LOST: {
        ModelState.UNOPENED: "ReopenModel, while the call is LIVE, twice at most",
    },
}


class IllegalTransition(Exception):
    """A move that is in no table: a bug of ours, never of a peer."""


class Phases:
    """Where the call and its model stand. Only the two setters move either."""

    def __init__(self) -> None:
        self._call = Phase.NEW
        self._model = ModelState.UNOPENED
        # How often the model was lost and opened again.
        self.reopened = 0

    @property
    def call(self) -> Phase:
        return self._call

    @property
    def model(self) -> ModelState:
        return self._model

    def enter(self, phase: Phase) -> None:
        """The call moves to `phase`.

        Raises:
            IllegalTransition: the table has no such move; nothing has changed.
        """
        _check(PHASES, self._call, phase)
        self._call = phase

    def model_becomes(self, state: ModelState) -> None:
        """The model moves to `state`.

        Raises:
            IllegalTransition: the table has no such move; nothing has changed.
        """
        _check(MODEL_STATES, self._model, state)
        if self._model is ModelState.LOST:
            self.reopened += 1
        self._model = state


def _check(table: Mapping[_State, Mapping[_State, str]], before: _State, after: _State) -> None:
    if after not in table[before]:
        raise IllegalTransition(f"from {before.name} to {after.name}")
