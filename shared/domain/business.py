"""One business: what its file may say. `shared.businesses` reads the files."""

import re
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from shared.domain.calendar.hours import DAY, OpenHours
from shared.domain.integrations import Integrations
from shared.domain.models import Value
from shared.domain.money import Cents, cents

MOST_DOLLARS = 1_000_000
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_FICTION = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _number(value: str) -> str:
    """An E.164 number that may be dialled: never 911 or another N11."""
    if not _E164.fullmatch(value):
        raise ValueError(f"{value!r} is not an E.164 number of 8 to 15 digits")
    if value.startswith("+1") and value[3:5] == "11":
        raise ValueError(f"{value!r} has an emergency number for its area code")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:  # OSError: the name of a folder
        raise ValueError(f"{value[:60]!r} is no IANA time zone") from exc
    return value


def _decimal(value: Any) -> Decimal:
    number = Decimal("NaN")
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        with suppress(InvalidOperation):
            number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{str(value)[:60]!r} is no number")
    return number


def _dollars(value: Any) -> Cents:
    amount = _decimal(value)
    if abs(amount) > MOST_DOLLARS:
        raise ValueError(f"no price is above {MOST_DOLLARS:,} dollars")
    return cents(amount)


Phone = Annotated[str, AfterValidator(_number)]
Dollars = Annotated[Cents, BeforeValidator(_dollars), Field(ge=0)]
Share = Annotated[Decimal, BeforeValidator(_decimal)]
ServiceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Hour = Annotated[int, Field(ge=0, le=23)]
City = Annotated[str, Field(pattern=r"^[A-Z][^,]*[^,\s], [A-Z]{2}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Words = Annotated[str, Field(pattern=r"^\S(.*\S)?$")]  # one line, not blank


_TOWN_WORDS = {"st": "saint", "ft": "fort", "mt": "mount", "n": "north", "s": "south"}


def _town(name: str) -> str:
    """A town's name as it is compared: "St. Paris" is "Saint Paris"."""
    words = name.casefold().replace(".", "").split()
    return " ".join(_TOWN_WORDS.get(word, word) for word in words)


class Service(Value):
    """One line of the rate card. The file gives dollars, the value holds cents."""

    visit: Dollars
    low: Dollars
    high: Dollars

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Kind(Value):
    """A kind of job that is harder or easier than the ordinary one, told by its words."""

    name: Words
    words: tuple[Words, ...] = Field(min_length=1)
    complexity: Annotated[Share, Field(ge=Decimal("0.5"), le=2)]


class RateCard(Value):
    services: dict[ServiceName, Service] = Field(min_length=1)
    after_hours_multiplier: Annotated[Share, Field(ge=1, le=5)]
    deposit_share: Annotated[Share, Field(ge=0, le=1)]  # a matter of state law: 0 takes none
    # Whose visits it is taken for. A new customer's number has booked nothing before the call.
    deposit: Literal["always", "after_hours", "new_customers", "never"] = "always"
    kinds: tuple[Kind, ...] = ()

    def takes_deposit(self, *, after_hours: bool, is_known: bool) -> bool:
        match self.deposit:
            case "always":
                return True
            case "after_hours":
                return after_hours
            case "new_customers":
                return not is_known
            case "never":
                return False

    def complexity(self, description: str) -> Decimal:
        """The factor of the hardest kind whose words the description has; 1 for none."""
        text = f" {' '.join(description.lower().replace('-', ' ').split())} "
        factors = [k.complexity for k in self.kinds if any(w.lower() in text for w in k.words)]
        return max(factors, default=Decimal(1))


class Emergency(Value):
    """The window for somebody who cannot wait."""

    lead_minutes: int = Field(ge=0, le=720)
    earliest: Hour
    latest: Hour

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.earliest > self.latest:
            raise ValueError("earliest is after latest")
        return self


class Wording(Value):
    """What is said in the business's own name."""

    disclosure: Words  # the very first words: "AI", and whether "recorded" or "written down"
    trade_words: Words  # for the prompt: "heating, cooling and ventilation"

    @model_validator(mode="after")
    def _discloses(self) -> Self:
        if " AI " not in f" {self.first_sentence} ":
            raise ValueError('the first sentence of disclosure must say "AI"')
        return self

    @property
    def first_sentence(self) -> str:
        return self.disclosure.split(". ")[0]


class Recording(Value):
    """Calls are recorded by Twilio, and the sound is deleted after `keep_days`."""

    keep_days: int = Field(default=30, ge=1, le=3650)


class Policy(Value):
    """What happens to unpaid deposits; off where not given. Hours count from the booking."""

    remind_unpaid_after_hours: int | None = Field(default=None, ge=1)
    cancel_unpaid_after_hours: int | None = Field(default=None, ge=1)
    refundable_before_hours: int = Field(default=24, ge=0)
    texts_from: Hour = 8  # local; what is texted later than the call itself waits for the day
    texts_until: Hour = 20

    @model_validator(mode="after")
    def _fair(self) -> Self:
        if self.texts_from >= self.texts_until:
            raise ValueError("texts_from is not before texts_until")
        remind, cancel = self.remind_unpaid_after_hours, self.cancel_unpaid_after_hours
        if cancel is not None and (remind is None or remind >= cancel):
            raise ValueError("cancel_unpaid_after_hours needs a smaller remind_unpaid_after_hours")
        return self


class Business(Value):
    """A trades business and its terms."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: Words
    trade: Literal["hvac", "plumbing", "electrical"]
    numbers: tuple[Phone, ...] = Field(min_length=1)
    office: Phone
    on_call: tuple[Phone, ...] = ()
    # Off until the numbers are registered for texts (A2P): staff are told by mail, and nobody else
    # is texted; the office collects the deposit.
    texts: Literal["on", "off"] = "on"
    office_email: Email | None = None
    on_call_email: Email | None = None  # the office's where not given
    time_zone: Annotated[str, AfterValidator(_zone)]
    hours: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], OpenHours]
    holidays: tuple[date, ...] = ()
    window_starts: tuple[Hour, ...] = Field(min_length=1)
    # A crew's name is part of the key of its locks.
    crews: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")], ...] = Field(
        min_length=1
    )
    max_slots: int = Field(ge=1, le=10)
    lead_minutes: int = Field(ge=0, le=7 * 24 * 60)
    emergency: Emergency
    service_zips: tuple[Annotated[str, Field(pattern=r"^\d{5}$")], ...] = ()
    service_cities: tuple[City, ...] = ()  # "Springfield, OH": asked where no ZIP was said
    streets: tuple[Words, ...] = ()  # names the transcriber should expect: "Limestone Street"
    card: RateCard
    wording: Wording
    policy: Policy = Policy()
    recording: Recording | None = None  # calls are recorded; absent: only their words are kept
    integrations: Integrations = Integrations()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        # On-call forwarding to the number that was dialled would ring in a circle.
        if loop := set(self.numbers) & {self.office, *self.on_call}:
            raise ValueError(f"{loop.pop()} is the business's own number: a transfer would loop")
        if self.texts == "off" and self.office_email is None:
            raise ValueError('texts = "off" needs office_email')
        for n, day in enumerate(DAYS):
            today, tomorrow = self._hours_on(n), self._hours_on(n + 1)
            # Swapped by mistake, or two days' hours at once: either way not what was meant.
            if today and tomorrow and today.closes - DAY >= max(tomorrow.opens, 1):
                raise ValueError(
                    f"hours.{day} closes before it opens, and taken as the next day's time it "
                    f"runs into hours.{DAYS[(n + 1) % 7]}"
                )
        if len(set(self.crews)) != len(self.crews):
            raise ValueError("crews has a name twice")
        if list(self.window_starts) != sorted(set(self.window_starts)):
            raise ValueError("window_starts must rise")
        return self

    @model_validator(mode="after")
    def _says_what_is_kept(self) -> Self:
        """The disclosure is true: several states want to be told of a recording, and of none."""
        first = self.wording.first_sentence
        recorded, written = "recorded" in first, "written down" in first
        if self.recording and not recorded:
            raise ValueError(
                'calls are recorded: the first sentence of disclosure must say "recorded"'
            )
        if not self.recording and (recorded or not written):
            raise ValueError(
                "without [recording] nothing is recorded: the first sentence of disclosure must "
                'say that the words are "written down", and not "recorded"'
            )
        return self

    @property
    def is_example(self) -> bool:
        """Whether all its numbers are of the range kept for films and books (555-0100 to 555-0199):
        nobody can own one, so it is one of the examples that come with the product."""
        return all(_FICTION.fullmatch(number) for number in self.numbers)

    @property
    def sends_texts(self) -> bool:
        return self.texts == "on"

    def mail_of(self, number: str) -> str | None:
        """The address at which whoever has a staff's number is mailed; None for a customer's."""
        if number in self.on_call:
            return self.on_call_email or self.office_email
        return self.office_email if number == self.office else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def open_on(self, day: date) -> OpenHours | None:
        """The hours that begin on a date; None when it is closed. What is left of the evening
        before is not of this date."""
        return None if day in self.holidays else self._hours_on(day.weekday())

    def _hours_on(self, weekday: int) -> OpenHours | None:
        return self.hours.get(DAYS[weekday % 7])  # type: ignore[call-overload, no-any-return]

    def serves(self, zip_code: str) -> bool:
        return not self.service_zips or zip_code[:5] in self.service_zips

    @property
    def home_states(self) -> frozenset[str]:
        """The states it works in, as far as it names towns: "OH"."""
        return frozenset(city.rpartition(", ")[2] for city in self.service_cities)

    def serves_city(self, city: str, state: str) -> bool:
        """Whether a town is served, by what was said of it; True where nothing speaks against it.

        `state` is its code. Either may be empty: then the other decides alone.
        """
        served = [tuple(name.casefold().rsplit(", ", 1)) for name in self.service_cities]
        wanted = (_town(city), state.casefold())
        return not served or any(
            wanted[0] in ("", _town(town)) and wanted[1] in ("", code) for town, code in served
        )
