"""What a webhook is answered with: the request, and what is known of whose call it is.

A module of the answer path: nothing heavy is imported before `context_of` opens the tables.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from functions.incoming import phone_numbers
from functions.incoming.caller import is_synthetic
from functions.incoming.phone_numbers import PhoneLine
from functions.incoming.settings import IncomingSettings
from functions.incoming.signature import Form
from shared.adapters.switches import NOTHING, Switched
from shared.metrics import EmfMetrics

if TYPE_CHECKING:
    from shared.actions.ports import Ports
    from shared.domain.business import Business

# CallStatus of a call that has ended: its caller hears nothing of what is answered.
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class RecordingSource(Protocol):
    """Where voicemails are kept."""

    def get(self, recording_sid: str) -> bytes | None:
        """The recording as MP3; None when there is none.

        Raises:
            RecordingTooLong: it is larger than an answer may be.
            PortError: it could not be had.
        """


@dataclass(frozen=True, slots=True)
class Request:
    """The surroundings of one request, before anything of it was read."""

    settings: IncomingSettings
    secret: Callable[[str], tuple[str, ...]]  # by name, the current value first; raises PortError
    real_now: datetime
    nonce: str  # tells the stream token of this answer from any other
    metrics: EmfMetrics
    ports: "Callable[[Request], Ports]"  # opens the tables, for a webhook that needs them
    switched: "Callable[[], Switched]" = lambda: NOTHING  # by the owner, on the running stage
    recordings: "Callable[[Request], RecordingSource] | None" = None  # opens the voicemails

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.real_now + self.settings.clock_offset


@dataclass(frozen=True, slots=True)
class WebhookContext:
    """What one webhook about a business's call or text works with."""

    form: Form  # what Twilio posted
    query: Form  # what we wrote behind the address ourselves: "b", "call" and "n"
    business: "Business"
    line: PhoneLine
    ports: "Ports"
    public_url: str
    now: datetime  # business time
    real_now: datetime
    synthetic: bool = False  # a smoke call: its ports tell nobody
    recording_link: Callable[[str], str | None] = lambda _: None  # from a recording's id

    @property
    def call_sid(self) -> str:
        """The call that the webhook is about; of a person who is rung, their own leg."""
        return self.form.get("CallSid")

    @property
    def caller_is_gone(self) -> bool:
        """Whether the call is over, so that nobody follows the answer."""
        return self.form.get("CallStatus") in OVER


def line_of(form: Form, query: Form) -> PhoneLine | None:
    """Whose call it is: named by our own address, dialled, or (of a text of ours) the sender. As
    the version has it that the address names, if it names one."""
    business_id, version = query.get("b"), query.get("v")
    line = (
        phone_numbers.of_business(business_id)
        or phone_numbers.dialled(form.get("To"))
        or phone_numbers.dialled(form.get("From"))
    )
    if line is None and business_id and version:  # a draft's, of a business that is new
        return phone_numbers.of_version(business_id, version)
    return phone_numbers.as_of(line, version)


def context_of(request: Request, form: Form, query: Form) -> WebhookContext | None:
    """Everything about the business this webhook is of, with its tables; None when it is of none.

    Raises:
        PortError: a secret is not to be had.
    """
    from shared import businesses
    from shared.actions import recording_link, smoke

    line = line_of(form, query)
    owner = businesses.by_id(line.business_id, line.version) if line else None
    if line is None or owner is None:
        return None
    ports = request.ports(request)
    synthetic = is_synthetic(form, request.settings)
    return WebhookContext(
        form=form,
        query=query,
        business=owner,
        line=replace(line, is_recorded=line.is_recorded and not synthetic),
        ports=smoke.quiet(ports) if synthetic else ports,
        public_url=request.settings.public_url,
        now=request.now,
        real_now=request.real_now,
        synthetic=synthetic,
        recording_link=lambda recording_sid: recording_link.address(
            recording_sid,
            request.secret,
            public_url=request.settings.public_url,
            now=request.real_now,
        ),
    )
