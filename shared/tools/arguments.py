"""What the model may send to each tool: checked here, and described here for the model to read."""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from shared.domain.calendar.preference import PreferredDay
from shared.domain.spoken.cards import mask
from shared.tools import coercion
from shared.tools.coercion import is_filler, wrong

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _clean(text: str) -> str:
    """Without control characters or a card number, and never only blanks."""
    return mask(_UNPRINTABLE.sub(" ", text)).strip()


def _not_blank(text: str) -> str:
    if is_filler(text):
        raise wrong("must not be empty")
    return text


def sane(at: AwareDatetime) -> AwareDatetime:
    if not 2000 < at.year < 2100:
        raise wrong("must be a time that check_availability returned")
    return at


def _finite(amount: float) -> float:
    if not math.isfinite(amount):
        raise wrong("must be a number of dollars, like 825")
    return amount


Clean = AfterValidator(_clean)
Filled = AfterValidator(_not_blank)
Named = AfterValidator(coercion.named)
Text = BeforeValidator(coercion.text)
Truth = BeforeValidator(coercion.truth)
Choice = BeforeValidator(coercion.choice)

ServiceType = Annotated[
    str,
    Field(max_length=40, description='The service on the rate card: "repair" or "maintenance".'),
    Clean,
    Filled,
]
Description = Annotated[
    str,
    Field(max_length=2000, description="The problem in the caller's words. Never a card number."),
    Text,
    Clean,
]
Note = Annotated[
    str,
    Field(max_length=300, description="One thing the technician should know."),
    Text,
    Clean,
    Filled,
]
Name = Annotated[str, Field(max_length=80, description="First and last name."), Text, Clean, Named]
Phone = Annotated[
    str,
    Field(max_length=60, description="The callback number, E.164 if you can: +15551230000."),
    Text,
    Clean,
    Filled,
]
Address = Annotated[
    str,
    Field(
        max_length=200,
        description="Street, city and state of the visit: 123 Oak St, Springfield, OH.",
    ),
    Text,
    Clean,
    Filled,
]
Reason = Annotated[
    str, Field(max_length=200, description="Why, in a few words."), Text, Clean, Filled
]
Message = Annotated[
    str, Field(max_length=1000, description="The message, complete."), Text, Clean, Filled
]
Email = Annotated[str, Field(max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Zip = Annotated[str, Field(pattern=r"^\d{5}(-\d{4})?$")]


# Nothing hangs on these words: a call is not refused because they are missing.
STANDS_FOR_FILLER: Mapping[str, str] = {"description": "", "reason": "no reason given"}


class Arguments(BaseModel):
    """A tool's arguments. The docstring of each is the tool's description for the model."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_filler(cls, raw: Any) -> Any:
        """ "N/A" for a value is no value: the argument's default, or missing where it has none."""
        if not isinstance(raw, dict):
            return raw
        kept = {name: value for name, value in raw.items() if not is_filler(value)}
        for name, words in STANDS_FOR_FILLER.items():
            field = cls.model_fields.get(name)
            if name in raw and name not in kept and field is not None and field.is_required():
                kept[name] = words
        return kept


class GetPricingQuote(Arguments):
    """Price a visit. Call it before you say any amount, once you know what is wrong. Say the
    money with the words of `say`; never add up, round or guess an amount yourself."""

    service_type: ServiceType
    description: Description = ""
    is_after_hours: Annotated[
        bool,
        Truth,
        Field(description="True when the business is closed now. The window decides the rate."),
    ] = False


class CheckAvailability(Arguments):
    """Find free arrival windows. Offer at most two of them at once, in the words of each
    slot's `say`, and pass the chosen slot's `datetime` to book_appointment unchanged."""

    service_type: ServiceType
    is_emergency: Annotated[
        bool, Truth, Field(description="True when the caller cannot wait for a regular window.")
    ] = False
    preferred_date: Annotated[
        PreferredDay | str | None,
        BeforeValidator(coercion.preferred_day),
        WithJsonSchema({"type": ["string", "null"]}),
        Field(
            description="YYYY-MM-DD when the caller asks for a certain day, else null. With "
            '"morning", "afternoon", "evening" or the time behind it when the caller names one: '
            '"2025-08-29 afternoon", "2025-08-29 14:00". Or the caller\'s own words for it.'
        ),
    ] = None
    when: Annotated[
        Annotated[str, Field(max_length=300)] | None,
        BeforeValidator(coercion.words),
        Field(
            description="What the caller said of day and time, word for word, and never a date "
            'worked out from it: "next Tuesday after four". On which_day ask the question, and '
            "call again with the answer.",
        ),
    ] = None


class BookAppointment(Arguments):
    """Book the window the caller chose, after confirm_details was answered. Say it is booked only
    when the reply has "booked": true. On price_rose say the new figures first and book again if
    the caller agrees."""

    customer_name: Name
    phone: Phone
    email: Annotated[
        Email | None, BeforeValidator(coercion.email), Field(description="Null if not given.")
    ] = None
    address: Address
    service_type: ServiceType
    description: Description
    scheduled_time: Annotated[
        AwareDatetime,
        AfterValidator(sane),
        Field(description="`datetime` of the chosen slot, unchanged, with its offset."),
    ]
    estimated_cost: Annotated[
        float,
        Field(ge=0, le=1_000_000, description="total_estimate, in dollars, the caller agreed to."),
        AfterValidator(_finite),
        BeforeValidator(coercion.money),
    ]
    is_emergency: Annotated[bool, Truth, Field(description="As in check_availability.")] = False
    notes: Annotated[
        tuple[Note, ...],
        BeforeValidator(coercion.notes),
        Field(max_length=10, description="Gate code, pets, parking: one thing each."),
    ] = ()
    zip: Annotated[
        Zip | None,
        BeforeValidator(coercion.zip_code),
        Field(description="ZIP code of the visit, if the caller said it."),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _without_claims(cls, raw: Any) -> Any:
        """Which values the caller confirmed is told by code, which heard it. A model that makes up
        an argument for it is not refused: its claim is left out."""
        return {k: v for k, v in raw.items() if k != "confirmed"} if isinstance(raw, dict) else raw


class ConfirmDetails(Arguments):
    """Have name, phone and address read back. Call it once you have all three, before
    book_appointment, and again with whatever the caller corrects. The sentence is said for you:
    say nothing, and wait for the caller's answer."""

    name: Name
    phone: Phone
    address: Address
    # Code asks in place of a booking that is to be read back first; no model gives it.
    booking: SkipJsonSchema[BookAppointment | None] = None


class AddNote(Arguments):
    """Add a note to the job booked in this call: gate code, pets, parking. Not before booking."""

    note: Note


class ReportDanger(Arguments):
    """The caller told of a danger to somebody there, in whatever words. What to do is said to them
    for you, and the person on call is told."""

    category: Annotated[
        Literal[
            "gas_leak",
            "fire_smoke",
            "carbon_monoxide",
            "electrical_hazard",
            "flood_electrical",
            "sewage",
            "no_heat_freezing",
            "major_leak",
        ],
        Choice,
        Field(description="Which danger it is, or the nearest to it."),
    ]
    words: Annotated[
        str, Field(max_length=300, description="The caller's own words."), Text, Clean, Filled
    ]


class ResumeCall(Arguments):
    """The caller was cut off a moment ago and calls back: with the name and the address they say
    now, learn where they were. Before it has answered, nothing of that call is told."""

    name: Annotated[str, Field(max_length=100, description="As said now."), Text, Clean, Filled]
    address: Annotated[str, Field(max_length=200, description="As said now."), Text, Clean, Filled]


class EndCallArguments(Arguments):
    """Hang up after your goodbye: when the caller has nothing else, or the call is not for us."""

    reason: Annotated[
        Literal["completed", "spam", "wrong_number", "not_served", "existing_job"],
        Choice,
        Field(description="not_served: not our area or trade. existing_job: about a job we have."),
    ] = "completed"
