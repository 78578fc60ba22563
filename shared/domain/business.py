"""One business: what its file may say. `shared.businesses` reads the files."""

import re
from datetime import date, datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from shared.domain.calendar.hours import OpenHours
from shared.domain.calendar.yearly import falls_on, yearly
from shared.domain.crews import ANY_TIME, Crew, Work, faults, overlap
from shared.domain.fields import (
    DAYS,
    KNOWN_TRADES,
    City,
    CrewName,
    Day,
    Email,
    Hour,
    Phone,
    TimeZone,
    Trade,
    Voice,
    Words,
)
from shared.domain.integrations import Integrations
from shared.domain.models import LONGEST_WINDOW, WINDOW_HOURS, Value
from shared.domain.rate_card import RateCard
from shared.domain.topics import Topic, TopicName

_FICTION = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}")
_TOWN_WORDS = {"st": "saint", "ft": "fort", "mt": "mount", "n": "north", "s": "south"}


def _town(name: str) -> str:
    """A town's name as it is compared: "St. Paris" is "Saint Paris"."""
    words = name.casefold().replace(".", "").split()
    return " ".join(_TOWN_WORDS.get(word, word) for word in words)


Mode = Literal["ai", "after_hours", "overflow", "people"]


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
    # Of a trade that is not one of KNOWN_TRADES, or instead of its own: the question about danger,
    # to which every yes is one, and names that the transcriber should expect.
    danger_question: Words | None = None
    trade_names: tuple[Words, ...] = ()

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
    """What is promised, and what is done later about deposits and visits; off where not given.
    Hours of a deposit count from the booking, those of a call-back while the office is open."""

    remind_unpaid_after_hours: int | None = Field(default=None, ge=1)
    cancel_unpaid_after_hours: int | None = Field(default=None, ge=1)
    refundable_before_hours: int = Field(default=24, ge=0)
    call_back_within_hours: int | None = Field(default=None, ge=1, le=72)
    urgent_call_back_within_minutes: int | None = Field(default=None, ge=5, le=720)
    remind_visits: bool = False  # the day before and that morning, who said yes to texts
    text_back: bool = False  # the same who hung up after the quote, once in thirty days
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
    trade: Trade  # the one it is known for
    more_trades: tuple[Trade, ...] = ()
    numbers: tuple[Phone, ...] = Field(min_length=1)
    office: Phone
    on_call: tuple[Phone, ...] = ()
    # Off until the numbers are registered for texts (A2P): staff are told by mail, and nobody else
    # is texted; the office collects the deposit.
    texts: Literal["on", "off"] = "on"
    office_email: Email | None = None
    on_call_email: Email | None = None  # the office's where not given
    time_zone: TimeZone
    hours: dict[Day, OpenHours]
    holidays: tuple[date, ...] = ()
    yearly_holidays: tuple[Annotated[str, AfterValidator(yearly)], ...] = ()  # by rule or name
    window_starts: tuple[Hour, ...] = Field(min_length=1)
    window_starts_on: dict[Day, tuple[Hour, ...]] = Field(default={})  # instead, on those days
    window_hours: int = Field(default=WINDOW_HOURS, ge=1, le=LONGEST_WINDOW)
    crews: tuple[CrewName, ...] = Field(min_length=1)  # in the order in which they are tried
    crew: dict[CrewName, Crew] = Field(default_factory=dict)  # what is so of one crew alone
    max_slots: int = Field(ge=1, le=10)
    lead_minutes: int = Field(ge=0, le=7 * 24 * 60)
    emergency: Emergency
    service_zips: tuple[Annotated[str, Field(pattern=r"^\d{5}$")], ...] = ()
    service_cities: tuple[City, ...] = ()  # "Springfield, OH": asked where no ZIP was said
    streets: tuple[Words, ...] = ()  # names the transcriber should expect: "Limestone Street"
    card: RateCard
    wording: Wording
    policy: Policy = Policy()
    topics: dict[TopicName, Topic] = Field(default_factory=dict)  # on whom to ring for what
    # Who answers: the agent; people by day; people first and then the agent; people alone.
    mode: Mode = "ai"
    overflow_after_s: int = Field(default=15, ge=5, le=60)
    recording: Recording | None = None  # calls are recorded; absent: only their words are kept
    integrations: Integrations = Integrations()
    voice: Voice | None = None  # the stage's where not given
    _version: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        # On-call forwarding to the number that was dialled would ring in a circle.
        by_topic = {number for topic in self.topics.values() for number in topic.numbers}
        if loop := set(self.numbers) & {self.office, *self.on_call, *by_topic}:
            raise ValueError(f"numbers: {loop.pop()} is rung, too: a transfer would go in a circle")
        if self.texts == "off" and self.office_email is None:
            raise ValueError('texts = "off" needs office_email')
        if fault := overlap(self.hours):
            raise ValueError(fault)
        if len(set(self.crews)) != len(self.crews):
            raise ValueError("crews has a name twice")
        if list(self.window_starts) != sorted(set(self.window_starts)):
            raise ValueError("window_starts must rise")
        for day, starts in self.window_starts_on.items():
            if list(starts) != sorted(set(starts)):
                raise ValueError(f"window_starts_on.{day} must rise")
        strange = [trade for trade in self.trades if trade not in KNOWN_TRADES]
        if strange and self.wording.danger_question is None:
            raise ValueError(
                f"trade: {strange[0]} is not one of {', '.join(KNOWN_TRADES)}: it needs "
                "wording.danger_question, the question that is asked about danger"
            )
        if nobodys := self.integrations.calendars.keys() - set(self.crews):
            raise ValueError(f"integrations.calendars.{nobodys.pop()}: crews has no such name")
        if self.integrations.mails_reports and self.office_email is None:
            raise ValueError('integrations.report by = "mail" needs office_email')
        if found := tuple(
            faults(self.trades, self.crews, self.crew, self.card.services, self.window_hours)
        ):
            raise ValueError("\n".join(found))
        return self

    @model_validator(mode="after")
    def _says_what_is_kept(self) -> Self:
        """The disclosure is true: several states want to be told of a recording, and of none."""
        first = self.wording.first_sentence
        recorded, written = "recorded" in first, "written down" in first
        if self.recording and not recorded:
            raise ValueError(
                'wording.disclosure: calls are recorded, so its first sentence must say "recorded"'
            )
        if not self.recording and (recorded or not written):
            raise ValueError(
                "wording.disclosure: without [recording] nothing is recorded, so its first "
                'sentence must say that the words are "written down", and not "recorded"'
            )
        return self

    @property
    def version(self) -> str:
        """Which text of its file it is of; "" where it is of none."""
        return self._version

    def of_version(self, version: str) -> Self:
        self._version = version
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

    @property
    def trades(self) -> tuple[Trade, ...]:
        return (self.trade, *self.more_trades)

    def work(self, service_type: str) -> Work:
        """What a visit for that service asks of a crew."""
        service = self.card.services.get(service_type)
        # Whoever may arrive until the window's end is held that long at least.
        least = self.window_hours
        if service is None:
            return Work(None, least)
        return Work(service.trade or self.trade, max(service.hours, least))

    def crews_for(self, service_type: str) -> tuple[str, ...]:
        """The crews that can do it, some day, in the order in which they are tried."""
        trade = self.work(service_type).trade
        return tuple(name for name in self.crews if self.crew_terms(name).does(trade))

    def crew_terms(self, name: str) -> Crew:
        return self.crew.get(name, ANY_TIME)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def open_on(self, day: date) -> OpenHours | None:
        """The hours that begin on a date; None when it is closed. What is left of the evening
        before is not of this date."""
        return None if self.is_holiday(day) else self.hours.get(DAYS[day.weekday()])

    def is_holiday(self, day: date) -> bool:
        return day in self.holidays or falls_on(self.yearly_holidays, day)

    def starts_on(self, day: date) -> tuple[Hour, ...]:
        """The hours at which windows start on a date."""
        return self.window_starts_on.get(DAYS[day.weekday()], self.window_starts)

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
