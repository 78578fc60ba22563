"""The alarm table: data alone, in the order of docs/operations.md. infra.constructs builds it."""

from infra.alarm_rules.business import business_rules
from infra.alarm_rules.calls import CALL_RULES
from infra.alarm_rules.media import media_rules
from infra.alarm_rules.platform import PLATFORM_RULES
from infra.alarm_rules.rule import Rule
from infra.config import Stage

CALLERS_AFFECTED = "CallersAffected"  # the composite that pages for every rule of route "callers"
CALL_VOLUME = "CallVolume"  # the anomaly alarm

# What a small stage keeps of the tickets: what costs a customer something and is seen nowhere else.
_SMALL_TICKETS = frozenset(
    {
        "TextsFailing",
        "FollowUpsGivenUp",
        "FollowUpSilent",
        "EventsParked",
        "DeliverSilent",
        "PaymentLinksFailing",
        "PaymentsNotSettled",
        "PaymentsNeedRefund",
        "PaymentsDisputed",
        "BusinessFilesUnread",
        "RecordingsNotDeleted",
        "ModelEndsSoon",
    }
)
# ... and what it does without of the others: a spare zone, and room to grow.
_NOT_SMALL = frozenset({"NearlyFull", "SyntheticCallMissing"})


def rules(stage: Stage) -> tuple[Rule, ...]:
    """Every rule of `stage`, besides the composite and the anomaly alarm."""
    every = (*CALL_RULES, *media_rules(stage), *business_rules(stage), *PLATFORM_RULES)
    if not stage.small:
        return every
    kept = [rule for rule in every if rule.route != "ticket" or rule.name in _SMALL_TICKETS]
    return tuple(rule for rule in kept if rule.name not in _NOT_SMALL)
