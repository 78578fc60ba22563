"""What a business's file may say of the systems that hear of its jobs and calls."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from shared.domain.models import Outcome, Value
from shared.domain.models.event import EventType


def _https(value: str) -> str:
    """An address we may post to: what it resolves to is looked at when it is asked."""
    try:
        parts = urlsplit(value)
        # A receiver on a laptop; whoever posts refuses it anywhere else.
        secure = parts.scheme == "https" or (parts.scheme, parts.hostname) == ("http", "127.0.0.1")
        complete = secure and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        complete = False
    if not complete or parts.username or parts.fragment or any(c <= " " for c in value):
        raise ValueError(f"{value[:60]!r} is no https:// address, or has a password or a #")
    return value


# What a secret that a file names is for: it signs webhooks, makes the addresses of the calendar
# feeds, or is an https address that is read from or posted to.
SecretUse = Literal["signing", "feed", "address"]
HttpsUrl = Annotated[str, AfterValidator(_https)]
# The entry of the stage's secrets under callwright/<stage>/business/.
SecretName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


Mailbox = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Webhook(Value):
    """One address that events are posted to, signed with a secret."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    url: HttpsUrl
    secret: SecretName
    events: tuple[EventType, ...] = tuple(EventType)  # all of them where none are named


class CrewCalendar(Value):
    """How a crew's calendar hears of its visits, and we of what else it does."""

    invite: tuple[Mailbox, ...] = Field(default=(), max_length=10)  # each gets an invitation
    busy: SecretName | None = None  # holds the https address that its busy times are read from


class CallReports(Value):
    """What the office is sent after a call."""

    by: Literal["mail", "slack"]  # mail goes to office_email
    webhook: SecretName | None = None  # holds the https address of Slack, or of what takes the same
    outcomes: tuple[Outcome, ...] = tuple(Outcome)  # of which calls; all where none are named

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.by == "slack") != (self.webhook is not None):
            raise ValueError('webhook names the secret of by = "slack", and of that alone')
        return self


class Integrations(Value):
    """Nothing leaves the tables where nothing is named."""

    calendars: dict[str, CrewCalendar] = Field(default={})  # by the crew's name
    feed: SecretName | None = None  # with its value the feeds' addresses are made
    report: CallReports | None = None
    webhooks: tuple[Webhook, ...] = Field(default=(), max_length=10)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        names = [each.name for each in self.webhooks]
        if len(set(names)) != len(names):
            raise ValueError("webhooks has a name twice")
        uses: dict[str, SecretUse] = {}
        for name, use in self.secrets:
            if uses.setdefault(name, use) != use:
                raise ValueError(f"the secret {name} is named for two different things")
        return self

    @property
    def secrets(self) -> list[tuple[str, SecretUse]]:
        """Every secret that is named, with what it is for; a name may stand more than once."""
        found: list[tuple[str, SecretUse]] = [(each.secret, "signing") for each in self.webhooks]
        found += [(name, "address") for name in self.busy.values()]
        if self.feed is not None:
            found.append((self.feed, "feed"))
        if self.report is not None and self.report.webhook is not None:
            found.append((self.report.webhook, "address"))
        return found

    @property
    def mails_reports(self) -> bool:
        return self.report is not None and self.report.by == "mail"

    @property
    def busy(self) -> dict[str, str]:
        """By crew, the secret that holds the address of its calendar."""
        named = self.calendars.items()
        return {crew: calendar.busy for crew, calendar in named if calendar.busy is not None}

    def invited(self, crew: str) -> tuple[str, ...]:
        """Who is mailed what this crew does."""
        return self.calendars[crew].invite if crew in self.calendars else ()

    def webhook(self, name: str | None) -> Webhook | None:
        """The one of that name; None when the file names it no more."""
        return next((each for each in self.webhooks if each.name == name), None)
