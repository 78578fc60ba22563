"""Which devices have the office's page open, and the codes that open it; adapters and fakes
implement it.

Keys of devices and ids of codes are kept as their hash: who reads the table opens nothing.
"""

from typing import Final, Protocol

from pydantic import AwareDatetime

from shared.domain.models import Value

MOST_TRIES: Final = 5  # of one code


class AskedCode(Value):
    """A code that was texted to the office. Real time."""

    business_id: str
    digest: str  # of the code and its id
    until: AwareDatetime


class Device(Value):
    """A browser that is unlocked. Real time."""

    business_id: str
    opened_at: AwareDatetime
    seen_at: AwareDatetime
    until: AwareDatetime  # however often it is used


class Devices(Protocol):
    """The devices of all businesses of a stage. What fails is a PortError."""

    def ask(self, code_id: str, code: AskedCode) -> None:
        """Keep a code."""

    def take(self, code_id: str, business_id: str, digest: str, *, now: AwareDatetime) -> bool:
        """One try: True once, for the right digest of this business's code, before its time and
        within MOST_TRIES."""

    def unlock(self, key: str, device: Device) -> None:
        """Keep a device under its key."""

    def get(self, business_id: str, key: str) -> Device | None: ...

    def seen(self, business_id: str, key: str, *, at: AwareDatetime) -> None:
        """Note that it was used; nothing where it was locked meanwhile."""

    def lock(self, business_id: str, key: str) -> None:
        """Forget it; fine when it was."""

    def lock_all(self, business_id: str) -> int:
        """Forget every device of a business; how many there were."""
