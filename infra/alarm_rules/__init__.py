"""The alarm table: data alone, in the order of docs/operations.md. infra.constructs builds it."""

from infra.alarm_rules.business import business_rules
from infra.alarm_rules.calls import CALL_RULES
from infra.alarm_rules.media import media_rules
from infra.alarm_rules.platform import PLATFORM_RULES
from infra.alarm_rules.rule import Rule
from infra.config import Stage

CALLERS_AFFECTED = "CallersAffected"  # the composite that pages for every rule of route "callers"
CALL_VOLUME = "CallVolume"  # the anomaly alarm


def rules(stage: Stage) -> tuple[Rule, ...]:
    """Every rule of `stage`, besides the composite and the anomaly alarm."""
    return (*CALL_RULES, *media_rules(stage), *business_rules(stage), *PLATFORM_RULES)
