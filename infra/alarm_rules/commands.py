"""What whoever is woken types first, by section of docs/operations.md. All of them only look."""

from infra.config import Stage

_FAILED = "make calls STAGE={stage} SINCE=1h FAILED=1"
_CALLS = "make calls STAGE={stage} SINCE=1h"
_FUNCTION = "aws logs tail /aws/lambda/callwright-{stage}-FUNCTION --since 1h --format short"
_INCOMING = _FUNCTION.replace("FUNCTION", "incoming")
_FOLLOW_UP = _FUNCTION.replace("FUNCTION", "follow-up")
_DELIVER = _FUNCTION.replace("FUNCTION", "deliver")
_STRIPE = _FUNCTION.replace("FUNCTION", "stripe-webhook")
_EXPORT = _FUNCTION.replace("FUNCTION", "index-export")
_BRIDGE = "aws logs tail /callwright/{stage}/media-bridge --since 15m --format short"
_SERVICE = (
    "aws ecs describe-services --cluster callwright-{stage}-bridge --services "
    "callwright-{stage}-bridge --query 'services[0].events[:10].message'"
)
_ALARMS = (
    "aws cloudwatch describe-alarms --alarm-name-prefix callwright-{stage}- --state-value ALARM "
    "--query 'MetricAlarms[].AlarmName'"
)
_API = "aws logs tail /aws/vendedlogs/callwright/{stage}/api --since 15m --format short"

COMMANDS: dict[str, str] = {
    "CallersAffected": _ALARMS,
    "CallsNotAnswered": _INCOMING,
    "WebhooksBroken": _INCOMING,
    "AnswerSlow": _INCOMING,
    "RequestsThrottled": _API,
    "FallbackUsed": "make doctor STAGE={stage}",
    "StreamsNotStarted": _SERVICE,
    "SyntheticCallMissing": "make smoke STAGE={stage}",
    "NumberUnknown": "make connect STAGE={stage}",
    "NoCalls": "make connect STAGE={stage}",
    "ServiceLevel": _FAILED,
    "NoHealthyBridge": _SERVICE,
    "BridgeSilent": _SERVICE,
    "BridgesReduced": _SERVICE,
    "TasksMissing": _SERVICE,
    "UpgradesFailing": _BRIDGE,
    "CallsRefused": _CALLS,
    "CallsNotAdmitted": _BRIDGE,
    "NearlyFull": _SERVICE,
    "ModelErrors": _BRIDGE,
    "CallsCut": _FAILED,
    "CallBroke": _FAILED,
    "TurnsVerySlow": _CALLS,
    "TurnsSlow": _CALLS,
    "FirstAudioSlow": _CALLS,
    "FiguresUnbacked": _CALLS,
    "AudioLate": _BRIDGE,
    "EscalationFailed": _CALLS,
    "EmergencyUnhandled": "make calls STAGE={stage} SINCE=1h HAZARD=1",
    "CallbacksOverdue": "make callbacks STAGE={stage}",
    "SignaturesRejected": _API,
    "TokensRejected": _BRIDGE,
    "BookingErrors": _CALLS,
    "DoubleBooked": _FOLLOW_UP,
    "SlotCheckMissing": _FOLLOW_UP,
    "TextsFailing": _INCOMING,
    "PaymentLinksFailing": _STRIPE,
    "FollowUpsGivenUp": _FOLLOW_UP,
    "FollowUpErrors": _FOLLOW_UP,
    "FollowUpSilent": _FOLLOW_UP,
    "EventsParked": _DELIVER,
    "EndpointsPaused": _DELIVER,
    "CalendarsUnread": _DELIVER,
    "DeliverErrors": _DELIVER,
    "DeliverSilent": _DELIVER,
    "OfficePageErrors": _FUNCTION.replace("FUNCTION", "office"),
    "OfficeCodesRefused": _FUNCTION.replace("FUNCTION", "office"),
    "StripeWebhookErrors": _STRIPE,
    "PaymentsNotSettled": _STRIPE,
    "DepositsUnpaid": _STRIPE,
    "WebhooksRejected": _STRIPE,
    "PaymentsNeedRefund": _STRIPE,
    "RefundsFailed": _STRIPE,
    "PaymentsInquired": _STRIPE,
    "PaymentsDisputed": _STRIPE,
    "BusinessFilesUnread": _FOLLOW_UP,
    "RecordingsNotDeleted": _FOLLOW_UP,
    "CardNumbersMasked": _CALLS,
    "CostRunaway": _CALLS,
    "TablesThrottled": _ALARMS,
    "TablesFailing": _ALARMS,
    "TablesInConflict": _ALARMS,
    "ExportMissing": _EXPORT,
    "ExportsFailing": _EXPORT,
    "EdgeErrors": _SERVICE,
    "ModelEndsSoon": "make doctor STAGE={stage}",
    "CallVolume": _CALLS,
}


def command(section: str, stage: Stage) -> str:
    """The first command of a section, for one stage."""
    return COMMANDS[section].format(stage=stage.name)
