"""What a visit costs."""

from decimal import Decimal

from shared.domain.business import Business
from shared.domain.errors import UnknownService
from shared.domain.models import Covered, Quote
from shared.domain.money import Cents, scaled
from shared.domain.spoken.covered import covered_by

# The amounts of a quote, of which a covered visit has none.
AMOUNTS = (
    *("service_call", "low", "high", "after_hours_low", "after_hours_high"),
    *("estimated_repair", "total_estimate", "emergency_fee", "deposit"),
)


def quote(
    business: Business,
    service_type: str,
    *,
    after_hours: bool,
    description: str = "",
    is_known: bool = False,
) -> Quote:
    """Price one visit of `service_type` at the rate that holds after hours or not.

    The estimate is the middle of the range, times the complexity of the kind of job the
    description tells, times the after-hours multiplier; the visit is credited to the repair, so
    the total is the estimate. The deposit is a share of the total, where the business takes one:
    it may depend on the rate, and on whether the customer `is_known`. Each amount is rounded once.
    Of a visit that is covered, as the description says, nothing is quoted.

    Raises:
        UnknownService: the rate card has no such service; the message names those it has.
    """
    card = business.card
    service = card.services.get(service_type)
    if service is None:
        known = ", ".join(sorted(card.services))
        raise UnknownService(f"there is no service {service_type!r}; there is: {known}")
    multiplier = card.after_hours_multiplier if after_hours else Decimal(1)
    complexity = card.complexity(description)
    covered = covered_by(description)
    if covered is not None:
        return _not_quoted(service_type, after_hours, covered)
    takes_deposit = card.takes_deposit(after_hours=after_hours, is_known=is_known)
    repair = scaled(Cents(service.low + service.high), complexity * multiplier / 2)
    return Quote(
        service_type=service_type,
        after_hours=after_hours,
        service_call=service.visit,
        low=service.low,
        high=service.high,
        after_hours_low=scaled(service.low, card.after_hours_multiplier),
        after_hours_high=scaled(service.high, card.after_hours_multiplier),
        estimated_repair=repair,
        total_estimate=repair,
        emergency_fee=scaled(service.visit, multiplier) if after_hours else Cents(0),
        deposit=scaled(repair, card.deposit_share) if takes_deposit else Cents(0),
    )


def _not_quoted(service_type: str, after_hours: bool, covered: Covered) -> Quote:
    amounts = dict.fromkeys(AMOUNTS, Cents(0))
    return Quote(service_type=service_type, after_hours=after_hours, covered=covered, **amounts)
