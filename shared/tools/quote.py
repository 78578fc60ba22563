"""get_pricing_quote: what a visit costs, before a window is picked."""

from shared.actions.texts import wording
from shared.domain.calendar.scheduling import immediate_start, is_after_hours
from shared.domain.call_time import CallTime
from shared.domain.models import Quote
from shared.domain.moments import CallMoment
from shared.domain.money import dollars, spoken
from shared.domain.outcomes import CallStage
from shared.domain.telling import telling
from shared.tools import figures
from shared.tools.arguments import GetPricingQuote
from shared.tools.context import ToolContext, ToolReply

MESSAGE = "Here's your pricing estimate. Would you like to schedule an appointment?"


# Who has paid for it already hears no figure, and agrees to none.
NOT_QUOTED = (
    "The office confirms what this costs. Quote no price, fee or deposit, and do not say that it "
    "is free or covered. Offer the windows; book with estimated_cost 0."
)


def get_pricing_quote(context: ToolContext, asked: GetPricingQuote, at: CallTime) -> ToolReply:
    """The figures at the rate of a visit taken now, and those of the other rate.

    Keys of the reply, amounts in dollars: the spec's `service_call`, `estimated_repair`, `range`,
    `total_estimate`, `emergency_fee` and `message`; beside them `rate` ("regular" or
    "after_hours"), `visit_fee`, `deposit`, `after_hours_range`, `regular` and `after_hours` (what
    `wording.cost` gives for each rate), `say`, and after hours `visit_fee_tonight` or the like.
    Of a covered visit nothing but `office_confirms_cost`, `message` and `say`.

    Raises:
        UnknownService: the rate card has no such service.
    """
    soonest = immediate_start(context.business, at.now)
    # "After hours" of the model is no more than a claim: the window decides the rate.
    after_hours = asked.is_after_hours and is_after_hours(context.business, soonest)
    chosen, other = (
        context.price(asked.service_type, after_hours=rate, description=asked.description)
        for rate in (after_hours, not after_hours)
    )
    context.memory.described[asked.service_type] = asked.description
    context.bookable()
    context.count("Quotes")
    noted = {"quoted_at": at.now, "quote_total": chosen.total_estimate, "bookable": True}
    context.note(CallStage.QUOTED, **noted)
    wordings = context.memory.wordings
    if chosen.covered is not None:
        told = telling(wordings.told(CallMoment.COVERED, office=wording.OFFICE_CONFIRMS))
        output = {"office_confirms_cost": True, "message": NOT_QUOTED, "say": told.sentence}
        return ToolReply(output, telling=told)
    day = wording.day(context.business.local(soonest), context.business.local(at.now).date())
    reply = _reply(chosen, other, day)
    told = telling(wordings.told(CallMoment.PRICE, price=str(reply["say"])))
    return ToolReply(reply, figures.of_estimate(chosen, other), telling=told)


def _reply(quote: Quote, other: Quote, day: str) -> dict[str, object]:
    regular, late = (other, quote) if quote.after_hours else (quote, other)
    reply: dict[str, object] = {
        "service_call": dollars(quote.service_call),
        "estimated_repair": dollars(quote.estimated_repair),
        "range": f"{spoken(quote.low)}-{spoken(quote.high)}",
        "total_estimate": dollars(quote.total_estimate),
        "emergency_fee": dollars(quote.emergency_fee),
        "message": MESSAGE,
        "rate": "after_hours" if quote.after_hours else "regular",
        "visit_fee": dollars(quote.visit_fee),
        "deposit": dollars(quote.deposit),
        "after_hours_range": f"{spoken(quote.after_hours_low)}-{spoken(quote.after_hours_high)}",
        "regular": wording.cost(regular),
        "after_hours": wording.cost(late),
        "say": _say(quote, day),
    }
    if quote.after_hours:
        reply[f"visit_fee_{day}" if day in ("tonight", "today") else "visit_fee_after_hours"] = (
            dollars(quote.visit_fee)
        )
    return reply


def _say(quote: Quote, day: str) -> str:
    """With the usual range, which is one at regular hours, for who wants the price alone."""
    usual = f"At regular hours it's typically {spoken(quote.low)} to {spoken(quote.high)}."
    if quote.after_hours:
        return f"{usual} {wording.price(quote, day)}"
    return f"{usual} The visit is {spoken(quote.visit_fee)}, credited toward the work."
