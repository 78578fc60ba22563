"""How far a call came, how it ended, what broke and why a person was asked for: as closed lists.

The bridge and the webhooks write these words to the calls row, each as its plain string. A row is
read with `str` where a word may come from another version of the code: an unknown failure must not
keep a caller from being put through.
"""

from enum import StrEnum


class CallStage(StrEnum):
    """How far a call came, in this order. A stage is never taken back."""

    ANSWERED = "answered"  # the token was good and the row is written
    DISCLOSED = "disclosed"  # all of the disclosure was heard
    QUALIFIED = "qualified"  # asked about danger, the caller said that there is none
    QUOTED = "quoted"
    OFFERED = "offered"  # windows were offered
    BOOKED = "booked"

    def is_after(self, other: "CallStage") -> bool:
        order = list(CallStage)
        return order.index(self) > order.index(other)


class EndReason(StrEnum):
    """How a call, or the stream that was to become one, ended."""

    GOODBYE = "goodbye"  # the agent said goodbye after end_call
    HANDED_OVER = "handed_over"  # the line was closed so that a person is rung
    TOO_LONG = "too_long"  # the longest time a call may last was over
    SILENCE = "silence"  # the caller said nothing for a minute, asked twice
    HUNG_UP = "hung_up"  # the caller
    DROPPED = "dropped"  # the line's socket closed without Twilio's `stop`
    REFUSED = "refused"  # the token was used, expired or forged, or nothing came on the socket
    DRAINING = "draining"  # the container is being stopped
    FAILED = "failed"  # the failure says what broke
    BRIDGE_LOST = "bridge_lost"  # the webhooks found a call over whose bridge never said so


class Failure(StrEnum):
    """What broke in a call. It stays on the row, also when a person then answered."""

    # The opening
    NO_START = "no_start"  # nothing came on the socket within its bound
    REDEMPTION_LATE = "redemption_late"  # the calls row was not written in time
    REDEMPTION_UNAVAILABLE = "redemption_unavailable"  # our table did not answer
    DISCLOSURE_UNHEARD = "disclosure_unheard"  # said three times, never heard whole

    # The model
    MODEL_NOT_READY = "model_not_ready"  # no session within its bound
    MODEL_LOST = "model_lost"  # its socket closed
    MODEL_STALLED = "model_stalled"  # a response showed no more life
    RESPONSE_FAILED = "response_failed"  # twice running
    RESPONSE_EMPTY = "response_empty"  # neither sound nor a tool call, twice running
    RESPONSE_REFUSED = "response_refused"  # our request for one, twice running
    TURN_NEVER_ENDED = "turn_never_ended"  # of the caller, by the model's server, twice running

    # The line
    LINE_DEAD = "line_dead"  # neither marks nor frames of the caller come any more
    PROTOCOL = "protocol"  # a frame that is not Twilio's
    DROPPED = "dropped"  # as the end's reason; the row then has no other failure

    # Our own processes
    DRAINING = "draining"  # the container was stopped under the call
    BRIDGE_ERROR = "bridge_error"  # our own bug
    BRIDGE_LOST = "bridge_lost"  # the bridge died; a webhook wrote this
    MODEL_DOWN = "model_down"  # half of the stage's newest calls lost the model: none was asked
    CALLS_OFTEN = "calls_often"  # this number calls so often that a person has to look at it
    OVER_BUDGET = "over_budget"  # the stage has spent what it may on the model today
    CAPACITY = "capacity"  # no bridge took the call: full, stopping or away; a webhook wrote this
    REFUSED = "refused"  # as the end's reason
    FAILED = "failed"  # as the end's reason, where nobody said more


class EscalationReason(StrEnum):
    """Why code sends a caller to a person where nothing broke; else the failure is the reason.

    Where the model calls escalate_to_human the reason is in its own words.
    """

    CALLER_PRESSED_0 = "caller_pressed_0"
    UNBACKED_FIGURES = "unbacked_figures"  # the model keeps naming prices no tool returned
    REFUSAL_UNTOLD = "refusal_untold"  # the model keeps ending the call without telling a refusal
    SPANISH = "spanish"  # the caller speaks it, and no call-back could be taken down
    TOOLS_BROKEN = "tools_broken"  # no tool works, twice running: the agent can be of no help
    HANDED_OVER = "handed_over"  # the intent was lost on its way, but the line was closed for it
    FAILURE = "failure"  # a webhook found the call broken
