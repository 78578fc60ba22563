"""What the business can refuse, in words an agent may act on.

BookingError                    spoken: becomes a tool's JSON reply
├── UnknownService              the rate card has no such service
├── WindowTaken                 somebody else holds the window
├── WindowNotOffered            the window is none that this call was offered
├── PriceRose                   the recomputed price is above what the caller agreed to
├── OutsideServiceArea          the ZIP or the city is known and not served
├── BadContact                  a phone number or address that cannot be right
│   └── NoHouseNumber           an address that names a place, but no house of a street
├── WhichDay                    the words for a day bear two readings
├── NotTheCaller                whoever calls back is not known to be who was cut off
├── TooManyBookings             this call has booked as often as a call may
└── NothingToChange             there is no job in this call to add a note to
DepositNotDue                   nothing is owed: paid, cancelled, released, or no deposit is taken
RecordingTooLong                a voicemail that fits no answer
PortError                       an outside service failed; the job stands, a follow-up is left
├── CheckoutFailed              Stripe
└── TextFailed                  Twilio; `code` is Twilio's error number
"""

from shared.domain.facts import Fact
from shared.domain.money import Figure


class BookingError(Exception):
    """A refusal the agent says. `code` is for programs, the message is for the agent.

    `details` are further keys of the tool's reply: the prices or windows to go on with.
    `figures` are the amounts among them, each with what it is the price of; `facts` the windows.
    """

    code = "refused"

    def __init__(
        self, message: str = "", *, figures: tuple[Figure, ...] = (), **details: object
    ) -> None:
        super().__init__(message)
        self.details = details
        self.figures = figures
        self.facts: tuple[Fact, ...] = ()


class UnknownService(BookingError):
    code = "unknown_service"


class WindowTaken(BookingError):
    code = "window_taken"


class WindowNotOffered(BookingError):
    code = "window_not_offered"


class PriceRose(BookingError):
    code = "price_rose"


class OutsideServiceArea(BookingError):
    code = "outside_service_area"


class BadContact(BookingError):
    code = "bad_contact"


class NoHouseNumber(BadContact):
    """Asked for once; a second time the address is kept as it was said."""


class WhichDay(BookingError):
    """The message is the question to ask; `readings` are the days it is between."""

    code = "which_day"


class NotTheCaller(BookingError):
    code = "not_the_caller"


class TooManyBookings(BookingError):
    code = "too_many_bookings"


class NothingToChange(BookingError):
    code = "nothing_to_change"


class DepositNotDue(Exception):
    """There is no deposit to pay. `reason` is paid, cancelled, released, none or unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PortError(Exception):
    """An outside service failed or did not answer in time. The message is its name and a code."""

    TELLS_NO_CONTENT = True


class MailFailed(PortError):
    """A mail was not taken; the message names the reason and no address."""


class CheckoutFailed(PortError):
    """Stripe gave no session. `permanent` when it will refuse the same request each time."""

    def __init__(self, message: str = "", *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class RecordingTooLong(Exception):
    """A recording that is larger than what an answer of ours may carry."""


class TextFailed(PortError):
    """Twilio took no message. `code` is Twilio's error number, 0 when it did not answer."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code
