"""Who says on a call that they want no texts."""

from datetime import datetime

from shared.actions.ports import Ports
from shared.domain.models import OptOut


def spoken(ports: Ports, call_sid: str, *, at: datetime) -> None:
    """Keep it by the number they call from; a withheld one gets none anyway. Raises PortError."""
    call = ports.calls.get(call_sid)
    if call is not None and call.caller is not None:
        ports.texting.opt_out(call.business_id, call.caller, OptOut(at=at, by="spoken"))
