"""Whether what was promised is kept: bookings, texts, deposits, and what it all costs."""

from infra.alarm_rules.rule import DAY, HOUR, MINUTE, AwsMetric, OwnMetric, Rule, filled
from infra.config import Stage

BOOKINGS: tuple[Rule, ...] = (
    Rule(
        "BookingErrors",
        "page",
        "A caller wanted to book and the system could not; a taken window is not one.",
        "'tool could not work' in the bridge's log, then TablesThrottled and TablesFailing.",
        {"failed": OwnMetric("BookingFailed")},
    ),
    Rule(
        "DoubleBooked",
        "page",
        "The nightly check found a crew held twice, or a job without its hours.",
        "the follow-up function's log names the jobs; call whoever was promised less.",
        {"found": OwnMetric("SlotInvariantViolation")},
        period_s=HOUR,
    ),
    Rule(
        "SlotCheckMissing",
        "ticket",
        "The nightly check of the windows has not run for 26 hours.",
        "the follow-up function's log, and its nightly schedule.",
        {"runs": OwnMetric("SlotInvariantViolation", "SampleCount")},
        comparison="<",
        period_s=HOUR,
        periods=26,
        missing="is bad",
    ),
)


TEXTS: tuple[Rule, ...] = (
    Rule(
        "TextsFailing",
        "ticket",
        "More than 10 % of the texts were not taken or not delivered.",
        "Twilio's error codes in the logs: 30034 is a missing registration, 21610 a STOP.",
        {"failed": OwnMetric("SmsFailed"), "sent": OwnMetric("SmsSent")},
        filled(
            "IF({failed} >= 2 AND {failed} > 0.1 * ({failed} + {sent}), 1, 0)", "failed", "sent"
        ),
        period_s=15 * MINUTE,
    ),
    Rule(
        "FollowUpsGivenUp",
        "ticket",
        "A text or a payment link was tried again and again, and given up.",
        "the follow-up function's log names the follow-up; tell the customer by hand.",
        {"given_up": OwnMetric("FollowUpsGivenUp")},
    ),
    Rule(
        "FollowUpErrors",
        "ticket",
        "The function that retries texts and links fails.",
        "the follow-up function's log.",
        {"errors": AwsMetric("AWS/Lambda", "Errors", "follow_up")},
        threshold=2,
        period_s=15 * MINUTE,
    ),
    Rule(
        "FollowUpSilent",
        "ticket",
        "The function that retries texts and links has not run for a quarter of an hour.",
        "its schedule: is it enabled, may it invoke the function?",
        {"runs": AwsMetric("AWS/Lambda", "Invocations", "follow_up")},
        comparison="<",
        period_s=15 * MINUTE,
        missing="is bad",
    ),
)


TOLD_OTHERS: tuple[Rule, ...] = (
    Rule(
        "EventsParked",
        "ticket",
        "A business's system did not take an event for a day: it is not told of it any more.",
        "'delivery parked' in the deliver function's log: which, and why.",
        {"parked": OwnMetric("EventsParked")},
    ),
    Rule(
        "EndpointsPaused",
        "ticket",
        "A business's system keeps failing: it is asked with one event at a time.",
        "'endpoint paused' and 'not delivered' in the deliver function's log.",
        {"paused": OwnMetric("EndpointsPaused")},
        period_s=15 * MINUTE,
    ),
    Rule(
        "CalendarsUnread",
        "ticket",
        "A crew's own calendar could not be read for half an hour: windows are to be confirmed.",
        "'calendar not read' in the deliver function's log: why.",
        {"unread": OwnMetric("CalendarsUnread")},
        period_s=15 * MINUTE,
    ),
    Rule(
        "DeliverErrors",
        "ticket",
        "The function that tells other systems of bookings and calls fails.",
        "the deliver function's log.",
        {"errors": AwsMetric("AWS/Lambda", "Errors", "deliver")},
        threshold=5,
        period_s=15 * MINUTE,
    ),
    Rule(
        "DeliverSilent",
        "ticket",
        "The function that tells other systems has not run for a quarter of an hour.",
        "its schedule: is it enabled, may it invoke the function?",
        {"runs": AwsMetric("AWS/Lambda", "Invocations", "deliver")},
        comparison="<",
        period_s=15 * MINUTE,
        missing="is bad",
    ),
)


MONEY: tuple[Rule, ...] = (
    Rule(
        "PaymentLinksFailing",
        "ticket",
        "Stripe gave no payment page, twice in a quarter of an hour.",
        "'stripe refused' in the logs: its status and code; authentication_error is our key.",
        {"failed": OwnMetric("CheckoutFailed")},
        threshold=2,
        period_s=15 * MINUTE,
    ),
    Rule(
        "StripeWebhookErrors",
        "ticket",
        "The Stripe webhook fails; Stripe delivers again for three days.",
        "the stripe-webhook function's log, then the endpoint's page at Stripe.",
        {
            "errors": AwsMetric("AWS/Lambda", "Errors", "stripe_webhook"),
            "throttles": AwsMetric("AWS/Lambda", "Throttles", "stripe_webhook"),
        },
        filled("{errors} + {throttles}", "errors", "throttles"),
    ),
    Rule(
        "PaymentsNotSettled",
        "ticket",
        "A payment was reported and could not be written; Stripe delivers it again.",
        "'stripe event not settled' in the stripe-webhook function's log: table or race?",
        {"unsettled": OwnMetric("PaymentsNotSettled")},
    ),
    Rule(
        "DepositsUnpaid",
        "ticket",
        "More than 20 payment links in a day, and not one deposit: are we told of payments?",
        "events delivered at Stripe's endpoint page; open one of the links.",
        {"links": OwnMetric("DepositLinks"), "paid": OwnMetric("DepositsPaid")},
        filled("IF({links} > 20 AND {paid} < 1, 1, 0)", "links", "paid"),
        period_s=DAY,
    ),
    Rule(
        "WebhooksRejected",
        "ticket",
        "Webhooks that Stripe did not sign, or that we cannot read.",
        "why in the stripe-webhook function's log: signature, or which field.",
        {"rejected": OwnMetric("WebhooksRejected")},
        threshold=3,
    ),
    Rule(
        "PaymentsNeedRefund",
        "ticket",
        "Money came that belongs to no unpaid job: paid twice, cancelled, another amount.",
        "payments rows with status needs_refund: the reason is in them. Refund at Stripe.",
        {"refunds": OwnMetric("PaymentsNeedRefund")},
    ),
    Rule(
        "RefundsFailed",
        "ticket",
        "A refund did not go through: the customer waits for money that we hold again.",
        "payments rows with 'refund … failed' in their reason; the refund at Stripe.",
        {"failed": OwnMetric("RefundsFailed")},
    ),
    Rule(
        "PaymentsInquired",
        "ticket",
        "A customer's bank asks about a deposit. No money moved; unanswered, it may.",
        "the inquiry at Stripe; job, call and texts are the answer.",
        {"inquiries": OwnMetric("PaymentsInquired")},
    ),
    Rule(
        "PaymentsDisputed",
        "ticket",
        "A customer disputes a deposit; Stripe wants evidence by a date.",
        "the dispute at Stripe; job, call and texts are the evidence.",
        {"disputes": OwnMetric("PaymentsDisputed")},
    ),
    Rule(
        "BusinessFilesUnread",
        "ticket",
        "What owners published cannot be read, or not be used: the last good version is in force.",
        "the log: the store's answer, or the business whose text is no good.",
        {"failed": OwnMetric("BusinessStoreFailed")},
    ),
    Rule(
        "RecordingsNotDeleted",
        "ticket",
        "A recording that has to be deleted is still at Twilio: a card number may be on it.",
        "'recording not deleted' in the follow-up function's log names the call.",
        {"left": OwnMetric("RecordingsNotDeleted")},
    ),
    Rule(
        "CardNumbersMasked",
        "ticket",
        "Callers read out card numbers three times in a day; every one was masked.",
        "the turns before the masked ones: does the agent's wording invite it?",
        {"masked": OwnMetric("CardNumbersMasked")},
        threshold=3,
        period_s=DAY,
    ),
)


OFFICE: tuple[Rule, ...] = (
    Rule(
        "OfficePageErrors",
        "ticket",
        "The page of the office fails: dispatchers cannot see or change visits there.",
        "'the office's page broke' in the office function's log; the commands do the same.",
        {"errors": AwsMetric("AWS/Lambda", "Errors", "office")},
        threshold=2,
        period_s=15 * MINUTE,
    ),
    Rule(
        "OfficeCodesRefused",
        "ticket",
        "Wrong codes were given ten times in an hour: somebody may be guessing.",
        "ask the office whether it was them; if not, `make office ARGS=--lock-all`.",
        {"refused": OwnMetric("OfficeCodesRefused")},
        threshold=10,
        period_s=HOUR,
    ),
)


def business_rules(stage: Stage) -> tuple[Rule, ...]:
    """Every rule of this module; what the model may cost an hour is the stage's to say."""
    return (*BOOKINGS, *TEXTS, *TOLD_OTHERS, *OFFICE, *MONEY, _cost(stage))


def _cost(stage: Stage) -> Rule:
    return Rule(
        "CostRunaway",
        "page",
        f"The model costs more than {stage.model_usd_an_hour} USD an hour.",
        "calls and seconds a call: many callers, or one caller again and again?",
        {"cost": OwnMetric("EstimatedModelCostUsd")},
        comparison=">",
        threshold=stage.model_usd_an_hour,
        period_s=HOUR,
    )
