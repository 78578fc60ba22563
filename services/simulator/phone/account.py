"""One Twilio account: its keys, how its numbers are set up, and who answers when one is dialled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.simulator.phone.calls import new_sid, rfc2822
from services.simulator.phone.media.line import Phone
from services.simulator.scenarios.scenario import OnCall


@dataclass(slots=True)
class TwilioAccount:
    """The account's keys, and the addresses that every number of it is set up with."""

    sid: str
    auth_token: str
    voice_url: str = ""  # asked for TwiML when a call comes in
    fallback_url: str | None = None  # asked for what no other address gave
    status_callback: str | None = None  # told when a call is over
    sms_url: str | None = None  # told of a text that came in
    api_url: str = ""  # of the REST side, known once it listens
    asked: set[str] = field(default_factory=set)  # of the REST side, by method and resource


@dataclass(slots=True)
class People:
    """Who picks up when a call is handed on, by number; and who listens in, to every call."""

    by_number: dict[str, OnCall] = field(default_factory=dict)
    everybody_else: OnCall = field(default_factory=OnCall)
    overhear: Callable[[Phone], Phone] = lambda phone: (
        phone
    )  # a caller's phone as it is listened to

    def at(self, number: str) -> OnCall:
        """Return who answers at `number`."""
        return self.by_number.get(number, self.everybody_else)


@dataclass(slots=True)
class KeptRecordings:
    """The recordings of an account, mu-law at 8000 a second, by their SID."""

    account: TwilioAccount
    audio: dict[str, bytes] = field(default_factory=dict)
    listed: dict[str, dict[str, str]] = field(default_factory=dict)  # as the REST side tells it
    deleted: list[str] = field(default_factory=list)  # SIDs, as they were asked to be deleted
    refusing: bool = False  # whoever asks to delete one is answered 503

    def keep(self, audio: bytes, sid: str = "", *, call_sid: str = "", source: str = "") -> str:
        """Keep `audio` and return the address at which the REST side gives it.

        `source` is Twilio's word for what made it: RecordVerb, StartCallRecordingTwiML.
        """
        sid = sid or new_sid("RE")
        self.audio[sid] = audio
        self.listed[sid] = {
            "sid": sid,
            "call_sid": call_sid,
            "source": source,
            "date_created": rfc2822(datetime.now(UTC)),
        }
        account = self.account
        return f"{account.api_url}/2010-04-01/Accounts/{account.sid}/Recordings/{sid}"
