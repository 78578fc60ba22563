"""One Twilio account: its keys, how its numbers are set up, and who answers when one is dialled."""

from dataclasses import dataclass, field

from services.simulator.phone.calls import new_sid
from services.simulator.scenarios.scenario import OnCall


@dataclass(slots=True)
class TwilioAccount:
    """The account's keys, and the addresses that every number of it is set up with."""

    sid: str
    auth_token: str
    voice_url: str = ""  # asked for TwiML when a call comes in
    fallback_url: str | None = None  # asked when `voice_url` gave nothing that can be followed
    status_callback: str | None = None  # told when a call is over
    sms_url: str | None = None  # told of a text that came in
    api_url: str = ""  # of the REST side, known once it listens


@dataclass(slots=True)
class People:
    """Who picks up when a call is handed on, by number."""

    by_number: dict[str, OnCall] = field(default_factory=dict)
    everybody_else: OnCall = field(default_factory=OnCall)

    def at(self, number: str) -> OnCall:
        """Return who answers at `number`."""
        return self.by_number.get(number, self.everybody_else)


@dataclass(slots=True)
class KeptRecordings:
    """The recordings of an account, mu-law at 8000 a second, by their SID."""

    account: TwilioAccount
    audio: dict[str, bytes] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)  # SIDs, as they were asked to be deleted
    refusing: bool = False  # whoever asks to delete one is answered 503

    def keep(self, audio: bytes, sid: str = "") -> str:
        """Keep `audio` and return the address at which the REST side gives it."""
        sid = sid or new_sid("RE")
        self.audio[sid] = audio
        account = self.account
        return f"{account.api_url}/2010-04-01/Accounts/{account.sid}/Recordings/{sid}"
