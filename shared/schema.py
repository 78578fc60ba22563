"""Names CDK, code and simulator must agree on: tables, keys, indexes, tools, metrics.

Imports nothing of ours.

Every table has the string keys `pk` and `sk`. Rows that analysts read have sk = META (in
`agent_turns` each turn is a row). Locks, Stripe event ids, follow-ups and clips are other items.

    table        pk                          sk            index: its pk, its sk
    calls        CALL#<sid>                  META          BIZ#<id>#<yyyy-mm>, started_at
                 CLIP#<digest>               CLIP
                 SMS#<message sid>           TEXT
                 SMSRATE#<biz>#<e164>#<hour> RATE
                 CALLER#<biz>#<e164>         RECENT
                 SWITCHES                    SWITCHES
                 MODEL                       HEALTH
                 SPENT#<yyyy-mm-dd>          SPENT
                 TOLD#<yyyy-mm-dd>           <why no call is admitted>
                 OFFICE#<biz>                DEVICE#<hash of its key>
                 OFFICECODE#<hash of its id> CODE
    agent_turns  CALL#<sid>                  T#<seq:06d>
    customers    BIZ#<id>#PHONE#<e164>       META
    jobs         JOB#<id>                    META          BIZ#<id>#<yyyy-mm-dd>, window_start
                 SLOT#<biz>#<crew>           <yyyy-mm-ddTHHZ>
                 CALL#<sid>                  JOB#<id>
                 FOLLOWUP#<id>               FOLLOWUP      FOLLOWUP or DELIVERY or PARKED, due_at
                 SEEN#<what was reported>    SEEN
                 BUSY#<biz>#<crew>           BUSY
                 OPTOUT#<biz>#<e164>         OPTOUT
                 TEXTING#<biz>#<e164>        CONSENT
                 TALK#<biz>#<e164>           TALK
    payments     PAY#<processor reference>   META          JOB#<id>, at
                 EVT#<stripe event id>       EVENT
    each of calls, jobs, payments
                 EVENT#<id>                  OUTBOX        OUTBOX, due_at
"""

from enum import StrEnum

PK, SK = "pk", "sk"
META = "META"

CALLS, AGENT_TURNS, CUSTOMERS, JOBS, PAYMENTS = (
    "calls",
    "agent_turns",
    "customers",
    "jobs",
    "payments",
)
TABLES = (CALLS, AGENT_TURNS, CUSTOMERS, JOBS, PAYMENTS)

GSI_PK, GSI_SK = "gsi1pk", "gsi1sk"
BY_BUSINESS, BY_JOB = "by_business", "by_job"
# table -> its one index; both key attributes are strings, all attributes are projected.
INDEXES = {CALLS: BY_BUSINESS, JOBS: BY_BUSINESS, PAYMENTS: BY_JOB}

# Seconds since the epoch; DynamoDB deletes days late, so readers compare it themselves.
TTL = "expires_at"


class ToolName(StrEnum):
    """Everything the model may call, by the name it calls it by."""

    GET_PRICING_QUOTE = "get_pricing_quote"
    CHECK_AVAILABILITY = "check_availability"
    CONFIRM_DETAILS = "confirm_details"
    BOOK_APPOINTMENT = "book_appointment"
    FIND_APPOINTMENT = "find_appointment"
    RESCHEDULE_APPOINTMENT = "reschedule_appointment"
    CANCEL_APPOINTMENT = "cancel_appointment"
    ESCALATE_TO_HUMAN = "escalate_to_human"
    TAKE_MESSAGE = "take_message"
    ADD_NOTE = "add_note"
    REPORT_DANGER = "report_danger"
    RESUME_CALL = "resume_call"
    END_CALL = "end_call"

    @property
    def duration(self) -> str:
        """The metric of how long it takes: GetPricingQuoteMs of get_pricing_quote."""
        return f"{self.value.title().replace('_', '')}Ms"


TRANSCRIPTION_MODEL = "gpt-transcribe"  # what writes down the caller's words
MODEL_ENDS_SOON_DAYS = 60  # before a model is shut down: to choose another, hear it and deploy it

NAMESPACE = "Callwright"
STAGE, BUSINESS = "stage", "business"

# Metric -> CloudWatch unit. Written as EMF by shared.metrics, read by alarms and dashboards.
METRICS = {
    "BookableCalls": "Count",
    "Quotes": "Count",
    "Bookings": "Count",
    "BookedUsd": "None",
    "Reschedules": "Count",
    "Cancellations": "Count",
    "BookingFailed": "Count",
    "DepositLinks": "Count",
    "CheckoutFailed": "Count",
    "EscalationsAsked": "Count",
    "EscalationFailed": "Count",
    "EmergencyDetected": "Count",
    "EmergencyHandled": "Count",
    "EmergencyAcknowledged": "Count",
    "EmergencyUnanswered": "Count",
    "CallbacksOverdue": "Count",
    "DepositsPaid": "Count",
    "DepositsPaidUsd": "None",
    "PaymentsNeedRefund": "Count",
    "PaymentsDisputed": "Count",
    "PaymentsInquired": "Count",
    "PaymentsOfNothing": "Count",
    "RefundsFailed": "Count",
    "PaymentsNotSettled": "Count",
    "WebhooksRejected": "Count",
    "BusinessStoreFailed": "Count",
    "WebhooksBroken": "Count",
    "TwimlServed": "Count",
    "CallsAnswered": "Count",
    "SyntheticCallsAnswered": "Count",
    "ModelsEndingSoon": "Count",
    "CallsToUnknownNumber": "Count",
    "StreamStarted": "Count",
    "ModelSessionFailed": "Count",
    "ModelReopened": "Count",
    "CallsEnded": "Count",
    "CallsEndedAbnormally": "Count",
    "CallsRejectedCapacity": "Count",
    "CallsNotAdmitted": "Count",
    "CallsRejectedSignature": "Count",
    "FieldsNotSigned": "Count",
    "CallsRejectedToken": "Count",
    "SmsSent": "Count",
    "SmsFailed": "Count",
    "FollowUpsGivenUp": "Count",
    "OfficeUnlocked": "Count",
    "OfficeCodesRefused": "Count",
    "EventsDelivered": "Count",
    "EventsNotDelivered": "Count",
    "EventsParked": "Count",
    "EndpointsPaused": "Count",
    "CalendarsUnread": "Count",
    "DepositsReminded": "Count",
    "VisitsReminded": "Count",
    "JobsReleased": "Count",
    "SlotInvariantViolation": "Count",
    "CallsIndexed": "Count",
    "AgentTurnsIndexed": "Count",
    "CustomersIndexed": "Count",
    "JobsIndexed": "Count",
    "PaymentsIndexed": "Count",
    "FramesSent": "Count",
    "FramesLate": "Count",
    "ActiveCalls": "Count",
    "CardNumbersMasked": "Count",
    "RecordingsNotDeleted": "Count",
    "UnbackedFigures": "Count",
    "UnsureClaims": "Count",
    "EstimatedModelCostUsd": "None",
    "CallSeconds": "Seconds",
    "FirstAudioMs": "Milliseconds",
    "TurnLatencyMs": "Milliseconds",
    "BargeInMs": "Milliseconds",
    **{tool.duration: "Milliseconds" for tool in ToolName},
}


def table_name(prefix: str, table: str) -> str:
    """The physical name: `callwright-prod-` + `calls`."""
    return prefix + table


def attribute_definitions(table: str) -> list[str]:
    """The key attributes of `table` and of its index; all are strings."""
    return [PK, SK, GSI_PK, GSI_SK] if table in INDEXES else [PK, SK]
