"""What the model may send about a visit that is booked already."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from shared.tools import coercion
from shared.tools.arguments import Arguments, Clean, Filled, Text, sane

JobId = Annotated[
    str,
    Field(max_length=40, description="`job_id` as find_appointment returned it."),
    Text,
    Clean,
    Filled,
]


class FindAppointment(Arguments):
    """Find the visit that somebody has booked already, before you say anything of it: with the name
    or the address they say. Booked under another number than they call from, a code is texted to
    that number: call again with the code they say or key."""

    name: Annotated[
        Annotated[str, Field(max_length=100)] | None,
        BeforeValidator(coercion.words),
        Field(description="Their name, as said now; null if not said."),
    ] = None
    address: Annotated[
        Annotated[str, Field(max_length=200)] | None,
        BeforeValidator(coercion.words),
        Field(description="The address of the visit, as said now; null if not said."),
    ] = None
    phone: Annotated[
        Annotated[str, Field(max_length=40)] | None,
        BeforeValidator(coercion.words),
        Field(description="The number it was booked under; null: the number they call from."),
    ] = None
    code: Annotated[
        Annotated[str, Field(max_length=40)] | None,
        BeforeValidator(coercion.words),
        Field(description="The six digits that were texted, once they were said or keyed."),
    ] = None


class RescheduleAppointment(Arguments):
    """Move a visit that find_appointment returned to a window that check_availability offered. The
    caller is asked for you whether to move it so: say nothing, and after a yes call it again."""

    job_id: JobId
    scheduled_time: Annotated[
        AwareDatetime,
        AfterValidator(sane),
        Field(description="`datetime` of the chosen slot, unchanged, with its offset."),
    ]


class CancelAppointment(Arguments):
    """Call off a visit that find_appointment returned. The caller is asked for you whether to
    cancel it: say nothing, and after a yes call it again."""

    job_id: JobId
