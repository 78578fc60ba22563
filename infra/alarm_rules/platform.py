"""Tables, exports and the edge: what everything else stands on."""

from infra.alarm_rules.rule import DAY, HOUR, MINUTE, AwsMetric, OwnMetric, Rule, filled
from shared import schema

DYNAMODB = "AWS/DynamoDB"
# What a call rides on; an alarm takes ten metrics at most.
RIDDEN = (
    (schema.CALLS, "GetItem"),
    (schema.CALLS, "PutItem"),
    (schema.CALLS, "UpdateItem"),
    (schema.AGENT_TURNS, "BatchWriteItem"),
    (schema.JOBS, "GetItem"),
    (schema.JOBS, "Query"),
    (schema.JOBS, "TransactWriteItems"),
    (schema.PAYMENTS, "TransactWriteItems"),
)
TRANSACTED = (schema.JOBS, schema.CUSTOMERS, schema.PAYMENTS)


def _sum(metrics: dict[str, AwsMetric]) -> str:
    return " + ".join(filled("{" + name + "}", name) for name in metrics)


_THROTTLED = {
    f"{kind.lower()}_{table}": AwsMetric(DYNAMODB, f"{kind}ThrottleEvents", f"table.{table}")
    for table in schema.TABLES
    for kind in ("Read", "Write")
}
_FAILING = {
    f"{table}_{operation.lower()}": AwsMetric(
        DYNAMODB, "SystemErrors", f"table.{table}", operation=operation
    )
    for table, operation in RIDDEN
}
_CONFLICTS = {
    table: AwsMetric(DYNAMODB, "TransactionConflict", f"table.{table}") for table in TRANSACTED
}

TABLES: tuple[Rule, ...] = (
    Rule(
        "TablesThrottled",
        "ticket",
        "DynamoDB throttles us: the caps of the stage are reached, or a key is hot.",
        "which table on the dashboard; then its most throttled keys.",
        _THROTTLED,
        _sum(_THROTTLED),
        period_s=MINUTE,
        periods=5,
        breaching=3,
    ),
    Rule(
        "TablesFailing",
        "ticket",
        "DynamoDB itself answers with errors.",
        "AWS Health; calls go on without the table and are rung through.",
        _FAILING,
        _sum(_FAILING),
        period_s=MINUTE,
        periods=5,
        breaching=3,
    ),
    Rule(
        "TablesInConflict",
        "ticket",
        "Many transactions meet on the same items.",
        "which table; are many callers after one window, or does something loop?",
        _CONFLICTS,
        _sum(_CONFLICTS),
        comparison=">",
        threshold=20,
    ),
)


_INDEXED = {
    schema.CALLS: "CallsIndexed",
    schema.AGENT_TURNS: "AgentTurnsIndexed",
    schema.CUSTOMERS: "CustomersIndexed",
    schema.JOBS: "JobsIndexed",
    schema.PAYMENTS: "PaymentsIndexed",
}


def _missing(table: str, metric: str) -> Rule:
    """One table alone is missed: its name is the alarm's."""
    return Rule(
        f"ExportMissing-{table}",
        "ticket",
        f"The table {table} was not exported and indexed for 26 hours.",
        "the exports of that table, its schedule's dead letters, the index-export function's log.",
        {"indexed": OwnMetric(metric)},
        comparison="<",
        period_s=HOUR,
        periods=26,
        missing="is bad",
        section="ExportMissing",
    )


EXPORTS: tuple[Rule, ...] = (
    *(_missing(table, metric) for table, metric in _INDEXED.items()),
    Rule(
        "ExportsFailing",
        "ticket",
        "An export could not be started, or came and could not be indexed.",
        "the dead letters of the queue exports-failed, then the index-export function's log.",
        {
            "errors": AwsMetric("AWS/Lambda", "Errors", "index_export"),
            "letters": AwsMetric(
                "AWS/SQS", "ApproximateNumberOfMessagesVisible", "exports_failed", "Maximum"
            ),
        },
        filled("{errors} + {letters}", "errors", "letters"),
    ),
    Rule(
        "EdgeErrors",
        "ticket",
        "CloudFront answers more than 5 % of the upgrades with 5xx (measured in us-east-1).",
        "UpgradesFailing: if that is quiet, CloudFront does not reach the balancer.",
        {"rate": AwsMetric("AWS/CloudFront", "5xxErrorRate", "edge", "Average")},
        comparison=">",
        threshold=5,
    ),
)

MODELS: tuple[Rule, ...] = (
    Rule(
        "ModelEndsSoon",
        "ticket",
        "A model that calls rest on is shut down within 60 days, or is no more.",
        "'model ends soon' in the follow-up function's log names model and day.",
        {"ending": OwnMetric("ModelsEndingSoon", "Maximum")},
        period_s=DAY,
    ),
)

PLATFORM_RULES = (*TABLES, *EXPORTS, *MODELS)
