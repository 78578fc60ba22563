"""What the network knows of its calls and texts, and the form fields that tell of them."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

from services.simulator.phone.media.playback import Played
from services.simulator.phone.webhooks import Exchange

API_VERSION = "2010-04-01"
_GEO = ("City", "State", "Zip", "Country")


def new_sid(prefix: str) -> str:
    """Return a fresh id of Twilio's shape: two letters and 32 hex digits."""
    return prefix + secrets.token_hex(16)


def rfc2822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class PhoneEvent:
    """Something worth showing while it happens; `at_ms` is the call's media time."""

    kind: Literal[
        "rings", "webhook", "answered", "stream", "said", "dials", "whisper", "bridged",
        "unanswered", "recorded", "text", "ended", "warning",
    ]  # fmt: skip
    text: str
    at_ms: int = 0
    call_sid: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS the network took."""

    sid: str
    to: str
    sender: str
    body: str


def text_fields(sid: str, from_: str, to: str, body: str, account_sid: str) -> dict[str, str]:
    """The form of a text that came in."""
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": account_sid,
        "From": from_,
        "To": to,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": API_VERSION,
        **{f"{who}{part}": "" for who in ("From", "To") for part in _GEO},
    }


@dataclass(slots=True)
class StreamRecord:
    """One Media Stream: what was asked of it and what was played."""

    sid: str
    url: str
    parameters: dict[str, str]
    log: list[Played] = field(default_factory=list)
    frames_sent: int = 0
    ended_by: str = ""  # server, caller, update, refused


@dataclass(slots=True)
class DialRecord:
    """One number that was rung, and how that went."""

    number: str
    sid: str
    status: str = "ringing"
    bridged: bool = False
    whispered: str = ""
    pressed: str = ""


@dataclass(slots=True)
class CallRecord:
    """One call, from ringing to the last status callback."""

    sid: str
    from_: str
    to: str
    account_sid: str
    status: str = "ringing"
    exchanges: list[Exchange] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    streams: list[StreamRecord] = field(default_factory=list)
    dials: list[DialRecord] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # by Twilio's own voice, or a human
    recordings: list[str] = field(default_factory=list)  # addresses
    ended_by: str = ""  # caller, twiml, update
    duration_ms: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)  # fields that Twilio never sends
    caller_audio: bytes = b""
    agent_audio: bytes = b""

    def fields(self) -> dict[str, str]:
        """The form every webhook of this call begins with."""
        return {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "Direction": "inbound",
            "CallStatus": self.status,
            "From": self.from_,
            "To": self.to,
            "Caller": self.from_,
            "Called": self.to,
            # Empty more often than not, and signed all the same.
            **{f"{who}{part}": "" for who in ("From", "To", "Caller", "Called") for part in _GEO},
            "FromCountry": "US",
            "ToCountry": "US",
            "CallerCountry": "US",
            "CalledCountry": "US",
            "StirVerstat": "TN-Validation-Passed-A",
            "CallToken": "%7B%22parentCallInfoToken%22%3A%22local%22%7D",
            **self.extra,
        }

    def ended_fields(self, now: datetime) -> dict[str, str]:
        """What the status callback adds once the call is over."""
        seconds = str(round(self.duration_ms / 1000))
        return {
            **self.fields(),
            "CallDuration": seconds,
            "Duration": str(max(1, -(-self.duration_ms // 60_000))),
            "Timestamp": rfc2822(now),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": "0",
        }


Notify = Callable[[PhoneEvent], None]
