"""What every request of this function is answered with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from functions.office.settings import OfficeSettings
from shared.actions.crew_blocks import Blocks
from shared.actions.office_devices import Devices
from shared.actions.ports import Ports
from shared.adapters.switches import Switched
from shared.domain.call_time import CallTime


class OwnersSwitches(Protocol):
    """Who answers on the running stage; raises PortError."""

    def read(self) -> Switched: ...
    def set_mode(self, business_id: str, mode: str) -> None: ...


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One request, as the HTTP API hands it over."""

    path: Mapping[str, str]  # what stands in the route's braces
    query: Mapping[str, str]
    form: Mapping[str, str]  # what was posted
    headers: Mapping[str, str]  # names in small letters
    cookies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OfficeContext:
    """The surroundings of one request."""

    settings: OfficeSettings
    ports: Ports
    blocks: Blocks
    switches: OwnersSwitches
    devices: Devices
    secret: Callable[[str], tuple[str, ...]]  # by name, the current value first; raises PortError
    at: CallTime
    new_key: Callable[[], str]  # what nobody guesses: a device's key, a code's id
    new_code: Callable[[], str]  # six digits

    @property
    def public_url(self) -> str:
        """Without a slash at its end."""
        return self.settings.adapters.public_url
